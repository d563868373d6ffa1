using System.Collections.Concurrent;
using CrmServerless.Crm;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Local.Simulator;
using CrmServerless.Local.Sqlite;
using Microsoft.Data.Sqlite;

namespace CrmServerless.Local.Hosting;

/// <summary>
/// Receives from the local broker and runs the stages: the triggers' part on a laptop. A stage with sessions has a
/// worker for every lane, so that a lane in back-off holds up nobody else.
/// </summary>
public sealed class StageWorkers(SqliteBus bus, PipelineRunner pipeline, OwnAddress own, TimeProvider clock, ILogger<StageWorkers> log)
    : BackgroundService, IHostedLifecycleService
{
    private const int ParallelWorkers = 16;
    private const int BatchWorkers = 2;
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ComplainEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(20);

    /// <summary>As long as Functions renew a lock.</summary>
    private static readonly TimeSpan RenewFor = TimeSpan.FromMinutes(10);

    // Stages may lag, callbacks may not: half the cores at most work on stages at any moment.
    private readonly TaskScheduler scheduler =
        new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Math.Max(1, Environment.ProcessorCount / 2)).ConcurrentScheduler;

    private readonly ConcurrentDictionary<SqliteDelivery, DateTimeOffset> held = new();
    private long nextComplaint;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Before the server stops: it plays WeChat to us. Callbacks that come meanwhile are kept for the next start.
    public Task StoppingAsync(CancellationToken cancellationToken) => StopAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The server plays WeChat to the stages. Were they to begin before it listens, what waits since the last run would
        // fail a few times, and then be left alone for as long as a WeChat that is down.
        try
        {
            await own.Known.WaitAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }

        using var renewal = clock.CreateTimer(_ => Renew(), null, RenewEvery, RenewEvery);
        var workers = Pipeline.Stages.SelectMany(stage => Enumerable.Range(0, Count(stage)).Select(_ =>
            Task.Factory.StartNew(() => Work(stage, stoppingToken), CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap()));
        await Task.WhenAll(workers);
    }

    private static int Count(Stage stage) => stage switch
    {
        { Sessions: true } => Lanes.Default,
        { BatchSize: > 1 } => BatchWorkers,
        _ => ParallelWorkers,
    };

    private async Task Work(Stage stage, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var deliveries = stage.BatchSize > 1
                    ? await bus.ReceiveBatch(stage.Name, stage.BatchSize, stopping)
                    : [await bus.Receive(stage.Name, stopping)];
                await Run(stage, deliveries, stopping);
            }
            catch (TransientException e)
            {
                // Not the fact's fault but the broker's: it could not read a body. The message has stayed.
                log.LogWarning("Stage {Stage} could not receive: {Fault}", stage.Name, e.Message);
                await Pause(stopping);
            }
            catch (Exception e) when (e is SqliteException or InvalidDataException)
            {
                // The file is damaged where this message stands. It is kept, and so are those behind it in its lane; a
                // person has to look at the file. All others go on.
                Complain(stage, e);
                await Pause(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    // Every worker of a stage may meet such a message every second.
    private void Complain(Stage stage, Exception fault)
    {
        var now = clock.GetUtcNow().Ticks;
        var next = Volatile.Read(ref nextComplaint);
        if (now >= next && Interlocked.CompareExchange(ref nextComplaint, now + ComplainEvery.Ticks, next) == next)
            log.LogError("Stage {Stage} cannot read a message that waits for it, and tries again: {Fault}", stage.Name, fault.Message);
    }

    private async Task Pause(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(AfterFault, clock, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The loop ends.
        }
    }

    private async Task Run(Stage stage, IReadOnlyList<SqliteDelivery> deliveries, CancellationToken stopping)
    {
        var until = clock.GetUtcNow() + RenewFor;
        foreach (var delivery in deliveries) held[delivery] = until;
        try
        {
            await pipeline.Run(stage.Name, [.. deliveries.Select(d => d.Body)], deliveries.Max(d => d.DeliveryCount), stopping);
            await Settle(stage, deliveries, d => d.Complete());
        }
        catch (Exception e)
        {
            // The pipeline has waited and decided: whatever it throws means "deliver again".
            if (!stopping.IsCancellationRequested)
                log.LogWarning("Stage {Stage} hands back {FactId} after {Fault}", stage.Name, deliveries[0].FactId, e.GetType().Name);
            await Settle(stage, deliveries, d => d.Abandon());
        }
        finally
        {
            foreach (var delivery in deliveries) held.TryRemove(delivery, out _);
        }
    }

    // Each for itself: of a batch some leases may be lost, and what is not settled would be in flight until its own ends.
    private async Task Settle(Stage stage, IReadOnlyList<SqliteDelivery> deliveries, Func<SqliteDelivery, Task> settle)
    {
        var lost = 0;
        foreach (var delivery in deliveries)
        {
            try
            {
                await settle(delivery);
            }
            catch (LeaseLostException)
            {
                lost++;
            }
        }

        // Somebody else has these facts by now; the stages recognise what was done.
        if (lost > 0) log.LogWarning("Stage {Stage} lost {Lost} of {Count} leases", stage.Name, lost, deliveries.Count);
    }

    private void Renew()
    {
        var now = clock.GetUtcNow();
        foreach (var (delivery, until) in held)
            if (now < until) delivery.TryRenew();
    }
}
