using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Tags;

namespace CrmServerless.Crm.Stats;

/// <summary>What is counted of one fact: dimensions only, no openid and no text.</summary>
public sealed record StatsRow
{
    public required string Subject { get; init; }

    public required string Kind { get; init; }

    /// <summary>Hour of the Shanghai day, 0 to 23.</summary>
    public required int Hour { get; init; }

    public string? Outcome { get; init; }

    public string? Reason { get; init; }

    public string? Rule { get; init; }

    public string? Tag { get; init; }

    public string? Stage { get; init; }

    public string? Level { get; init; }

    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>The moment whose Shanghai day a fact counts under.</summary>
    public static DateTimeOffset CountedAt(Envelope fact) => fact.CountedAt ?? fact.OccurredAt;

    public static StatsRow Of(Envelope fact, DateTimeOffset at)
    {
        var row = new StatsRow { Subject = fact.Subject, Kind = fact.Kind, Hour = at.ToOffset(Shanghai.Offset).Hour };
        return fact.Subject switch
        {
            Subjects.ReplySent => Sent(row, fact.Read(CrmJson.Types.ReplySent)),
            Subjects.CustomerTagged => Tagged(row, fact.Read(CrmJson.Types.CustomerTagged)),
            Subjects.LifecycleChanged => row with { Stage = fact.Read(CrmJson.Types.LifecycleChanged).To },
            Subjects.AlertRaised or Subjects.AlertEscalated or Subjects.AlertClosed => Alerted(row, fact.Read(CrmJson.Types.AlertFact)),
            _ => row,
        };
    }

    private static StatsRow Sent(StatsRow row, ReplySent sent) => row with
    {
        Outcome = sent.Outcome.ToString().ToLowerInvariant(), Rule = sent.RuleId,
        Reason = sent.Reason ?? (sent.Code is { } code ? code.ToString(System.Globalization.CultureInfo.InvariantCulture) : null),
    };

    private static StatsRow Tagged(StatsRow row, CustomerTagged tagged) =>
        row with { Tag = tagged.Tag, Rule = tagged.RuleId, Outcome = tagged.Given ? "given" : "taken" };

    private static StatsRow Alerted(StatsRow row, AlertFact alert) =>
        row with { Level = alert.Level.ToString().ToLowerInvariant(), Words = alert.Words, Rule = alert.RuleId };
}
