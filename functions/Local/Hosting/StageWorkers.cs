using System.Collections.Concurrent;
using CrmServerless.Crm;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Local.Sqlite;

namespace CrmServerless.Local.Hosting;

/// <summary>
/// Receives from the local broker and runs the stages: the triggers' part on a laptop. A stage with sessions has a
/// worker for every lane, so that a lane in back-off holds up nobody else. When the host stops, what is in flight is
/// finished before anything else goes, so that an answer on its way to WeChat does not end as unknown.
/// </summary>
public sealed class StageWorkers(SqliteBus bus, PipelineRunner pipeline, TimeProvider clock, ILogger<StageWorkers> log)
    : BackgroundService, IHostedLifecycleService
{
    /// <summary>How long what is in flight may take to finish when the host stops.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);

    private const int ParallelWorkers = 16;
    private const int BatchWorkers = 2;
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(20);

    /// <summary>As long as Functions renew a lock.</summary>
    private static readonly TimeSpan RenewFor = TimeSpan.FromMinutes(10);

    // Stages may lag, callbacks may not: half the cores at most work on stages at any moment.
    private readonly TaskScheduler scheduler =
        new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Math.Max(1, Environment.ProcessorCount / 2)).ConcurrentScheduler;

    private readonly ConcurrentDictionary<SqliteDelivery, DateTimeOffset> held = new();
    private readonly CancellationTokenSource noMore = new();
    private readonly CancellationTokenSource enough = new();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await noMore.CancelAsync();
        if (ExecuteTask is { } working) await Task.WhenAny(working, Task.Delay(DrainLimit, clock, cancellationToken));
        await enough.CancelAsync();
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Dispose()
    {
        base.Dispose();
        noMore.Dispose();
        enough.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // For an end without a stop, such as a start that failed elsewhere.
        using var end = stoppingToken.Register(() =>
        {
            noMore.Cancel();
            enough.Cancel();
        });
        using var renewal = clock.CreateTimer(_ => Renew(), null, RenewEvery, RenewEvery);
        var workers = Pipeline.Stages.SelectMany(stage => Enumerable.Range(0, Count(stage)).Select(_ => 
            Task.Factory.StartNew(() => Work(stage), CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap()));
        await Task.WhenAll(workers);
    }

    private static int Count(Stage stage) => stage switch
    {
        { Sessions: true } => Lanes.Default,
        { BatchSize: > 1 } => BatchWorkers,
        _ => ParallelWorkers,
    };

    private async Task Work(Stage stage)
    {
        while (!noMore.IsCancellationRequested)
        {
            try
            {
                var deliveries = stage.BatchSize > 1
                    ? await bus.ReceiveBatch(stage.Name, stage.BatchSize, noMore.Token)
                    : [await bus.Receive(stage.Name, noMore.Token)];
                await Run(stage, deliveries);
            }
            catch (OperationCanceledException) when (noMore.IsCancellationRequested)
            {
                return;
            }
            catch (TransientException e)
            {
                // The message could not be read and stays; a worker that gave up here would be missed by nobody.
                log.LogWarning("Stage {Stage} cannot receive: {Fault}", stage.Name, e.Message);
                await Task.Delay(AfterFault, clock, CancellationToken.None);
            }
            catch (LeaseLostException)
            {
                // Somebody else has the fact by now; the stages recognise what was done.
                log.LogWarning("Stage {Stage} lost a lease", stage.Name);
            }
        }
    }

    private async Task Run(Stage stage, IReadOnlyList<SqliteDelivery> deliveries)
    {
        var until = clock.GetUtcNow() + RenewFor;
        foreach (var delivery in deliveries) held[delivery] = until;
        try
        {
            await pipeline.Run(stage.Name, [.. deliveries.Select(d => d.Body)], deliveries.Max(d => d.DeliveryCount), enough.Token, noMore.Token);
            foreach (var delivery in deliveries) await delivery.Complete();
        }
        catch (Exception e) when (e is not LeaseLostException)
        {
            // The pipeline has waited and decided: whatever it throws means "deliver again".
            if (!noMore.IsCancellationRequested)
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
