using System.Collections.Frozen;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>
/// Every name that an Official Account's callbacks have, and what reads it: the one place to look a WeChat name up.
/// What is not here is kept whole as <see cref="UnknownMessage"/> or <see cref="UnknownEvent"/>.
/// </summary>
internal static class CallbackTable
{
    // A reader gives null for what has the name but not the content, such as a place that is nowhere.
    private static readonly FrozenDictionary<string, Func<CallbackFields, Callback?>> Messages = new Dictionary<string, Func<CallbackFields, Callback?>>
    {
        ["text"] = TextMessage.Read,
        ["image"] = ImageMessage.Read,
        ["voice"] = VoiceMessage.Read,
        ["video"] = VideoMessage.Read,
        ["shortvideo"] = ShortVideoMessage.Read,
        ["location"] = LocationMessage.Read,
        ["link"] = LinkMessage.Read,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Func<CallbackFields, Callback?>> Events = new Dictionary<string, Func<CallbackFields, Callback?>>
    {
        ["subscribe"] = SubscribeEvent.Read,
        ["unsubscribe"] = static _ => new UnsubscribeEvent(),
        ["SCAN"] = ScanEvent.Read,
        ["LOCATION"] = LocationReportEvent.Read,
        ["CLICK"] = MenuClickEvent.Read,
        ["VIEW"] = MenuViewEvent.Read,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Callback Message(string type, CallbackFields fields) =>
        Messages.GetValueOrDefault(type)?.Invoke(fields) ?? new UnknownMessage { Fields = fields.ToDictionary() };

    public static Callback Event(string name, CallbackFields fields) =>
        Events.GetValueOrDefault(name)?.Invoke(fields) ?? new UnknownEvent { Fields = fields.ToDictionary() };
}
