using System.Diagnostics;
using System.Diagnostics.Metrics;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Crm;

/// <summary>
/// Everything that can be measured from outside, under names that dashboards and alerts use; never rename one. No tag
/// holds anything of a customer: neither key nor text, nor whatever else WeChat sends as it likes.
/// </summary>
public sealed class Telemetry
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "CrmServerless";

    /// <summary>Callbacks answered, by account and result.</summary>
    public const string Acks = "crm.acks";

    /// <summary>Refused calls by the status of the answer; 429 are those over the flood limits.</summary>
    public const string Refusals = "crm.refusals";

    /// <summary>Seconds from arrival to answer, by result.</summary>
    public const string AckDuration = "crm.ack.duration";

    /// <summary>Facts that a stage is done with, by stage and outcome: handled, duplicate, expired, retried, deadlettered.</summary>
    public const string Facts = "crm.facts";

    /// <summary>Seconds from a fact's publishing (or its due time) until a stage begins with it, by stage.</summary>
    public const string StageLag = "crm.stage.lag";

    /// <summary>Seconds that a stage worked on a delivery, by stage.</summary>
    public const string StageDuration = "crm.stage.duration";

    /// <summary>Answers to customers, by outcome: sent, refused, skipped, unknown.</summary>
    public const string Sends = "crm.sends";

    /// <summary>Seconds from what the customer wrote until somebody was told, by level.</summary>
    public const string AlertLatency = "crm.alert.latency";

    /// <summary>Changes of WeCom's customer groups before which a callback was missing, by account.</summary>
    public const string ChatGaps = "crm.chat.gaps";

    /// <summary>Dead letters of the pipeline, up to 200; as of the last upkeep.</summary>
    public const string DeadLetterCount = "crm.deadletters";

    /// <summary>Events in the spill, up to 1,000; as of the last upkeep.</summary>
    public const string SpillWaiting = "crm.spill.waiting";

    /// <summary>Alerts that nobody acknowledged in time, up to 200; as of the last upkeep.</summary>
    public const string AlertsOverdue = "crm.alerts.overdue";

    /// <summary>Accounts that should have had yesterday's report for an hour and have none; as of the last upkeep.</summary>
    public const string ReportsMissing = "crm.reports.missing";

    /// <summary>The spans: <c>receive</c>, and one a delivery under the stage's name.</summary>
    public static readonly ActivitySource Source = new(Name);

    private readonly Counter<long> acks, refusals, facts, sends, chatGaps;
    private readonly Histogram<double> ackDuration, stageLag, stageDuration, alertLatency;
    private readonly Gauge<long> deadLetters, spillWaiting, alertsOverdue, reportsMissing;

    public Telemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        acks = meter.CreateCounter<long>(Acks, "{callback}");
        refusals = meter.CreateCounter<long>(Refusals, "{call}");
        facts = meter.CreateCounter<long>(Facts, "{fact}");
        sends = meter.CreateCounter<long>(Sends, "{answer}");
        chatGaps = meter.CreateCounter<long>(ChatGaps, "{change}");
        // Callbacks have 5 s; stages may lag for hours.
        ackDuration = Seconds(meter, AckDuration, [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10]);
        stageLag = Seconds(meter, StageLag, [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600, 86400]);
        stageDuration = Seconds(meter, StageDuration, [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 240]);
        alertLatency = Seconds(meter, AlertLatency, [0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600]);
        deadLetters = meter.CreateGauge<long>(DeadLetterCount, "{letter}");
        spillWaiting = meter.CreateGauge<long>(SpillWaiting, "{event}");
        alertsOverdue = meter.CreateGauge<long>(AlertsOverdue, "{alert}");
        reportsMissing = meter.CreateGauge<long>(ReportsMissing, "{account}");
    }

    /// <summary>The span of a delivery, under the span that published its fact; null if nobody traces.</summary>
    public static Activity? Begin(string stage, IReadOnlyList<StageDelivery> batch)
    {
        if (!Source.HasListeners()) return null;
        ActivityContext.TryParse(batch[0].Fact.TraceParent, null, isRemote: true, out var parent);
        var activity = Source.StartActivity(stage, ActivityKind.Consumer, parent);
        activity?.SetTag("crm.subject", batch[0].Fact.Subject).SetTag("crm.batch", batch.Count);
        return activity;
    }

    internal void Answered(AckProgress ack)
    {
        // An unknown account's name is whatever the caller wrote.
        acks.Add(1, new("account", ack.Account ?? "unknown"), new("result", ack.Result));
        ackDuration.Record(ack.Elapsed.TotalSeconds, new KeyValuePair<string, object?>("result", ack.Result));
    }

    internal void Refused(int status) => refusals.Add(1, new KeyValuePair<string, object?>("status", status));

    internal void Finished(string stage, string outcome, int count = 1)
    {
        if (count > 0) facts.Add(count, new("stage", stage), new("outcome", outcome));
    }

    internal void Began(string stage, Envelope fact, DateTimeOffset now)
    {
        var due = fact.NotBefore > fact.PublishedAt ? fact.NotBefore.Value : fact.PublishedAt;
        stageLag.Record(Math.Max(0, (now - due).TotalSeconds), new KeyValuePair<string, object?>("stage", stage));
    }

    internal void Worked(string stage, TimeSpan elapsed) =>
        stageDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("stage", stage));

    internal void Sent(string outcome) => sends.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void Alerted(string level, TimeSpan latency) =>
        alertLatency.Record(Math.Max(0, latency.TotalSeconds), new KeyValuePair<string, object?>("level", level));

    internal void Missed(string account) => chatGaps.Add(1, new KeyValuePair<string, object?>("account", account));

    internal void Waiting(Backlog backlog)
    {
        deadLetters.Record(backlog.DeadLetters);
        spillWaiting.Record(backlog.Spilled);
        alertsOverdue.Record(backlog.OverdueAlerts);
        reportsMissing.Record(backlog.MissingReports);
    }

    private static Histogram<double> Seconds(Meter meter, string name, IReadOnlyList<double> bounds) =>
        meter.CreateHistogram(name, "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}

/// <summary>What became of a fact in a stage; values of the tag <c>outcome</c>.</summary>
public static class Outcomes
{
    public const string Handled = "handled";
    public const string Duplicate = "duplicate";
    public const string Expired = "expired";
    public const string Retried = "retried";
    public const string DeadLettered = "deadlettered";
}
