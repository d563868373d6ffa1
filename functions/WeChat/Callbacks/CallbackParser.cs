using System.Diagnostics.CodeAnalysis;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>Turns the decrypted payload of an Official Account into a <see cref="Callback"/>.</summary>
public static class CallbackParser
{
    private const string QrScenePrefix = "qrscene_";

    /// <summary>
    /// Parses XML; never throws. Event names are case-sensitive, as printed in the documentation. A type that is not known is no failure
    /// (<see cref="UnknownMessage"/>, <see cref="UnknownEvent"/>). Characters that XML cannot carry become U+FFFD.
    /// </summary>
    /// <param name="plaintext">The decrypted payload.</param>
    /// <param name="callback">The callback, or null.</param>
    /// <param name="reason">Why not: one of a few fixed words, safe to log.</param>
    public static bool TryParse(string plaintext, [NotNullWhen(true)] out Callback? callback, [NotNullWhen(false)] out string? reason)
    {
        callback = null;
        var leaves = new List<XmlLeaf>(16);
        if (!XmlLeaves.TryRead(plaintext ?? "", leaves, out reason)) return false;

        var fields = new CallbackFields(leaves);
        var from = fields.Control("FromUserName");
        var type = fields.Control("MsgType");
        reason = from.Length == 0 ? "no FromUserName" : type.Length == 0 ? "no MsgType" : null;
        if (reason is not null) return false;

        var isEvent = type == "event";
        var name = isEvent ? fields.Control("Event") : type;
        var body = isEvent ? Event(name, fields) : Message(name, fields);
        callback = body with
        {
            ToUserName = fields.Control("ToUserName"),
            FromUserName = from,
            CreateTime = fields.Integer("CreateTime") ?? 0,
            MsgId = fields.Integer("MsgId"),
            RawName = name,
        };
        return true;
    }

    private static Callback Message(string type, CallbackFields fields) => type switch
    {
        "text" => new TextMessage(fields.Prose("Content"), fields.Optional("bizmsgmenuid")),
        "image" => new ImageMessage(fields.Control("PicUrl"), fields.Control("MediaId")),
        "voice" => new VoiceMessage(fields.Control("MediaId"), fields.Control("Format"), fields.Raw("Recognition") is { Length: > 0 } heard ? heard : null),
        "video" => new VideoMessage(fields.Control("MediaId"), fields.Control("ThumbMediaId")),
        "shortvideo" => new ShortVideoMessage(fields.Control("MediaId"), fields.Control("ThumbMediaId")),
        "location" when Place(fields, "Location_X", "Location_Y") is var (latitude, longitude) =>
            new LocationMessage(latitude, longitude, (int)(fields.Decimal("Scale", 0, 1000) ?? 0), fields.Prose("Label")),
        "link" => new LinkMessage(fields.Prose("Title"), fields.Prose("Description"), fields.Control("Url")),
        _ => new UnknownMessage { Fields = fields.ToDictionary() },
    };

    private static Callback Event(string name, CallbackFields fields) => name switch
    {
        "subscribe" => Subscribe(fields.Optional("EventKey"), fields.Optional("Ticket")),
        "unsubscribe" => new UnsubscribeEvent(),
        "SCAN" => new ScanEvent(fields.Control("EventKey"), fields.Optional("Ticket")),
        "LOCATION" when Place(fields, "Latitude", "Longitude") is var (latitude, longitude) =>
            new LocationReportEvent(latitude, longitude, fields.Decimal("Precision", 0, double.MaxValue) ?? 0),
        "CLICK" => new MenuClickEvent(fields.Control("EventKey")),
        "VIEW" => new MenuViewEvent(fields.Control("EventKey"), fields.Optional("MenuId")),
        _ => new UnknownEvent { Fields = fields.ToDictionary() },
    };

    private static SubscribeEvent Subscribe(string? key, string? ticket) =>
        key is not null && key.Length > QrScenePrefix.Length && key.StartsWith(QrScenePrefix, StringComparison.Ordinal)
            ? new SubscribeEvent(key[QrScenePrefix.Length..], ticket, null)
            : new SubscribeEvent(null, ticket, key);

    private static (double Latitude, double Longitude)? Place(CallbackFields fields, string latitude, string longitude) =>
        fields.Decimal(latitude, -90, 90) is { } x && fields.Decimal(longitude, -180, 180) is { } y ? (x, y) : null;
}
