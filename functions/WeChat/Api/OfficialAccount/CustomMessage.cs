using CrmServerless.WeChat.Replies;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>
/// A customer-service message: 5 within 48 h of a customer's message, 3 within 1 minute of a menu click, follow or scan.
/// Rule: developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html.
/// </summary>
public abstract record CustomMessage(string ToUser)
{
    /// <summary>The type only: content must not reach a log by accident.</summary>
    public sealed override string ToString() => GetType().Name;
}

/// <summary>A text.</summary>
public sealed record CustomText(string ToUser, string Content) : CustomMessage(ToUser);

/// <summary>One article: WeChat refuses more (45008).</summary>
public sealed record CustomNews(string ToUser, Article Article) : CustomMessage(ToUser);

internal sealed record CustomSendRequest(string Touser, string Msgtype, CustomSendText? Text = null, CustomSendNews? News = null) : WireRecord;

internal sealed record CustomSendText(string Content) : WireRecord;

internal sealed record CustomSendNews(CustomSendArticle[] Articles) : WireRecord;

internal sealed record CustomSendArticle(string Title, string Description, string Url, string Picurl) : WireRecord;
