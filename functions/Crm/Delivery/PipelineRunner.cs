using System.Text.Json;
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
    /// <param name="stage">The stage.</param>
    /// <param name="bodies">The envelopes.</param>
    /// <param name="deliveryCount">Which delivery it is, from 1.</param>
    /// <param name="ct">Drops the work where it stands.</param>
    /// <param name="stopping">Lets the work finish, but ends the waiting for another try: the fact is handed back.</param>
    public async Task Run(
        string stage, IReadOnlyList<ReadOnlyMemory<byte>> bodies, int deliveryCount, CancellationToken ct, CancellationToken stopping = default)
    {
        var batch = new List<StageDelivery>(bodies.Count);
        foreach (var body in bodies)
            if (await Admit(stage, body, deliveryCount, ct) is { } delivery) batch.Add(delivery);
        if (batch.Count == 0) return;
        var started = clock.GetTimestamp();
        try
        {
            await HandleWithPatience(stage, batch, ct, stopping);
            foreach (var late in batch.Where(d => d.Expired)) progress.Expired(stage, late.Fact);
            progress.Handled(stage, [.. batch.Where(d => !d.Expired)], clock.GetElapsedTime(started), ok: true);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            var failed = batch.Count == 1 || e is TransientException ? batch : await FindGuilty(handlers[stage], batch, ct);
            progress.Handled(stage, failed, clock.GetElapsedTime(started), ok: false);
            if (failed.Count == 0 || await GiveUp(stage, failed, e, ct, stopping)) return;
            throw;
        }
    }

    /// <summary>Handles each fact of a failed batch alone; those that fail again. One bad fact must not take the others with it.</summary>
    private static async Task<List<StageDelivery>> FindGuilty(BatchHandler handler, List<StageDelivery> batch, CancellationToken ct)
    {
        var guilty = new List<StageDelivery>();
        foreach (var delivery in batch)
        {
            try
            {
                await handler([delivery], ct);
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
            await deadLetters.AddUnreadable(stage, body, ct);
            return null;
        }

        var fact = read!;
        if (fact.Only is { } only && only != stage) return null;
        if (fact.Depth > Envelope.MaxDepth)
        {
            await deadLetters.Add(stage, fact, deliveryCount, false, new InvalidOperationException("Rules set each other off in a loop."), ct);
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

    private async Task HandleWithPatience(string stage, List<StageDelivery> batch, CancellationToken ct, CancellationToken stopping)
    {
        var started = clock.GetTimestamp();
        for (var delay = FirstDelay; ; delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LastDelay.Ticks)))
        {
            try
            {
                await handlers[stage](batch, ct);
                return;
            }
            catch (TransientException) when (clock.GetElapsedTime(started) + delay < options.TransientPatience)
            {
                await Wait(delay, ct, stopping);
            }

            // A deadline may pass while a fault is waited out.
            if (batch.RemoveAll(d => Expires(stage, d)) > 0 && batch.Count == 0) return;
        }
    }

    private async Task Wait(TimeSpan time, CancellationToken ct, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping);
        await Task.Delay(time, clock, either.Token);
    }

    /// <summary>True if the batch is settled as dead; false if it is to be delivered again.</summary>
    private async Task<bool> GiveUp(string stage, List<StageDelivery> batch, Exception fault, CancellationToken ct, CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        var hopeless = batch.TrueForAll(d => d.Count >= options.MaxDeliveries
            && (fault is not TransientException || now >= (d.Fact.Deadline ?? d.Fact.PublishedAt + options.TransientAge)));
        if (!hopeless)
        {
            if (fault is TransientException) return false; // it has waited already
            var seconds = Math.Min(Math.Pow(2, batch[0].Count), options.MaxBackOff.TotalSeconds);
            await Wait(TimeSpan.FromSeconds(seconds), ct, stopping);
            return false;
        }

        foreach (var delivery in batch) await deadLetters.Add(stage, delivery.Fact, delivery.Count, delivery.Committed, fault, ct);
        return true;
    }
}

/// <summary>A stage's handler for facts that come together; a batch of one for most stages.</summary>
public delegate Task BatchHandler(IReadOnlyList<StageDelivery> batch, CancellationToken ct);
