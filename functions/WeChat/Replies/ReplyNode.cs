namespace CrmServerless.WeChat.Replies;

/// <summary>One element of a passive reply, whatever form it is written in: a text, a number, or what it holds.</summary>
/// <param name="Name">Name of the element.</param>
/// <param name="Text">A text.</param>
/// <param name="Number">A number.</param>
/// <param name="Children">Elements in it.</param>
/// <param name="Items">Things in it that have no name of their own: <c>item</c> in XML, an array in JSON.</param>
internal sealed record ReplyNode(
    string Name, string? Text = null, long? Number = null, IReadOnlyList<ReplyNode>? Children = null, IReadOnlyList<IReadOnlyList<ReplyNode>>? Items = null)
{
    /// <exception cref="ArgumentException">Something is missing or too much, so that WeChat would show the customer a fault.</exception>
    public static IReadOnlyList<ReplyNode> Of(PassiveReply reply, string toUserName, string fromUserName, long createTime)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var (type, content) = reply switch
        {
            TextReply r => ("text", Some(new ReplyNode("Content", PassiveReplyLimits.Cut(Needed(r.Content))))),
            ImageReply r => ("image", Some(Holding("Image", new ReplyNode("MediaId", Needed(r.MediaId))))),
            VoiceReply r => ("voice", Some(Holding("Voice", new ReplyNode("MediaId", Needed(r.MediaId))))),
            VideoReply r => ("video", Some(Holding(
                "Video", new ReplyNode("MediaId", Needed(r.MediaId)), new ReplyNode("Title", r.Title), new ReplyNode("Description", r.Description)))),
            MusicReply r => ("music", Some(Holding(
                "Music", new ReplyNode("Title", r.Title), new ReplyNode("Description", r.Description), new ReplyNode("MusicUrl", r.MusicUrl),
                new ReplyNode("HQMusicUrl", r.HqMusicUrl), new ReplyNode("ThumbMediaId", Needed(r.ThumbMediaId))))),
            NewsReply r => ("news", News(r.Articles)),
            TransferToCustomerService r => ("transfer_customer_service", string.IsNullOrEmpty(r.KfAccount) ? [] : Some(Holding("TransInfo", new ReplyNode("KfAccount", r.KfAccount)))),
            UpdateButtonReply r => ("update_button", Some(Holding("Button", new ReplyNode("ReplaceName", Needed(r.ReplaceName))))),
            UpdateTemplateCardReply r => ("update_template_card", Some(new ReplyNode("TemplateCard", Children: [.. r.Fields.Select(Of)]))),
            _ => throw new ArgumentException($"{reply.GetType().Name} has no form.", nameof(reply)),
        };
        return
        [
            new ReplyNode("ToUserName", toUserName), new ReplyNode("FromUserName", fromUserName), new ReplyNode("CreateTime", Number: createTime),
            new ReplyNode("MsgType", type), .. content,
        ];
    }

    private static ReplyNode Of(CardField field) =>
        new(field.Name, field.Text, field.Number, field.Fields is { } fields ? [.. fields.Select(Of)] : null);

    private static ReplyNode[] News(IReadOnlyList<Article> articles)
    {
        if (articles.Count is < 1 or > PassiveReplyLimits.MaxArticles)
            throw new ArgumentException($"A news reply has 1 to {PassiveReplyLimits.MaxArticles} articles.", nameof(articles));
        return
        [
            new ReplyNode("ArticleCount", Number: articles.Count),
            new ReplyNode("Articles", Items:
            [
                .. articles.Select(a => (IReadOnlyList<ReplyNode>)
                [
                    new ReplyNode("Title", a.Title), new ReplyNode("Description", a.Description), new ReplyNode("PicUrl", a.PicUrl), new ReplyNode("Url", a.Url),
                ]),
            ]),
        ];
    }

    // What is not given is left out.
    private static ReplyNode Holding(string name, params ReplyNode[] children) => new(name, Children: [.. children.Where(c => c.Text is not null)]);

    private static ReplyNode[] Some(ReplyNode node) => [node];

    private static string Needed(string value) =>
        string.IsNullOrEmpty(value) ? throw new ArgumentException("Empty where WeChat needs something; acknowledge with \"success\" instead.", nameof(value)) : value;
}
