using System.Text.Json.Serialization;
using CrmServerless.WeChat.Replies;

namespace CrmServerless.Crm.Replies;

/// <summary>A pull-marketing answer: just one of these.</summary>
/// <param name="Text">At most 2,048 bytes of UTF-8.</param>
/// <param name="News">One article; WeChat refuses more (45008).</param>
/// <param name="Transfer">A hand-over to the service desk. Accounts with <c>Reply=Passive</c> only: the customer-service interface cannot do it.</param>
/// <param name="Image">A picture.</param>
/// <param name="Voice">A voice recording.</param>
/// <param name="Video">A video.</param>
/// <param name="Music">Music from an address.</param>
/// <param name="Menu">A question with answers to tap; each comes back as a text.</param>
/// <param name="MiniProgram">A page of a mini program that is bound to the account.</param>
/// <param name="Link">A card that opens an address.</param>
/// <param name="Article">An article that the account has published.</param>
/// <param name="Card">A coupon of the account (微信卡券).</param>
public sealed record ReplyAction(
    string? Text = null, ReplyArticle? News = null, ReplyTransfer? Transfer = null,
    ReplyMedia? Image = null, ReplyMedia? Voice = null, ReplyVideo? Video = null, ReplyMusic? Music = null,
    ReplyMenu? Menu = null, ReplyMiniProgram? MiniProgram = null, ReplyLink? Link = null, ReplyPublished? Article = null, ReplyCard? Card = null)
{
    /// <summary>The name of what is given: text, news, transfer, image, voice, video, music, menu, miniProgram, link, article or card.</summary>
    [JsonIgnore]
    public string Type => Given.FirstOrDefault(g => g.Value is not null).Name ?? "text";

    /// <summary>How many of them are given; one in a sound rule.</summary>
    [JsonIgnore]
    public int Count => Given.Count(g => g.Value is not null);

    /// <summary>What a person recognises it by: the text, or a title; null where it has none.</summary>
    [JsonIgnore]
    public string? Preview => Text ?? News?.Title ?? Video?.Title ?? Music?.Title ?? Menu?.Head ?? MiniProgram?.Title ?? Link?.Title;

    private IEnumerable<(string Name, object? Value)> Given =>
    [
        ("text", Text), ("news", News), ("transfer", Transfer), ("image", Image), ("voice", Voice), ("video", Video), ("music", Music),
        ("menu", Menu), ("miniProgram", MiniProgram), ("link", Link), ("article", Article), ("card", Card),
    ];

    /// <summary>The media of ours that it needs at WeChat, each once.</summary>
    public IEnumerable<NeededMedium> Needs() =>
        new[] { Image, Voice, Video?.Media, MiniProgram?.Thumb }.Where(m => m?.Asset is not null).Select(m => new NeededMedium(m!.Asset!))
            .Concat(new[] { Video?.Thumb, Music?.Thumb }.Where(m => m?.Asset is not null).Select(m => new NeededMedium(m!.Asset!, Thumb: true)))
            .Distinct();

    /// <summary>As an answer in the response to a callback; null if it cannot be one: media have to be uploaded first, and the other types do not exist there.</summary>
    public PassiveReply? AsPassive() => this switch
    {
        { News: { } news } => new NewsReply([news.AsArticle()]),
        { Transfer: { } transfer } => new TransferToCustomerService(transfer.KfAccount),
        { Text: { } text } => new TextReply(text),
        { Image.MediaId: { } id } => new ImageReply(id),
        { Voice.MediaId: { } id } => new VoiceReply(id),
        { Video: { Media.MediaId: { } id } video } => new VideoReply(id, video.Title, video.Description),
        { Music: { Thumb.MediaId: { } id } music } => new MusicReply(id, music.Title, music.Description, music.Url.AbsoluteUri, music.HqUrl?.AbsoluteUri),
        _ => null,
    };
}

/// <param name="Asset">The name of one of ours.</param>
/// <param name="Thumb">As the picture of a video or of music, which WeChat keeps apart from pictures that are sent.</param>
public readonly record struct NeededMedium(string Asset, bool Thumb = false);

/// <summary>A medium: just one of these.</summary>
/// <param name="Asset">The name of one that was given to us (<c>PUT /api/media/{name}</c>); it is uploaded to WeChat when needed, again before it expires.</param>
/// <param name="MediaId">One that WeChat keeps for ever (永久素材).</param>
public sealed record ReplyMedia(string? Asset = null, string? MediaId = null);

/// <param name="KfAccount">One agent, <c>kf2001@gh_id</c>; null for any.</param>
public sealed record ReplyTransfer(string? KfAccount = null);

/// <param name="Title">Title.</param>
/// <param name="Url">Where it leads.</param>
/// <param name="Description">A line below the title.</param>
/// <param name="PicUrl">Address of its picture.</param>
public sealed record ReplyArticle(string Title, Uri Url, string? Description = null, Uri? PicUrl = null)
{
    public Article AsArticle() => new(Title, Description ?? "", PicUrl?.AbsoluteUri ?? "", Url.AbsoluteUri);
}

/// <param name="Media">The video, MP4.</param>
/// <param name="Thumb">Its picture, JPG of at most 64 KB.</param>
/// <param name="Title">Title.</param>
/// <param name="Description">Description.</param>
public sealed record ReplyVideo(ReplyMedia Media, ReplyMedia Thumb, string? Title = null, string? Description = null);

/// <param name="Url">Address of the music.</param>
/// <param name="Thumb">Its picture, JPG of at most 64 KB.</param>
/// <param name="HqUrl">The same in better quality, played over Wi-Fi; null: the same address.</param>
/// <param name="Title">Title.</param>
/// <param name="Description">Description.</param>
public sealed record ReplyMusic(Uri Url, ReplyMedia Thumb, Uri? HqUrl = null, string? Title = null, string? Description = null);

/// <param name="Head">The question.</param>
/// <param name="Items">What can be tapped; 1 to 10.</param>
/// <param name="Tail">A line below.</param>
public sealed record ReplyMenu(string Head, IReadOnlyList<ReplyMenuItem> Items, string? Tail = null);

/// <param name="Id">Comes back with the tap (bizmsgmenuid).</param>
/// <param name="Text">What is shown, and what the tap writes.</param>
public sealed record ReplyMenuItem(string Id, string Text);

/// <param name="AppId">The mini program's appid.</param>
/// <param name="PagePath">The page, with parameters.</param>
/// <param name="Title">Title of the card.</param>
/// <param name="Thumb">Its picture.</param>
public sealed record ReplyMiniProgram(string AppId, string PagePath, string Title, ReplyMedia Thumb);

/// <param name="Title">Title.</param>
/// <param name="Description">A line below it.</param>
/// <param name="Url">Where it leads.</param>
/// <param name="ThumbUrl">Address of its picture.</param>
public sealed record ReplyLink(string Title, string Description, Uri Url, Uri ThumbUrl);

/// <param name="ArticleId">As the publication gave it (article_id).</param>
public sealed record ReplyPublished(string ArticleId);

/// <param name="CardId">The coupon's id.</param>
public sealed record ReplyCard(string CardId);
