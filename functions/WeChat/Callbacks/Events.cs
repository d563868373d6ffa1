namespace CrmServerless.WeChat.Callbacks;

/// <summary>
/// A follow. <paramref name="Scene"/> and <paramref name="Ticket"/> are those of the QR code, without the <c>qrscene_</c> prefix;
/// any other event key (<c>last_trade_no_...</c> after a payment) is in <paramref name="EventKey"/>.
/// </summary>
public sealed record SubscribeEvent(string? Scene, string? Ticket, string? EventKey) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.Subscribe;
}

/// <summary>An unfollow. It cannot be answered, and the customer's personal data is to be deleted.</summary>
public sealed record UnsubscribeEvent : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.Unsubscribe;
}

/// <summary>A QR scan by a follower.</summary>
public sealed record ScanEvent(string Scene, string? Ticket) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.Scan;
}

/// <summary>
/// The position that the client reports: degrees; precision as sent (0 when absent).
/// One whose coordinates are no place on Earth is an <see cref="UnknownEvent"/>.
/// </summary>
public sealed record LocationReportEvent(double Latitude, double Longitude, double Precision) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.LocationReport;
}

/// <summary>A click on a menu button with a key (at most 128 bytes).</summary>
public sealed record MenuClickEvent(string MenuKey) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.MenuClick;
}

/// <summary>A click on a menu button with a link. <paramref name="MenuId"/> is set for conditional menus.</summary>
public sealed record MenuViewEvent(string Url, string? MenuId) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.MenuView;
}

/// <summary>An event of another type: everything is in <see cref="Callback.Fields"/>.</summary>
public sealed record UnknownEvent : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.UnknownEvent;
}
