using System.Text.Json.Serialization;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Crm.Customers;

/// <summary>
/// What WeChat lets us send: <see cref="MessageLimit"/> messages in 48 h after the customer's last message,
/// <see cref="EventLimit"/> in a minute after a follow, a scan or a menu click. Counted here, before WeChat answers
/// 45015 (out of time) or 45047 (over count).
/// See https://developers.weixin.qq.com/doc/service/guide/product/kf/ (客服消息).
/// </summary>
public sealed record ReplyWindow
{
    public const int MessageLimit = 5;
    public const int EventLimit = 3;
    public static readonly TimeSpan MessageSpan = TimeSpan.FromHours(48);
    public static readonly TimeSpan EventSpan = TimeSpan.FromMinutes(1);

    /// <summary>A one-minute window is used up to here only: the rest is for the way to WeChat.</summary>
    public static readonly TimeSpan EventDeadline = TimeSpan.FromSeconds(50);

    private static readonly string[] EventKinds =
        [Kinds.Subscribe, Kinds.Scan, Kinds.MenuClick, Kinds.MenuScanPush, Kinds.MenuScanWait];

    /// <summary>The message that opened the 48 hours.</summary>
    public DateTimeOffset? MessageAt { get; init; }

    /// <summary>The event that opened the minute.</summary>
    public DateTimeOffset? EventAt { get; init; }

    /// <summary>Slots taken since then, each by one send.</summary>
    public IReadOnlyList<WindowSlot> Slots { get; set; } = [];

    /// <summary>The window after an incoming event. An older event that arrives late does not turn it back.</summary>
    public ReplyWindow After(string kind, DateTimeOffset at)
    {
        if (OpensMessages(kind) && !(MessageAt >= at))
            return this with { MessageAt = at, Slots = [.. Slots.Where(s => s.Grant != Grant.Message)] };
        if (OpensEvents(kind) && !(EventAt >= at))
            return this with { EventAt = at, Slots = [.. Slots.Where(s => s.Grant != Grant.Event)] };
        return this;
    }

    /// <summary>
    /// Takes a slot for a send, the shorter-lived first; the same window if the send has one already; null if there is
    /// none, with the reason.
    /// </summary>
    public ReplyWindow? Reserve(string send, string ruleId, DateTimeOffset now, out string? reason)
    {
        reason = null;
        if (Slots.Any(s => s.Send == send)) return this;
        if (EventOpen(now) && Left(Grant.Event) > 0) return Take(new WindowSlot(send, ruleId, Grant.Event));
        if (MessageOpen(now) && Left(Grant.Message) > 0) return Take(new WindowSlot(send, ruleId, Grant.Message));
        reason = EventOpen(now) || MessageOpen(now) ? SkipReasons.WindowUsedUp : SkipReasons.WindowClosed;
        return null;
    }

    /// <summary>Gives the slot of a refused send back.</summary>
    public ReplyWindow Release(string send) =>
        Slots.Any(s => s.Send == send) ? this with { Slots = [.. Slots.Where(s => s.Send != send)] } : this;

    public int Left(Grant grant) =>
        (grant == Grant.Message ? MessageLimit : EventLimit) - Slots.Count(s => s.Grant == grant);

    /// <summary>The end of the 48 hours; null if the customer has not written.</summary>
    [JsonIgnore]
    public DateTimeOffset? MessageUntil => MessageAt + MessageSpan;

    public bool MessageOpen(DateTimeOffset now) => now < MessageUntil;

    public bool EventOpen(DateTimeOffset now) => EventAt is { } at && now < at + EventDeadline;

    public static bool OpensMessages(string kind) => kind.StartsWith("oa.message.", StringComparison.Ordinal);

    public static bool OpensEvents(string kind) => EventKinds.Contains(kind, StringComparer.Ordinal);

    private ReplyWindow Take(WindowSlot slot) => this with { Slots = [.. Slots, slot] };
}

[JsonConverter(typeof(LowerCaseEnum<Grant>))]
public enum Grant
{
    Message,
    Event,
}

/// <param name="Send">Id of the send, which is the id of its ledger entry.</param>
/// <param name="RuleId">The rule that was decided on.</param>
/// <param name="Grant">Which quota it is taken from.</param>
public sealed record WindowSlot(string Send, string RuleId, Grant Grant);

/// <summary>Why an answer was not sent.</summary>
public static class SkipReasons
{
    public const string WindowClosed = "window-closed";
    public const string WindowUsedUp = "window-used-up";
    public const string NotSubscribed = "not-subscribed";
    public const string NotLive = "not-live";

    /// <summary>WeChat's quota of the API is used up for longer than the customer's window is open.</summary>
    public const string Quota = "quota";

    /// <summary>A secret, the allow-list or a permission has to be repaired, and the customer's window will be closed by the next try.</summary>
    public const string Configuration = "configuration";

    /// <summary>The rule was deleted or disabled while its answer waited.</summary>
    public const string RuleGone = "rule-gone";

    /// <summary>The account was taken out of the settings while its answer waited.</summary>
    public const string AccountGone = "account-gone";

    /// <summary>The reason for what was put off too long, by WeChat's code.</summary>
    public static string Of(int? code) =>
        code is ApiErrors.QuotaUsedUp or ApiErrors.MinuteUsedUp or ApiErrors.OwnLimit ? Quota : Configuration;

    /// <summary>A hand-over to the service desk is possible only in the response to a callback; the account answers by the customer-service interface.</summary>
    public const string PassiveOnly = "passive-only";

    /// <summary>The account answers only in the response to the callback, which does not wait for the customer file that the rule looks at.</summary>
    public const string NeedsCustomer = "needs-customer";

    /// <summary>The account answers only in the response to the callback, and WeChat takes no such answer to this kind.</summary>
    public const string NotAnswerable = "not-answerable";

    /// <summary>The account answers only in the response to the callback, when this rule was not in force yet.</summary>
    public const string NotInTime = "not-in-time";
}
