namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>A customer-service message on the wire: one of the parts, named by <paramref name="Msgtype"/>.</summary>
internal sealed record CustomSendRequest(string Touser, string Msgtype) : WireRecord
{
    public CustomSendText? Text { get; init; }

    public CustomSendMedia? Image { get; init; }

    public CustomSendMedia? Voice { get; init; }

    public CustomSendMedia? Video { get; init; }

    public CustomSendMusic? Music { get; init; }

    public CustomSendNews? News { get; init; }

    public CustomSendPublished? Mpnewsarticle { get; init; }

    public CustomSendMenu? Msgmenu { get; init; }

    public CustomSendCard? Wxcard { get; init; }

    public CustomSendMiniProgram? Miniprogrampage { get; init; }

    public CustomSendLink? Link { get; init; }

    public CustomSendService? Customservice { get; init; }

    public static CustomSendRequest Of(CustomMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var to = Limits.Filled(message.ToUser);
        CustomSendRequest request = message switch
        {
            CustomText m => new(to, "text") { Text = new(Limits.Filled(m.Content)) },
            CustomImage m => new(to, "image") { Image = new(Limits.Filled(m.MediaId)) },
            CustomVoice m => new(to, "voice") { Voice = new(Limits.Filled(m.MediaId)) },
            CustomVideo m => new(to, "video") { Video = new(Limits.Filled(m.MediaId), Limits.Filled(m.ThumbMediaId), m.Title, m.Description) },
            CustomMusic m => new(to, "music") { Music = new(m.Title, m.Description, m.MusicUrl, m.HqMusicUrl, Limits.Filled(m.ThumbMediaId)) },
            CustomNews { Article: var a } => new(to, "news") { News = new([new(a.Title, a.Description, a.Url, a.PicUrl)]) },
            CustomPublished m => new(to, "mpnewsarticle") { Mpnewsarticle = new(Limits.Filled(m.ArticleId)) },
            CustomMenu { Items.Count: 0 } => throw new ArgumentException("A menu message without an item.", nameof(message)),
            CustomMenu m => new(to, "msgmenu") { Msgmenu = new(m.HeadContent, m.Items, m.TailContent) },
            CustomCard m => new(to, "wxcard") { Wxcard = new(Limits.Filled(m.CardId)) },
            CustomMiniProgramPage m => new(to, "miniprogrampage") { Miniprogrampage = new(m.Title, Limits.Filled(m.AppId), Limits.Filled(m.PagePath), Limits.Filled(m.ThumbMediaId)) },
            CustomLink m => new(to, "link") { Link = new(m.Title, m.Description, Limits.Filled(m.Url), m.ThumbUrl) },
            _ => throw new ArgumentException($"No JSON form for {message.GetType().Name}.", nameof(message)),
        };
        return message.KfAccount is { } agent ? request with { Customservice = new(agent) } : request;
    }
}

internal sealed record CustomSendText(string Content) : WireRecord;

internal sealed record CustomSendMedia(string MediaId, string? ThumbMediaId = null, string? Title = null, string? Description = null) : WireRecord;

internal sealed record CustomSendMusic(string? Title, string? Description, string Musicurl, string Hqmusicurl, string ThumbMediaId) : WireRecord;

internal sealed record CustomSendNews(CustomSendArticle[] Articles) : WireRecord;

internal sealed record CustomSendArticle(string Title, string Description, string Url, string Picurl) : WireRecord;

internal sealed record CustomSendPublished(string ArticleId) : WireRecord;

internal sealed record CustomSendMenu(string HeadContent, IReadOnlyList<CustomMenuItem> List, string? TailContent) : WireRecord;

internal sealed record CustomSendCard(string CardId) : WireRecord;

internal sealed record CustomSendMiniProgram(string? Title, string Appid, string Pagepath, string ThumbMediaId) : WireRecord;

internal sealed record CustomSendLink(string Title, string Description, string Url, string ThumbUrl) : WireRecord;

internal sealed record CustomSendService(string KfAccount) : WireRecord;

internal sealed record TypingRequest(string Touser, string Command) : WireRecord;
