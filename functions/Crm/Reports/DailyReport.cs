using System.Text.Json.Serialization;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Stats;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.Crm.Reports;

/// <summary>日报: one Shanghai day of one account. The same rows give the same bytes, so a rebuilt report is comparable.</summary>
public sealed record DailyReport
{
    public required string Account { get; init; }

    public required DateOnly Date { get; init; }

    /// <summary>Preliminary while the day lasts.</summary>
    public required ReportState State { get; init; }

    public required FollowerFigures Followers { get; init; }

    /// <summary>Customers of staff; only where WeCom called about some.</summary>
    public ContactFigures? Contacts { get; init; }

    public required EventFigures Events { get; init; }

    public required ReplyFigures Replies { get; init; }

    public required TagFigures Tags { get; init; }

    public required AlertFigures Alerts { get; init; }
}

[JsonConverter(typeof(LowerCaseEnum<ReportState>))]
public enum ReportState
{
    Preliminary,
    Final,
}

public sealed record FollowerFigures(int Gained, int Lost, int Net);

/// <param name="Added">Adds, confirmed.</param>
/// <param name="HalfAdded">Adds by customers that staff had not confirmed; most of them come again as added.</param>
/// <param name="Lost">Customers who deleted a member of staff.</param>
/// <param name="Deleted">Customers whom a member of staff deleted or handed over.</param>
public sealed record ContactFigures(int Added, int HalfAdded, int Lost, int Deleted);

/// <param name="Total">All callbacks.</param>
/// <param name="ByKind">By normalised kind.</param>
/// <param name="ByHour">24 numbers, Shanghai time.</param>
public sealed record EventFigures(int Total, SortedDictionary<string, int> ByKind, int[] ByHour);

public sealed record ReplyFigures(int Sent, int Skipped, int Refused, int Unknown, SortedDictionary<string, int> ByReason, SortedDictionary<string, int> ByRule);

public sealed record TagFigures(SortedDictionary<string, int> Given, SortedDictionary<string, int> Taken);

public sealed record AlertFigures(int Raised, int Escalated, int Closed, SortedDictionary<string, int> ByLevel, SortedDictionary<string, int> ByWord);

/// <summary>Adds rows up to a report.</summary>
public sealed class ReportSum
{
    private readonly SortedDictionary<string, int> kinds = New(), outcomes = New(), reasons = New(), rules = New(),
        given = New(), taken = New(), alerts = New(), levels = New(), words = New();

    private readonly int[] hours = new int[24];

    public void Add(StatsRow row)
    {
        switch (row.Subject)
        {
            case Subjects.EventReceived:
                Count(kinds, row.Kind);
                hours[row.Hour]++;
                break;
            case Subjects.ReplySent:
                Count(outcomes, row.Outcome);
                Count(reasons, row.Reason);
                Count(rules, row.Rule);
                break;
            case Subjects.CustomerTagged:
                Count(row.Outcome == "given" ? given : taken, row.Tag);
                break;
            case Subjects.AlertRaised:
                Count(alerts, row.Subject);
                Count(levels, row.Level);
                foreach (var word in row.Words ?? []) Count(words, word);
                break;
            case Subjects.AlertEscalated or Subjects.AlertClosed:
                Count(alerts, row.Subject);
                break;
        }
    }

    public DailyReport Total(string account, DateOnly date, ReportState state)
    {
        var (gained, lost) = (Of(kinds, Kinds.Subscribe), Of(kinds, Kinds.Unsubscribe));
        return new DailyReport
        {
            Account = account, Date = date, State = state,
            Followers = new FollowerFigures(gained, lost, gained - lost), Contacts = Contacts(),
            Events = new EventFigures(kinds.Values.Sum(), kinds, hours),
            Replies = new ReplyFigures(Of(outcomes, "sent"), Of(outcomes, "skipped"), Of(outcomes, "refused"), Of(outcomes, "unknown"), reasons, rules),
            Tags = new TagFigures(given, taken),
            Alerts = new AlertFigures(Of(alerts, Subjects.AlertRaised), Of(alerts, Subjects.AlertEscalated), Of(alerts, Subjects.AlertClosed), levels, words),
        };
    }

    private ContactFigures? Contacts()
    {
        var figures = new ContactFigures(
            Of(kinds, WeComKinds.CustomerAdded), Of(kinds, WeComKinds.CustomerHalfAdded), Of(kinds, WeComKinds.CustomerLost), Of(kinds, WeComKinds.CustomerDeleted));
        return figures == new ContactFigures(0, 0, 0, 0) ? null : figures;
    }

    private static SortedDictionary<string, int> New() => new(StringComparer.Ordinal);

    private static int Of(SortedDictionary<string, int> counts, string name) => counts.GetValueOrDefault(name);

    private static void Count(SortedDictionary<string, int> counts, string? name)
    {
        if (name is not null) counts[name] = counts.GetValueOrDefault(name) + 1;
    }
}
