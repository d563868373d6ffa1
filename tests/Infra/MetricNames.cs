namespace CrmServerless.Tests.Infra;

/// <summary>The instruments and their tags, as queries may use them; a test holds the names against the program's.</summary>
internal static class MetricNames
{
    public static IReadOnlyDictionary<string, string[]> Tags { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["crm.acks"] = ["account", "result"],
        ["crm.refusals"] = ["status"],
        ["crm.chat.gaps"] = ["account"],
        ["crm.facts"] = ["stage", "outcome"],
        ["crm.sends"] = ["outcome"],
        ["crm.wechat.calls"] = ["api", "code"],
        ["crm.ack.duration"] = ["result"],
        ["crm.stage.lag"] = ["stage"],
        ["crm.stage.duration"] = ["stage"],
        ["crm.alert.latency"] = ["level"],
        ["crm.deadletters"] = [],
        ["crm.spill.waiting"] = [],
    };

    /// <summary>Tags of the spans.</summary>
    public static string[] SpanTags { get; } = ["crm.subject", "crm.batch"];

    public static string[] Results { get; } = ["accepted", "spilled", "failed", "refused", "flooded"];

    public static string[] Outcomes { get; } = ["handled", "duplicate", "expired", "deadlettered", "retried"];
}
