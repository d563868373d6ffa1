namespace CrmServerless.WeChat.Callbacks;

/// <summary>A text, not trimmed. <paramref name="BizMsgMenuId"/> is the item of a service menu that was tapped, if one was.</summary>
public sealed record TextMessage(string Content, string? BizMsgMenuId) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.Text;

    internal static TextMessage Read(CallbackFields fields) => new(fields.Prose("Content"), fields.Optional("bizmsgmenuid"));
}

/// <summary>A picture. The media id is valid for 3 days.</summary>
public sealed record ImageMessage(string PicUrl, string MediaId) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.Image;

    internal static ImageMessage Read(CallbackFields fields) => new(fields.Control("PicUrl"), fields.Control("MediaId"));
}

/// <summary>
/// A voice recording (format amr or speex). <paramref name="MediaId16K"/> is the same one sampled at 16 kHz;
/// <paramref name="Recognition"/> is WeChat's transcript, now usually absent.
/// </summary>
public sealed record VoiceMessage(string MediaId, string Format, string? Recognition, string? MediaId16K = null) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.Voice;

    internal static VoiceMessage Read(CallbackFields fields) => new(
        fields.Control("MediaId"), fields.Control("Format"), fields.Raw("Recognition") is { Length: > 0 } heard ? heard : null, fields.Optional("MediaId16K"));
}

/// <summary>A video.</summary>
public sealed record VideoMessage(string MediaId, string ThumbMediaId) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.Video;

    internal static VideoMessage Read(CallbackFields fields) => new(fields.Control("MediaId"), fields.Control("ThumbMediaId"));
}

/// <summary>A short video.</summary>
public sealed record ShortVideoMessage(string MediaId, string ThumbMediaId) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.ShortVideo;

    internal static ShortVideoMessage Read(CallbackFields fields) => new(fields.Control("MediaId"), fields.Control("ThumbMediaId"));
}

/// <summary>
/// A place sent on purpose: degrees (Location_X is the latitude), map scale, address.
/// One whose coordinates are no place on Earth is an <see cref="UnknownMessage"/>.
/// </summary>
public sealed record LocationMessage(double Latitude, double Longitude, int Scale, string Label) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.Location;

    internal static LocationMessage? Read(CallbackFields fields) => fields.Place("Location_X", "Location_Y") is var (latitude, longitude)
        ? new(latitude, longitude, fields.MapScale("Scale"), fields.Prose("Label"))
        : null;
}

/// <summary>A shared link.</summary>
public sealed record LinkMessage(string Title, string Description, string Url) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.Link;

    internal static LinkMessage Read(CallbackFields fields) => new(fields.Prose("Title"), fields.Prose("Description"), fields.Control("Url"));
}

/// <summary>A message of another type: everything is in <see cref="Callback.Fields"/>.</summary>
public sealed record UnknownMessage : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.UnknownMessage;
}
