namespace CrmServerless.WeChat.Callbacks;

/// <summary>The normalised names of what WeChat sends: <c>channel.family[.detail]</c>. They are stored; never rename one.</summary>
public static class Kinds
{
    /// <summary>A text.</summary>
    public const string Text = "oa.message.text";

    /// <summary>A picture.</summary>
    public const string Image = "oa.message.image";

    /// <summary>A voice recording.</summary>
    public const string Voice = "oa.message.voice";

    /// <summary>A video.</summary>
    public const string Video = "oa.message.video";

    /// <summary>A short video.</summary>
    public const string ShortVideo = "oa.message.shortvideo";

    /// <summary>A place that the customer sent on purpose.</summary>
    public const string Location = "oa.message.location";

    /// <summary>A shared link.</summary>
    public const string Link = "oa.message.link";

    /// <summary>A message of a type that this version does not know.</summary>
    public const string UnknownMessage = "oa.message.unknown";

    /// <summary>A follow, by a QR code or otherwise.</summary>
    public const string Subscribe = "oa.subscribe";

    /// <summary>An unfollow.</summary>
    public const string Unsubscribe = "oa.unsubscribe";

    /// <summary>A QR scan by someone who already follows.</summary>
    public const string Scan = "oa.scan";

    /// <summary>The position that the client reports by itself.</summary>
    public const string LocationReport = "oa.location_report";

    /// <summary>A click on a menu button with a key.</summary>
    public const string MenuClick = "oa.menu.click";

    /// <summary>A click on a menu button with a link.</summary>
    public const string MenuView = "oa.menu.view";

    /// <summary>An event of a type that this version does not know.</summary>
    public const string UnknownEvent = "oa.event.unknown";
}
