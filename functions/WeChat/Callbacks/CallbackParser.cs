using System.Diagnostics.CodeAnalysis;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>Turns the decrypted payload of an Official Account into a <see cref="Callback"/>.</summary>
public static class CallbackParser
{
    /// <summary>
    /// Parses XML or JSON; never throws. Names are case-sensitive, as printed in the documentation, and <see cref="CallbackTable"/> lists them.
    /// A type that is not known is no failure (<see cref="UnknownMessage"/>, <see cref="UnknownEvent"/>).
    /// Characters that XML cannot carry become U+FFFD.
    /// </summary>
    /// <param name="plaintext">The decrypted payload.</param>
    /// <param name="callback">The callback, or null.</param>
    /// <param name="reason">Why not: one of a few fixed words, safe to log.</param>
    public static bool TryParse(string plaintext, [NotNullWhen(true)] out Callback? callback, [NotNullWhen(false)] out string? reason)
    {
        callback = null;
        if (!CallbackFields.TryRead(plaintext ?? "", out var fields, out reason)) return false;

        var from = fields.Control("FromUserName");
        var type = fields.Control("MsgType");
        reason = from.Length == 0 ? "no FromUserName" : type.Length == 0 ? "no MsgType" : null;
        if (reason is not null) return false;

        var isEvent = type == "event";
        var name = isEvent ? fields.Control("Event") : type;
        var body = isEvent ? CallbackTable.Event(name, fields) : CallbackTable.Message(name, fields);
        callback = body with
        {
            ToUserName = fields.Control("ToUserName"),
            FromUserName = from,
            CreateTime = fields.Integer("CreateTime") ?? 0,
            // An event has none, and 0 is none: many a test tool sends it, and two messages must not become one.
            MsgId = !isEvent && fields.Integer("MsgId") is > 0 and var id ? id : null,
            MsgDataId = isEvent ? null : fields.Optional("MsgDataId"),
            Idx = isEvent ? null : fields.Optional("Idx"),
            RawName = name,
        };
        return true;
    }
}
