namespace CrmServerless.WeChat.Callbacks;

/// <summary>
/// A follow. <paramref name="Scene"/> and <paramref name="Ticket"/> are those of the QR code, without the <c>qrscene_</c> prefix;
/// any other event key (<c>last_trade_no_...</c> after a payment) is in <paramref name="EventKey"/>.
/// </summary>
public sealed record SubscribeEvent(string? Scene, string? Ticket, string? EventKey) : Callback
{
    private const string QrScenePrefix = "qrscene_";

    /// <inheritdoc/>
    public override string Kind => Kinds.Subscribe;

    internal static SubscribeEvent Read(CallbackFields fields)
    {
        var (key, ticket) = (fields.Optional("EventKey"), fields.Optional("Ticket"));
        return key is not null && key.Length > QrScenePrefix.Length && key.StartsWith(QrScenePrefix, StringComparison.Ordinal)
            ? new SubscribeEvent(key[QrScenePrefix.Length..], ticket, null)
            : new SubscribeEvent(null, ticket, key);
    }
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

    internal static ScanEvent Read(CallbackFields fields) => new(fields.Control("EventKey"), fields.Optional("Ticket"));
}

/// <summary>
/// The position that the client reports: degrees; precision as sent (0 when absent).
/// One whose coordinates are no place on Earth is an <see cref="UnknownEvent"/>.
/// </summary>
public sealed record LocationReportEvent(double Latitude, double Longitude, double Precision) : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.LocationReport;

    internal static LocationReportEvent? Read(CallbackFields fields) => fields.Place("Latitude", "Longitude") is var (latitude, longitude)
        ? new(latitude, longitude, fields.Decimal("Precision", 0, double.MaxValue) ?? 0)
        : null;
}

/// <summary>An event of another type: everything is in <see cref="Callback.Fields"/>.</summary>
public sealed record UnknownEvent : Callback
{
    /// <inheritdoc/>
    public override string Kind => Kinds.UnknownEvent;
}
