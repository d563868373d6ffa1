using System.Diagnostics;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Crm.Delivery;

/// <summary>The failure rules, the same on every host.</summary>
public sealed record FailureOptions
{
    /// <summary>Delivery at which a fact that keeps failing is dead-lettered.</summary>
    public int MaxDeliveries { get; init; } = 10;

    /// <summary>A transient fault is tried again inside the delivery for this long, with growing delays.</summary>
    public TimeSpan TransientPatience { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Transient faults do not dead-letter a fact before this age, or its deadline.</summary>
    public TimeSpan TransientAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>When the host stops, work in hand may take this long to finish; nothing is waited for or begun again.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait before a failed delivery is handed back.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// Runs a stage on a delivered fact and owns every failure: hosts only hand over bytes and the delivery count. When
/// <see cref="Run(string, ReadOnlyMemory{byte}, int, CancellationToken)"/> returns, the delivery is to be completed;
/// when it throws, to be abandoned.
/// </summary>
public sealed class PipelineRunner(
    IReadOnlyDictionary<string, BatchHandler> handlers, DeadLetters deadLetters, Progress progress, FailureOptions options, TimeProvider clock)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastDelay = TimeSpan.FromSeconds(30);

    public Task Run(string stage, ReadOnlyMemory<byte> body, int deliveryCount, CancellationToken ct) =>
        Run(stage, [body], deliveryCount, ct);

    /// <summary>Several facts at once, for stages with a batch size. They are delivered again together.</summary>
    public async Task Run(string stage, IReadOnlyList<ReadOnlyMemory<byte>> bodies, int deliveryCount, CancellationToken ct)
    {
        var batch = new List<StageDelivery>(bodies.Count);
        foreach (var body in bodies)
            if (await Admit(stage, body, deliveryCount, ct) is { } delivery) batch.Add(delivery);
        if (batch.Count == 0) return;
        foreach (var delivery in batch) progress.Began(stage, delivery.Fact);
        using var span = Telemetry.Begin(stage, batch);
        // A call to WeChat that is cut off in the middle would end as unknown: what is in hand is finished.
        using var work = new CancellationTokenSource();
        using var stop = ct.Register(() => work.CancelAfter(options.StopGrace));
        var started = clock.GetTimestamp();
        try
        {
            await HandleWithPatience(stage, batch, work.Token, ct);
            foreach (var late in batch.Where(d => d.Expired)) progress.Expired(stage, late.Fact);
            progress.Handled(stage, [.. batch.Where(d => !d.Expired)], clock.GetElapsedTime(started), ok: true);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            var failed = batch.Count == 1 || e is TransientException ? batch : await FindGuilty(handlers[stage], batch, work.Token, ct);
            progress.Handled(stage, failed, clock.GetElapsedTime(started), ok: false);
            span?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            if (failed.Count == 0 || await GiveUp(stage, failed, e, ct)) return;
            progress.Retried(stage, failed.Count);
            throw;
        }
    }

    /// <summary>Handles each fact of a failed batch alone; those that fail again. One bad fact must not take the others with it.</summary>
    private static async Task<List<StageDelivery>> FindGuilty(BatchHandler handler, List<StageDelivery> batch, CancellationToken work, CancellationToken ct)
    {
        var guilty = new List<StageDelivery>();
        foreach (var delivery in batch)
        {
            try
            {
                await handler([delivery], work);
            }
            catch (Exception e) when (e is not TransientException && !ct.IsCancellationRequested)
            {
                guilty.Add(delivery); // the batch's fault stands for theirs
            }
        }

        return guilty;
    }

    /// <summary>The fact, if it is one that this stage has to handle now.</summary>
    private async ValueTask<StageDelivery?> Admit(string stage, ReadOnlyMemory<byte> body, int deliveryCount, CancellationToken ct)
    {
        if (!Envelope.TryRead(body.Span, out var read))
        {
            if (!await Bury(() => deadLetters.AddUnreadable(stage, body, ct), ct)) throw Unburied();
            progress.DeadLettered(stage, 1);
            return null;
        }

        var fact = read!;
        if (fact.Only is { } only && only != stage) return null;
        if (fact.Depth > Envelope.MaxDepth)
        {
            var loop = new InvalidOperationException("Rules set each other off in a loop.");
            if (!await Bury(() => deadLetters.Add(stage, fact, deliveryCount, false, loop, ct), ct)) throw Unburied();
            progress.DeadLettered(stage, 1);
            return null;
        }

        var delivery = new StageDelivery(fact, deliveryCount);
        return Expires(stage, delivery) ? null : delivery;
    }

    /// <summary>True if it is late and surely not begun: then it is skipped and counted here. Else the handler knows.</summary>
    private bool Expires(string stage, StageDelivery delivery)
    {
        if (!(delivery.Fact.Deadline < clock.GetUtcNow()) || delivery.Count > 1 || delivery.Committed) return false;
        progress.Expired(stage, delivery.Fact);
        return true;
    }

    private async Task HandleWithPatience(string stage, List<StageDelivery> batch, CancellationToken work, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        for (var delay = FirstDelay; ; delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LastDelay.Ticks)))
        {
            try
            {
                await handlers[stage](batch, work);
                return;
            }
            catch (TransientException) when (clock.GetElapsedTime(started) + delay < options.TransientPatience)
            {
                await Task.Delay(delay, clock, ct);
            }

            // A deadline may pass while a fault is waited out.
            if (batch.RemoveAll(d => Expires(stage, d)) > 0 && batch.Count == 0) return;
        }
    }

    /// <summary>True if the batch is settled as dead; false if it is to be delivered again.</summary>
    private async Task<bool> GiveUp(string stage, List<StageDelivery> batch, Exception fault, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var hopeless = batch.TrueForAll(d => d.Count >= options.MaxDeliveries
            && (fault is not TransientException || now >= (d.Fact.Deadline ?? Due(d.Fact) + options.TransientAge)));
        if (!hopeless)
        {
            if (fault is TransientException) return false; // it has waited already
            var seconds = Math.Min(Math.Pow(2, batch[0].Count), options.MaxBackOff.TotalSeconds);
            await Task.Delay(TimeSpan.FromSeconds(seconds), clock, ct);
            return false;
        }

        foreach (var delivery in batch)
            if (!await Bury(() => deadLetters.Add(stage, delivery.Fact, delivery.Count, delivery.Committed, fault, ct), ct)) return false;
        progress.DeadLettered(stage, batch.Count);
        return true;
    }

    /// <summary>Writes a dead letter; false, after a wait, if its store is down: the fact stays with the broker.</summary>
    private async Task<bool> Bury(Func<Task> write, CancellationToken ct)
    {
        try
        {
            await write();
            return true;
        }
        catch (TransientException)
        {
            await Task.Delay(options.MaxBackOff, clock, ct);
            return false;
        }
    }

    private static TransientException Unburied() => new("A dead letter could not be written.");

    private static DateTimeOffset Due(Envelope fact) => fact.NotBefore > fact.PublishedAt ? fact.NotBefore.Value : fact.PublishedAt;
}

/// <summary>A stage's handler for facts that come together; a batch of one for most stages.</summary>
public delegate Task BatchHandler(IReadOnlyList<StageDelivery> batch, CancellationToken ct);
