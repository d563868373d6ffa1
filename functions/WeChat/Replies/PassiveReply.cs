namespace CrmServerless.WeChat.Replies;

/// <summary>
/// An answer in the response to a callback; it does not count against the customer-service quota.
/// Rules: developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html, developer.work.weixin.qq.com/document/path/90241.
/// </summary>
public abstract record PassiveReply
{
    /// <summary>The type only: content must not reach a log by accident.</summary>
    public sealed override string ToString() => GetType().Name;
}

/// <summary>A text; what exceeds 2,048 bytes of UTF-8 is cut. Not empty: WeChat would show the customer a fault.</summary>
public sealed record TextReply(string Content) : PassiveReply;

/// <summary>A picture that was uploaded before.</summary>
public sealed record ImageReply(string MediaId) : PassiveReply;

/// <summary>A voice recording that was uploaded before.</summary>
public sealed record VoiceReply(string MediaId) : PassiveReply;

/// <summary>A video that was uploaded before.</summary>
public sealed record VideoReply(string MediaId, string? Title = null, string? Description = null) : PassiveReply;

/// <summary>Music from an address; the picture must have been uploaded before. Official Account only.</summary>
/// <param name="ThumbMediaId">Required.</param>
/// <param name="Title">Title.</param>
/// <param name="Description">Description.</param>
/// <param name="MusicUrl">Address of the music.</param>
/// <param name="HqMusicUrl">The same in better quality, played over Wi-Fi.</param>
public sealed record MusicReply(string ThumbMediaId, string? Title = null, string? Description = null, string? MusicUrl = null, string? HqMusicUrl = null)
    : PassiveReply;

/// <summary>1 article when it answers a message of an Official Account's customer, up to 8 otherwise.</summary>
public sealed record NewsReply(IReadOnlyList<Article> Articles) : PassiveReply;

/// <summary>
/// Hands the conversation to the customer-service desk: to one agent (<c>kf2001@gh_id</c>), or to any. If that one is offline the customer waits.
/// Official Account only, and only for messages: an event would be a line without meaning at the desk.
/// </summary>
public sealed record TransferToCustomerService(string? KfAccount = null) : PassiveReply;

/// <summary>Changes the text of the button that was clicked on a template card. WeCom only.</summary>
public sealed record UpdateButtonReply(string ReplaceName) : PassiveReply;

/// <summary>Replaces the template card that was clicked. WeCom only.</summary>
/// <param name="Fields">What stands in TemplateCard, as the page documents it for each CardType.</param>
public sealed record UpdateTemplateCardReply(IReadOnlyList<CardField> Fields) : PassiveReply;

/// <summary>One element of a template card. Repeated ones (HorizontalContentList) stand beside each other under one name.</summary>
/// <param name="Name">Name of the element.</param>
/// <param name="Text">Its text; or else</param>
/// <param name="Number">its number; or else</param>
/// <param name="Fields">what it holds.</param>
public sealed record CardField(string Name, string? Text = null, long? Number = null, IReadOnlyList<CardField>? Fields = null)
{
    /// <summary>The name only.</summary>
    public override string ToString() => Name;
}

/// <summary>One article of a news message.</summary>
public sealed record Article(string Title, string Description, string PicUrl, string Url);
