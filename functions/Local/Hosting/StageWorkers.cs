using System.Collections.Concurrent;
using CrmServerless.Crm;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Local.Simulator;
using CrmServerless.Local.Sqlite;

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
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(20);

    /// <summary>As long as Functions renew a lock.</summary>
    private static readonly TimeSpan RenewFor = TimeSpan.FromMinutes(10);

    // Stages may lag, callbacks may not: half the cores at most work on stages at any moment.
    private readonly TaskScheduler scheduler =
        new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Math.Max(1, Environment.ProcessorCount / 2)).ConcurrentScheduler;

    private readonly ConcurrentDictionary<SqliteDelivery, DateTimeOffset> held = new();

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
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (LeaseLostException)
            {
                // Somebody else has the fact by now; the stages recognise what was done.
                log.LogWarning("Stage {Stage} lost a lease", stage.Name);
            }
        }
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
            foreach (var delivery in deliveries) await delivery.Complete();
        }
        catch (Exception e) when (e is not LeaseLostException)
        {
            // The pipeline has waited and decided: whatever it throws means "deliver again".
            if (!stopping.IsCancellationRequested)
                log.LogWarning("Stage {Stage} hands back {FactId} after {Fault}", stage.Name, deliveries[0].FactId, e.GetType().Name);
            foreach (var delivery in deliveries) await delivery.Abandon();
        }
        finally
        {
            foreach (var delivery in deliveries) held.TryRemove(delivery, out _);
        }
    }

    private void Renew()
    {
        var now = clock.GetUtcNow();
        foreach (var (delivery, until) in held)
            if (now < until) delivery.TryRenew();
    }
}
