namespace CrmServerless.WeChat.Callbacks;

/// <summary>A text, not trimmed. <paramref name="BizMsgMenuId"/> is the item of a service menu that was tapped, if one was.</summary>
public sealed record TextMessage(string Content, string? BizMsgMenuId) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.Text;
}

/// <summary>A picture. The media id is valid for 3 days.</summary>
public sealed record ImageMessage(string PicUrl, string MediaId) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.Image;
}

/// <summary>A voice recording (format amr or speex). <paramref name="Recognition"/> is WeChat's transcript, now usually absent.</summary>
public sealed record VoiceMessage(string MediaId, string Format, string? Recognition) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.Voice;
}

/// <summary>A video.</summary>
public sealed record VideoMessage(string MediaId, string ThumbMediaId) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.Video;
}

/// <summary>A short video.</summary>
public sealed record ShortVideoMessage(string MediaId, string ThumbMediaId) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.ShortVideo;
}

/// <summary>
/// A place sent on purpose: degrees (Location_X is the latitude), map scale, address.
/// One whose coordinates are no place on Earth is an <see cref="UnknownMessage"/>.
/// </summary>
public sealed record LocationMessage(double Latitude, double Longitude, int Scale, string Label) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.Location;
}

/// <summary>A shared link.</summary>
public sealed record LinkMessage(string Title, string Description, string Url) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.Link;
}

/// <summary>A message of another type: everything is in <see cref="Callback.Fields"/>.</summary>
public sealed record UnknownMessage : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.UnknownMessage;
}
