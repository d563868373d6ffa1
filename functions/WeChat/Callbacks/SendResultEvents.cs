namespace CrmServerless.WeChat.Callbacks;

/// <summary>
/// How a template message ended: <c>success</c>, <c>failed:user block</c> or <c>failed: system failed</c>, as sent.
/// <paramref name="SentMsgId"/> is what the send returned (MsgID, with a capital D; not a message of the customer).
/// </summary>
public sealed record TemplateResultEvent(long? SentMsgId, string Status) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.TemplateResult;

    internal static TemplateResultEvent Read(CallbackFields fields) => new(fields.Integer("MsgID"), fields.Control("Status"));
}

/// <summary>
/// How a mass send ended: <c>send success</c>, <c>send fail</c> or <c>err(10001)</c> and the like, as sent.
/// <see cref="Filtered"/> is sent plus failed. It comes from the platform and is about no customer.
/// </summary>
public sealed record MassResultEvent(long? SentMsgId, string Status) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.MassResult;

    /// <inheritdoc/>
    public override string? Customer => null;

    /// <summary>Followers in the chosen group; null when absent, as for the next three.</summary>
    public long? Total { get; init; }

    /// <summary>Those left after those were taken out who refuse or are over their limit.</summary>
    public long? Filtered { get; init; }

    /// <summary>Sent.</summary>
    public long? Sent { get; init; }

    /// <summary>Failed.</summary>
    public long? Failed { get; init; }

    /// <summary>The check for originality as a whole: 1 not checked, 2 may be sent, 3 may not.</summary>
    public long? CheckState { get; init; }

    /// <summary>The check for originality, by article.</summary>
    public Items<ArticleCheck> Checks { get; init; } = new([]);

    /// <summary>Where the sent articles are.</summary>
    public Items<ArticleUrl> Articles { get; init; } = new([]);

    internal static MassResultEvent Read(CallbackFields fields) => new(fields.Integer("MsgID"), fields.Control("Status"))
    {
        Total = fields.Integer("TotalCount"),
        Filtered = fields.Integer("FilterCount"),
        Sent = fields.Integer("SentCount"),
        Failed = fields.Integer("ErrorCount"),
        CheckState = fields.Integer("CopyrightCheckResult.CheckState"),
        Checks = fields.List("CopyrightCheckResult.ResultList", ArticleCheck.Read),
        Articles = fields.List("ArticleUrlResult.ResultList", static article => new ArticleUrl(article.Integer("ArticleIdx"), article.Control("ArticleUrl"))),
    };
}

/// <summary>One article's check for originality.</summary>
/// <param name="Index">Which article, from 1.</param>
/// <param name="UserDeclareState">What the author declared.</param>
/// <param name="AuditState">What WeChat found.</param>
/// <param name="OriginalUrl">The similar original.</param>
/// <param name="OriginalType">Its category.</param>
/// <param name="CanReprint">Whether it may be reprinted.</param>
/// <param name="NeedReplaceContent">Whether the original's content must be used.</param>
/// <param name="NeedShowReprintSource">Whether the source must be named.</param>
public sealed record ArticleCheck(
    long? Index, long? UserDeclareState, long? AuditState, string OriginalUrl, long? OriginalType,
    bool? CanReprint, bool? NeedReplaceContent, bool? NeedShowReprintSource)
{
    internal static ArticleCheck Read(CallbackFields item) => new(
        item.Integer("ArticleIdx"), item.Integer("UserDeclareState"), item.Integer("AuditState"), item.Control("OriginalArticleUrl"),
        item.Integer("OriginalArticleType"), item.Flag("CanReprint"), item.Flag("NeedReplaceContent"), item.Flag("NeedShowReprintSource"));
}

/// <summary>One sent or published article: which one, from 1, and where it is.</summary>
public sealed record ArticleUrl(long? Index, string Url);

/// <summary>
/// How a publication ended. <paramref name="Status"/>: 0 done, 1 under way, 2 originality refused, 3 failed, 4 refused by the platform,
/// 5 all articles deleted by the author, 6 all banned; null when absent. It comes from the platform and is about no customer.
/// </summary>
/// <param name="PublishId">What the publication returned.</param>
/// <param name="Status">See above.</param>
/// <param name="ArticleId">Of a publication that is done.</param>
/// <param name="Articles">Of a publication that is done.</param>
/// <param name="Refused">Of one that was refused: which articles, from 1.</param>
public sealed record PublishResultEvent(string PublishId, long? Status, string? ArticleId, Items<ArticleUrl> Articles, Items<string> Refused) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.PublishResult;

    /// <inheritdoc/>
    public override string? Customer => null;

    internal static PublishResultEvent Read(CallbackFields fields) => new(
        fields.Control("PublishEventInfo.publish_id"), fields.Integer("PublishEventInfo.publish_status"), fields.Optional("PublishEventInfo.article_id"),
        fields.All("PublishEventInfo.article_detail.item", static article => new ArticleUrl(article.Integer("idx"), article.Control("article_url"))),
        fields.All("PublishEventInfo.fail_idx"));
}
