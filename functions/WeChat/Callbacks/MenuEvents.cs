namespace CrmServerless.WeChat.Callbacks;

/// <summary>A click on a menu button with a key (at most 128 bytes).</summary>
public sealed record MenuClickEvent(string MenuKey) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.MenuClick;

    internal static MenuClickEvent Read(CallbackFields fields) => new(fields.Control("EventKey"));
}

/// <summary>A click on a menu button with a link. <paramref name="MenuId"/> is set for conditional menus.</summary>
public sealed record MenuViewEvent(string Url, string? MenuId) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.MenuView;

    internal static MenuViewEvent Read(CallbackFields fields) => new(fields.Control("EventKey"), fields.Optional("MenuId"));
}

/// <summary>A click on a menu button that opens a mini program: the path of its page.</summary>
public sealed record MenuMiniProgramEvent(string PagePath, string? MenuId) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.MenuMiniProgram;

    internal static MenuMiniProgramEvent Read(CallbackFields fields) => new(fields.Control("EventKey"), fields.Optional("MenuId"));
}

/// <summary>
/// A code scanned through a menu button (scancode_push, scancode_waitmsg). <paramref name="ScanType"/> is <c>qrcode</c> or <c>barcode</c>;
/// <paramref name="ScanResult"/> is what the code says, as sent.
/// </summary>
public sealed record MenuScanEvent(string Kind, string MenuKey, string ScanType, string ScanResult) : Callback
{
    /// <inheritdoc/>
    public override string Kind { get; } = Kind;

    internal static MenuScanEvent Read(string kind, CallbackFields fields) =>
        new(kind, fields.Control("EventKey"), fields.Control("ScanCodeInfo.ScanType"), fields.Prose("ScanCodeInfo.ScanResult"));
}

/// <summary>
/// Pictures sent through a menu button (pic_sysphoto, pic_photo_or_album, pic_weixin): how many, and their MD5 sums.
/// The pictures themselves follow as messages.
/// </summary>
public sealed record MenuPicturesEvent(string Kind, string MenuKey, long Count, Items<string> Md5Sums) : Callback
{
    /// <inheritdoc/>
    public override string Kind { get; } = Kind;

    internal static MenuPicturesEvent Read(string kind, CallbackFields fields) => new(
        kind, fields.Control("EventKey"), fields.Integer("SendPicsInfo.Count") ?? 0,
        fields.List("SendPicsInfo.PicList", static picture => picture.Control("PicMd5Sum")));
}

/// <summary>
/// A place chosen through a menu button: degrees, map scale, address, name of the place. The location message follows.
/// One whose coordinates are no place on Earth is an <see cref="UnknownEvent"/>.
/// </summary>
public sealed record MenuLocationEvent(string MenuKey, double Latitude, double Longitude, int Scale, string Label, string PoiName) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.MenuLocation;

    internal static MenuLocationEvent? Read(CallbackFields fields) =>
        fields.Place("SendLocationInfo.Location_X", "SendLocationInfo.Location_Y") is var (latitude, longitude)
            ? new(fields.Control("EventKey"), latitude, longitude, fields.MapScale("SendLocationInfo.Scale"),
                fields.Prose("SendLocationInfo.Label"), fields.Prose("SendLocationInfo.Poiname"))
            : null;
}
