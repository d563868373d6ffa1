using System.Text.RegularExpressions;

namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>A message of customer service to a customer.</summary>
public abstract record KfOutgoing : WireRecord;

/// <summary>At most 2048 bytes: a longer one is refused, the customer should not get half of it.</summary>
public sealed record KfText(string Content) : KfOutgoing;

public sealed record KfImage(string MediaId) : KfOutgoing;

public sealed record KfVoice(string MediaId) : KfOutgoing;

public sealed record KfVideo(string MediaId) : KfOutgoing;

public sealed record KfFile(string MediaId) : KfOutgoing;

/// <param name="Title">At most 128 bytes.</param>
/// <param name="Url">At most 2048 bytes.</param>
/// <param name="ThumbMediaId">The picture.</param>
/// <param name="Desc">At most 512 bytes.</param>
public sealed record KfLink(string Title, string Url, string ThumbMediaId, string? Desc = null) : KfOutgoing;

/// <param name="Appid">Must be bound to the company.</param>
/// <param name="ThumbMediaId">The picture.</param>
/// <param name="Pagepath">The path in it.</param>
/// <param name="Title">At most 64 bytes.</param>
public sealed record KfMiniprogram(string Appid, string ThumbMediaId, string Pagepath, string? Title = null) : KfOutgoing;

public sealed record KfLocation(double Latitude, double Longitude, string? Name = null, string? Address = null) : KfOutgoing;

/// <summary>Texts to tap. At most 10 items; head and tail of at most 1024 bytes.</summary>
public sealed record KfMenu(string? Head, IReadOnlyList<KfMenuItem> Items, string? Tail = null) : KfOutgoing;

/// <summary>An item of a menu.</summary>
public abstract record KfMenuItem : WireRecord;

/// <param name="Id">At most 64 bytes; comes back when it is tapped.</param>
/// <param name="Content">At most 128 bytes.</param>
public sealed record KfMenuClick(string Id, string Content) : KfMenuItem;

/// <param name="Url">At most 2048 bytes.</param>
/// <param name="Content">At most 1024 bytes.</param>
public sealed record KfMenuView(string Url, string Content) : KfMenuItem;

/// <param name="Appid">At most 32 bytes.</param>
/// <param name="Pagepath">At most 1024 bytes.</param>
/// <param name="Content">At most 1024 bytes.</param>
public sealed record KfMenuMiniprogram(string Appid, string Pagepath, string Content) : KfMenuItem;

/// <param name="Msgid">Of the message, ours or WeCom's.</param>
public sealed record KfSent(string? Msgid = null) : WireRecord;

/// <summary>Such a message on the wire.</summary>
internal sealed partial record KfSendRequest(string Msgtype) : WeComRequest
{
    public string? Touser { get; init; }

    public string? OpenKfid { get; init; }

    public string? Code { get; init; }

    public string? Msgid { get; init; }

    public TextContent? Text { get; init; }

    public MediaAttachment? Image { get; init; }

    public MediaAttachment? Voice { get; init; }

    public MediaAttachment? Video { get; init; }

    public MediaAttachment? File { get; init; }

    public KfLink? Link { get; init; }

    public KfMiniprogram? Miniprogram { get; init; }

    public KfLocation? Location { get; init; }

    public WireMenu? Msgmenu { get; init; }

    public static KfSendRequest Of(KfOutgoing message) => message switch
    {
        KfText text => new("text") { Text = new(text.Content) },
        KfImage image => new("image") { Image = new(image.MediaId) },
        KfVoice voice => new("voice") { Voice = new(voice.MediaId) },
        KfVideo video => new("video") { Video = new(video.MediaId) },
        KfFile file => new("file") { File = new(file.MediaId) },
        KfLink link => new("link") { Link = link },
        KfMiniprogram program => new("miniprogram") { Miniprogram = program },
        KfLocation location => new("location") { Location = location },
        KfMenu menu => new("msgmenu") { Msgmenu = new(menu.Head, [.. menu.Items.Select(WireMenuItem.Of)], menu.Tail) },
        _ => throw new ArgumentException($"No JSON form for {message?.GetType().Name ?? "null"}.", nameof(message)),
    };

    internal override void Check()
    {
        WeComLimits.Rule(Msgid is null || Name().IsMatch(Msgid), "WeCom takes 1 to 32 of 0-9 a-z A-Z _ - as msgid.", "msgid");
        if (Text is not null) WeComLimits.Needed(Text.Content, "text.content");
        WeComLimits.Bytes(Text?.Content, 2048, "text.content");
        WeComLimits.Bytes(Link?.Title, 128, "link.title");
        WeComLimits.Bytes(Link?.Desc, 512, "link.desc");
        WeComLimits.Bytes(Link?.Url, 2048, "link.url");
        WeComLimits.Bytes(Miniprogram?.Title, 64, "miniprogram.title");
        Msgmenu?.Check();
    }

    [GeneratedRegex("^[0-9a-zA-Z_-]{1,32}$")]
    private static partial Regex Name();
}

internal sealed record WireMenu(string? HeadContent, IReadOnlyList<WireMenuItem> List, string? TailContent) : WireRecord
{
    internal void Check()
    {
        WeComLimits.Bytes(HeadContent, 1024, "msgmenu.head_content");
        WeComLimits.Bytes(TailContent, 1024, "msgmenu.tail_content");
        WeComLimits.Needed(List, "msgmenu.list");
        WeComLimits.Count(List, 10, "msgmenu.list");
        foreach (var item in List)
        {
            WeComLimits.Bytes(item.Click?.Id, 64, "click.id");
            WeComLimits.Bytes(item.Click?.Content, 128, "click.content");
            WeComLimits.Bytes(item.View?.Url, 2048, "view.url");
            WeComLimits.Bytes(item.View?.Content, 1024, "view.content");
            WeComLimits.Bytes(item.Miniprogram?.Appid, 32, "miniprogram.appid");
            WeComLimits.Bytes(item.Miniprogram?.Pagepath, 1024, "miniprogram.pagepath");
            WeComLimits.Bytes(item.Miniprogram?.Content, 1024, "miniprogram.content");
        }
    }
}

internal sealed record WireMenuItem(string Type, KfMenuClick? Click = null, KfMenuView? View = null, KfMenuMiniprogram? Miniprogram = null) : WireRecord
{
    public static WireMenuItem Of(KfMenuItem item) => item switch
    {
        KfMenuClick click => new("click", Click: click),
        KfMenuView view => new("view", View: view),
        KfMenuMiniprogram program => new("miniprogram", Miniprogram: program),
        _ => throw new ArgumentException($"No JSON form for {item?.GetType().Name ?? "null"}.", nameof(item)),
    };
}
