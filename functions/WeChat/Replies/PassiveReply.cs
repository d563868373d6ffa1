namespace CrmServerless.WeChat.Replies;

/// <summary>
/// An answer in the response to a callback; it does not count against the customer-service quota.
/// Rule: developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html.
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

/// <summary>1 article when it answers a message, up to 8 otherwise.</summary>
public sealed record NewsReply(IReadOnlyList<Article> Articles) : PassiveReply;

/// <summary>Hands the conversation to the customer-service desk: to one agent (<c>kf2001@gh_id</c>), or to any. If that one is offline the customer waits.</summary>
public sealed record TransferToCustomerService(string? KfAccount = null) : PassiveReply;

/// <summary>One article of a news message.</summary>
public sealed record Article(string Title, string Description, string PicUrl, string Url);
