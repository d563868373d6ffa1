using CrmServerless.WeChat.Replies;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>
/// A customer-service message: 5 within 48 h of a customer's message, 3 within 1 minute of a menu click, follow or scan.
/// Rule: developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html.
/// </summary>
public abstract record CustomMessage(string ToUser)
{
    /// <summary>The customer-service account (<c>kf2001@gh_id</c>) in whose name it is sent; null: the account itself.</summary>
    public string? KfAccount { get; init; }

    /// <summary>The type only: content must not reach a log by accident.</summary>
    public sealed override string ToString() => GetType().Name;
}

/// <summary>A text; links to a mini program may stand in it as <c>&lt;a data-miniprogram-appid=… data-miniprogram-path=…&gt;</c>.</summary>
public sealed record CustomText(string ToUser, string Content) : CustomMessage(ToUser);

/// <summary>A picture that was uploaded before.</summary>
public sealed record CustomImage(string ToUser, string MediaId) : CustomMessage(ToUser);

/// <summary>A voice recording that was uploaded before.</summary>
public sealed record CustomVoice(string ToUser, string MediaId) : CustomMessage(ToUser);

/// <summary>A video and its still, both uploaded before.</summary>
public sealed record CustomVideo(string ToUser, string MediaId, string ThumbMediaId, string? Title = null, string? Description = null) : CustomMessage(ToUser);

/// <summary>Music from an address.</summary>
/// <param name="ToUser">The openid.</param>
/// <param name="MusicUrl">Address of the music.</param>
/// <param name="HqMusicUrl">The same in better quality, played over Wi-Fi.</param>
/// <param name="ThumbMediaId">The picture, uploaded before.</param>
/// <param name="Title">Title.</param>
/// <param name="Description">Description.</param>
public sealed record CustomMusic(string ToUser, string MusicUrl, string HqMusicUrl, string ThumbMediaId, string? Title = null, string? Description = null)
    : CustomMessage(ToUser);

/// <summary>One article: WeChat refuses more (45008).</summary>
public sealed record CustomNews(string ToUser, Article Article) : CustomMessage(ToUser);

/// <summary>An article of the account that was published (<c>mpnewsarticle</c>).</summary>
public sealed record CustomPublished(string ToUser, string ArticleId) : CustomMessage(ToUser);

/// <summary>A question with answers to tap; the answer comes back as a text with <c>bizmsgmenuid</c>. Verified accounts only.</summary>
public sealed record CustomMenu(string ToUser, string HeadContent, IReadOnlyList<CustomMenuItem> Items, string? TailContent = null) : CustomMessage(ToUser);

/// <param name="Id">Comes back when it is tapped.</param>
/// <param name="Content">What the customer sees.</param>
public sealed record CustomMenuItem(string Id, string Content) : WireRecord;

/// <summary>A card or coupon.</summary>
public sealed record CustomCard(string ToUser, string CardId) : CustomMessage(ToUser);

/// <summary>A page of a mini program that belongs to the account.</summary>
public sealed record CustomMiniProgramPage(string ToUser, string AppId, string PagePath, string ThumbMediaId, string? Title = null) : CustomMessage(ToUser);

/// <summary>A link with a picture; some accounts are refused it (45162) and take <see cref="CustomNews"/>.</summary>
public sealed record CustomLink(string ToUser, string Title, string Description, string Url, string ThumbUrl) : CustomMessage(ToUser);
