namespace CrmServerless.Crm.Replies;

/// <summary>A pull-marketing answer: a text or one news article.</summary>
/// <param name="Text">At most 2,048 bytes of UTF-8.</param>
/// <param name="News">One article; WeChat refuses more (45008).</param>
public sealed record ReplyAction(string? Text = null, ReplyArticle? News = null);

public sealed record ReplyArticle(string Title, Uri Url, string? Description = null, Uri? PicUrl = null);
