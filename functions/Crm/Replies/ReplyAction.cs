using System.Text.Json.Serialization;
using CrmServerless.WeChat.Replies;

namespace CrmServerless.Crm.Replies;

/// <summary>A pull-marketing answer: a text, one news article, or a hand-over to the service desk.</summary>
/// <param name="Text">At most 2,048 bytes of UTF-8.</param>
/// <param name="News">One article; WeChat refuses more (45008).</param>
/// <param name="Transfer">Accounts with <c>Reply=Passive</c> only: the customer-service interface cannot do it.</param>
public sealed record ReplyAction(string? Text = null, ReplyArticle? News = null, ReplyTransfer? Transfer = null)
{
    /// <summary>text, news or transfer.</summary>
    [JsonIgnore]
    public string Type => News is not null ? "news" : Transfer is not null ? "transfer" : "text";

    /// <summary>The text, or the title of the article.</summary>
    [JsonIgnore]
    public string? Preview => Text ?? News?.Title;

    /// <summary>As an answer in the response to a callback.</summary>
    public PassiveReply AsPassive() => this switch
    {
        { News: { } news } => new NewsReply([news.AsArticle()]),
        { Transfer: { } transfer } => new TransferToCustomerService(transfer.KfAccount),
        _ => new TextReply(Text!),
    };
}

/// <param name="KfAccount">One agent, <c>kf2001@gh_id</c>; null for any.</param>
public sealed record ReplyTransfer(string? KfAccount = null);

public sealed record ReplyArticle(string Title, Uri Url, string? Description = null, Uri? PicUrl = null)
{
    public Article AsArticle() => new(Title, Description ?? "", PicUrl?.AbsoluteUri ?? "", Url.AbsoluteUri);
}
