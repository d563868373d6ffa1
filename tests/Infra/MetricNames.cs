using CrmServerless.Crm;

namespace CrmServerless.Tests.Infra;

/// <summary>The instruments and their tags, as queries may use them; a test holds the names against the program's.</summary>
internal static class MetricNames
{
    public static IReadOnlyDictionary<string, string[]> Tags { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [Telemetry.Acks] = ["account", "result"],
        [Telemetry.Refusals] = ["status"],
        [Telemetry.ChatGaps] = ["account"],
        [Telemetry.Facts] = ["stage", "outcome"],
        [Telemetry.Sends] = ["outcome"],
        ["crm.wechat.calls"] = ["api", "code"],
        ["crm.wechat.withheld"] = ["api", "code"],
        [Telemetry.AckDuration] = ["result"],
        [Telemetry.StageLag] = ["stage"],
        [Telemetry.StageDuration] = ["stage"],
        [Telemetry.AlertLatency] = ["level"],
        [Telemetry.DeadLetterCount] = [],
        [Telemetry.SpillWaiting] = [],
        [Telemetry.AlertsOverdue] = [],
        [Telemetry.ReportsMissing] = [],
    };

    /// <summary>Tags of the spans.</summary>
    public static string[] SpanTags { get; } = ["crm.subject", "crm.batch", "crm.account", "crm.api", "crm.code"];

    public static string[] Results { get; } = ["accepted", "spilled", "failed", "refused", "flooded"];

    public static string[] Outcomes { get; } =
        [Crm.Outcomes.Handled, Crm.Outcomes.Duplicate, Crm.Outcomes.Expired, Crm.Outcomes.DeadLettered, Crm.Outcomes.Retried];
}
