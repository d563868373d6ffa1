namespace CrmServerless.WeChat.Api.WeCom;

/// <param name="Content">Up to 4000 bytes.</param>
public sealed record TextContent(string? Content = null) : WireRecord;

/// <summary>What goes with a text to a customer: one of a kind, which <see cref="Msgtype"/> names.</summary>
public sealed record Attachment : WireRecord
{
    public const int Most = 9;

    /// <summary>image, link, miniprogram, video or file.</summary>
    public string Msgtype { get => field ?? ""; init; }

    public ImageAttachment? Image { get; init; }

    public LinkAttachment? Link { get; init; }

    public MiniprogramAttachment? Miniprogram { get; init; }

    public MediaAttachment? Video { get; init; }

    public MediaAttachment? File { get; init; }

    /// <summary>A picture by its media id (3 days), or else by its address from <c>media/uploadimg</c> (for ever).</summary>
    public static Attachment OfImage(string? mediaId, string? picUrl = null) => new() { Msgtype = "image", Image = new(mediaId, picUrl) };

    /// <param name="title">Up to 128 bytes.</param>
    /// <param name="url">Up to 2048 bytes.</param>
    /// <param name="desc">Up to 512 bytes.</param>
    /// <param name="picurl">Up to 2048 bytes.</param>
    public static Attachment OfLink(string title, string url, string? desc = null, string? picurl = null) =>
        new() { Msgtype = "link", Link = new(title, url, desc, picurl) };

    /// <param name="title">Up to 64 bytes.</param>
    /// <param name="picMediaId">The cover.</param>
    /// <param name="appid">Must be bound to the company.</param>
    /// <param name="page">The path in the mini program.</param>
    public static Attachment OfMiniprogram(string title, string picMediaId, string appid, string page) =>
        new() { Msgtype = "miniprogram", Miniprogram = new(title, picMediaId, appid, page) };

    public static Attachment OfVideo(string mediaId) => new() { Msgtype = "video", Video = new(mediaId) };

    public static Attachment OfFile(string mediaId) => new() { Msgtype = "file", File = new(mediaId) };

    /// <summary>A text and up to 9 attachments, not both empty.</summary>
    internal static void Check(TextContent? text, IReadOnlyList<Attachment>? attachments)
    {
        WeComLimits.Bytes(text?.Content, 4000, "text.content");
        WeComLimits.Count(attachments, Most, "attachments");
        WeComLimits.Rule(text?.Content is { Length: > 0 } || attachments is { Count: > 0 }, "WeCom needs a text or an attachment.", "text");
        foreach (var attachment in attachments ?? []) attachment.Check();
    }

    private void Check()
    {
        object? content = Msgtype switch
        {
            "image" => Image, "link" => Link, "miniprogram" => Miniprogram, "video" => Video, "file" => File, _ => null,
        };
        WeComLimits.Rule(content is not null, "WeCom takes image, link, miniprogram, video and file, each with its own content.", "attachments.msgtype");
        Image?.Check();
        Link?.Check();
        Miniprogram?.Check();
        if (Msgtype is "video" or "file") WeComLimits.Needed((Video ?? File)!.MediaId, Msgtype + ".media_id");
    }
}

/// <param name="MediaId">Goes before the address.</param>
/// <param name="PicUrl">An address from <c>media/uploadimg</c>.</param>
public sealed record ImageAttachment(string? MediaId = null, string? PicUrl = null) : WireRecord
{
    internal void Check() => WeComLimits.Rule(MediaId is not null || PicUrl is not null, "WeCom needs a media_id or a pic_url.", "image");
}

public sealed record LinkAttachment(string? Title = null, string? Url = null, string? Desc = null, string? Picurl = null) : WireRecord
{
    internal void Check()
    {
        WeComLimits.Needed(Title, "link.title");
        WeComLimits.Needed(Url, "link.url");
        WeComLimits.Bytes(Title, 128, "link.title");
        WeComLimits.Bytes(Url, 2048, "link.url");
        WeComLimits.Bytes(Desc, 512, "link.desc");
        WeComLimits.Bytes(Picurl, 2048, "link.picurl");
    }
}

public sealed record MiniprogramAttachment(string? Title = null, string? PicMediaId = null, string? Appid = null, string? Page = null) : WireRecord
{
    internal void Check()
    {
        WeComLimits.Needed(Title, "miniprogram.title");
        WeComLimits.Needed(Appid, "miniprogram.appid");
        WeComLimits.Bytes(Title, 64, "miniprogram.title");
    }
}

public sealed record MediaAttachment(string? MediaId = null) : WireRecord;
