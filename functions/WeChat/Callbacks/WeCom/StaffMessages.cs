namespace CrmServerless.WeChat.Callbacks.WeCom;

/// <summary>A text to an application, not trimmed.</summary>
public sealed record StaffText(string Content) : StaffCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.Messages + "text";
}

/// <summary>A picture. The media id is valid for 3 days.</summary>
public sealed record StaffImage(string PicUrl, string MediaId) : StaffCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.Messages + "image";
}

/// <summary>A voice recording (format amr or speex).</summary>
public sealed record StaffVoice(string MediaId, string Format) : StaffCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.Messages + "voice";
}

/// <summary>A video.</summary>
public sealed record StaffVideo(string MediaId, string ThumbMediaId) : StaffCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.Messages + "video";
}

/// <summary>
/// A place sent on purpose: degrees (Location_X is the latitude), map scale, address. <paramref name="AppType"/> is <c>wxwork</c> when
/// it was sent in WeCom and null in WeChat. One whose coordinates are no place on Earth is an <see cref="UnknownStaffMessage"/>.
/// </summary>
public sealed record StaffPlace(double Latitude, double Longitude, int Scale, string Label, string? AppType) : StaffCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.Messages + "location";
}

/// <summary>A shared link.</summary>
public sealed record StaffLink(string Title, string Description, string Url, string PicUrl) : StaffCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.Messages + "link";
}

/// <summary>A message of another type: everything is in <see cref="Callback.Fields"/>.</summary>
public sealed record UnknownStaffMessage : StaffCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.UnknownMessage;
}
