using System.Globalization;

namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>A message to colleagues on the wire.</summary>
internal sealed record MessageSendRequest(string? Touser, string? Toparty, string? Totag, string Msgtype, int Agentid) : WeComRequest
{
    private const int TextBytes = 2048;

    public TextContent? Text { get; init; }

    public TextContent? Markdown { get; init; }

    public WireTextCard? Textcard { get; init; }

    public WireNews? News { get; init; }

    public MediaAttachment? Image { get; init; }

    public MediaAttachment? Voice { get; init; }

    public WireVideo? Video { get; init; }

    public MediaAttachment? File { get; init; }

    public WireNotice? TemplateCard { get; init; }

    public int? Safe { get; init; }

    public int? EnableIdTrans { get; init; }

    public int? EnableDuplicateCheck { get; init; }

    public int? DuplicateCheckInterval { get; init; }

    public static MessageSendRequest Of(int agentId, StaffRecipients to, StaffMessage message, StaffSendOptions options)
    {
        to.Check();
        var seconds = options.DuplicateCheck is { } span ? (int?)span.TotalSeconds : null;
        WeComLimits.Between(seconds, 1, 4 * 60 * 60, "duplicate_check_interval");
        var request = Of(message) with
        {
            Touser = Joined(to.Users), Toparty = Joined(to.Parties?.Select(Digits)), Totag = Joined(to.Tags?.Select(Digits)), Agentid = agentId,
            Safe = options.Safe ? 1 : null, EnableIdTrans = options.IdTranslation ? 1 : null,
            EnableDuplicateCheck = seconds is null ? null : 1, DuplicateCheckInterval = seconds,
        };
        return request;
    }

    private static MessageSendRequest Of(StaffMessage message)
    {
        MessageSendRequest Named(string type) => new(null, null, null, type, 0);
        switch (message)
        {
            case StaffText text:
                WeComLimits.Needed(text.Content, "text.content");
                return Named("text") with { Text = new(Cut.Bytes(text.Content, TextBytes)) };
            case StaffMarkdown markdown:
                WeComLimits.Needed(markdown.Content, "markdown.content");
                WeComLimits.Bytes(markdown.Content, TextBytes, "markdown.content");
                return Named("markdown") with { Markdown = new(markdown.Content) };
            case StaffTextCard card:
                WeComLimits.Needed(card.Url, "textcard.url");
                WeComLimits.Bytes(card.Url, 2048, "textcard.url");
                WeComLimits.Characters(card.Button, 4, "textcard.btntxt");
                return Named("textcard") with { Textcard = new(Cut.Characters(card.Title, 128), Cut.Characters(card.Description, 512), card.Url, card.Button) };
            case StaffNews news:
                WeComLimits.Needed(news.Articles, "news.articles");
                WeComLimits.Count(news.Articles, 8, "news.articles");
                foreach (var article in news.Articles) WeComLimits.Bytes(article.Url, 2048, "news.articles.url");
                return Named("news") with { News = new([.. news.Articles.Select(a => a with { Title = Cut.Characters(a.Title, 128), Description = a.Description is null ? null : Cut.Characters(a.Description, 512) })]) };
            case StaffImage image: return Named("image") with { Image = new(image.MediaId) };
            case StaffVoice voice: return Named("voice") with { Voice = new(voice.MediaId) };
            case StaffVideo video:
                return Named("video") with { Video = new(video.MediaId, video.Title is null ? null : Cut.Bytes(video.Title, 128), video.Description is null ? null : Cut.Bytes(video.Description, 512)) };
            case StaffFile file: return Named("file") with { File = new(file.MediaId) };
            case StaffNotice notice: return Named("template_card") with { TemplateCard = WireNotice.Of(notice) };
            default: throw new ArgumentException($"No JSON form for {message.GetType().Name}.", nameof(message));
        }
    }

    private static string? Joined(IEnumerable<string>? ids) => ids is null ? null : string.Join('|', ids);

    private static string Digits(int id) => id.ToString(CultureInfo.InvariantCulture);
}

internal sealed record MessageRecallRequest(string Msgid) : WeComRequest;

internal sealed record WireTextCard(string Title, string Description, string Url, string? Btntxt) : WireRecord;

internal sealed record WireNews(IReadOnlyList<StaffArticle> Articles) : WireRecord;

internal sealed record WireVideo(string MediaId, string? Title, string? Description) : WireRecord;
