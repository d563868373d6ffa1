using CrmServerless.Crm.Messaging;

namespace CrmServerless.Crm.Delivery;

/// <summary>A stage finished a fact. <paramref name="Elapsed"/> covers the whole batch.</summary>
public sealed record StageProgress(string Stage, Envelope Fact, TimeSpan Elapsed, bool Ok);

/// <summary>A callback was answered.</summary>
/// <param name="Account">The account, if it is known.</param>
/// <param name="Kind">The kind of event, if it was accepted.</param>
/// <param name="Key">The customer's key, if it was accepted.</param>
/// <param name="Elapsed">From arrival to answer.</param>
/// <param name="Result">accepted, spilled, refused, flooded (refused, with many others) or failed.</param>
public sealed record AckProgress(string? Account, string? Kind, string? Key, TimeSpan Elapsed, string Result);

/// <summary>What waits for somebody or something.</summary>
/// <param name="DeadLetters">Facts that a stage gave up, up to 200.</param>
/// <param name="Spilled">Events that the bus has not taken, up to 1,000.</param>
/// <param name="OverdueAlerts">Alerts that nobody acknowledged in time, up to 200.</param>
/// <param name="MissingReports">Accounts without the report that they should have.</param>
public sealed record Backlog(int DeadLetters, int Spilled, int OverdueAlerts, int MissingReports);

/// <summary>What happens in this process, for whoever watches: the page, health, and <see cref="Telemetry"/> if there is one.</summary>
public sealed class Progress(TimeProvider clock, Telemetry? telemetry = null)
{
    private long expired, chatGaps;

    public event Action<StageProgress>? StageFinished;

    public event Action<AckProgress>? Answered;

    /// <summary>Facts skipped because their deadline had passed, since the start.</summary>
    public long ExpiredCount => Interlocked.Read(ref expired);

    /// <summary>Changes of customer groups before which at least one callback was missing, since the start.</summary>
    public long ChatGapCount => Interlocked.Read(ref chatGaps);

    internal void ChatGap(string account)
    {
        Interlocked.Increment(ref chatGaps);
        telemetry?.Missed(account);
    }

    internal void Began(string stage, Envelope fact) => telemetry?.Began(stage, fact, clock.GetUtcNow());

    internal void Handled(string stage, IReadOnlyList<StageDelivery> batch, TimeSpan elapsed, bool ok)
    {
        telemetry?.Worked(stage, elapsed);
        if (ok)
        {
            var duplicates = batch.Count(d => d.Duplicate);
            telemetry?.Finished(stage, Outcomes.Duplicate, duplicates);
            telemetry?.Finished(stage, Outcomes.Handled, batch.Count - duplicates);
        }

        if (StageFinished is not { } watching) return;
        foreach (var delivery in batch) watching(new StageProgress(stage, delivery.Fact, elapsed, ok));
    }

    /// <summary>Handed back, to be delivered again.</summary>
    internal void Retried(string stage, int facts) => telemetry?.Finished(stage, Outcomes.Retried, facts);

    internal void DeadLettered(string stage, int facts) => telemetry?.Finished(stage, Outcomes.DeadLettered, facts);

    internal void Sent(string outcome) => telemetry?.Sent(outcome);

    internal void Alerted(string level, DateTimeOffset occurredAt) => telemetry?.Alerted(level, clock.GetUtcNow() - occurredAt);

    internal void Refused(int status) => telemetry?.Refused(status);

    internal void Waiting(Backlog backlog) => telemetry?.Waiting(backlog);

    internal void Ack(AckProgress ack)
    {
        telemetry?.Answered(ack);
        Answered?.Invoke(ack);
    }

    internal void Expired(string stage, Envelope fact)
    {
        Interlocked.Increment(ref expired);
        telemetry?.Finished(stage, Outcomes.Expired);
        StageFinished?.Invoke(new StageProgress(stage, fact, TimeSpan.Zero, false));
    }
}
