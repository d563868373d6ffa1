using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Notify;
using CrmServerless.Crm.Storage;
using CrmServerless.Crm.Upkeep;
using CrmServerless.Local.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using CrmPipeline = CrmServerless.Crm.Pipeline;

namespace CrmServerless.Tests.Support;

/// <summary>
/// One process: the pipeline's real parts over the world's files, with one thread that takes a fact at a time, so that a
/// test is the same on every run.
/// </summary>
public sealed class Worker : IAsyncDisposable
{
    private readonly World world;
    private readonly ServiceProvider services;

    internal Worker(World world, Fate fate, AccountBook accounts)
    {
        (this.world, Fate) = (world, fate);
        services = new ServiceCollection()
            .AddSingleton<TimeProvider>(world.Clock)
            .AddSingleton(accounts)
            .AddSingleton<IDocuments>(_ => new CrashingDocuments(world.Documents, fate))
            .AddKeyedSingleton<IDocuments>(CrmServices.SpillStore, (_, _) => new CrashingDocuments(world.Spill, fate))
            .AddSingleton<IMessageBus>(_ => new CrashingBus(world.Bus, fate))
            .AddSingleton<INotifier>(new Notices())
            .AddSingleton(_ => world.Phone.Line(fate))
            .AddCrm()
            .BuildServiceProvider();
    }

    public Fate Fate { get; }

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <summary>Takes what is ready, stage after stage, until nothing is.</summary>
    /// <exception cref="ProcessDiedException">It died on the way.</exception>
    public async Task Drain()
    {
        for (var busy = true; busy;)
        {
            busy = false;
            foreach (var stage in CrmPipeline.Stages)
            {
                if (!world.Bus.TryReceive(stage.Name, out var delivery)) continue;
                busy = true;
                await Run(delivery);
            }
        }
    }

    /// <summary>The next fact of a stage, leased to this process.</summary>
    public SqliteDelivery Take(string stage) =>
        world.Bus.TryReceive(stage, out var delivery) ? delivery : throw new InvalidOperationException($"Nothing waits for {stage}.");

    /// <summary>
    /// Handles a delivery as a host does: completes it when the pipeline returns, gives it back when it throws. Should it
    /// wait, because an emulator on a busy machine lets a call drop, then the clock runs for as long, no faster than a real one.
    /// </summary>
    public async Task Run(SqliteDelivery delivery)
    {
        try
        {
            await world.Clock.RunUntil(
                Get<PipelineRunner>().Run(delivery.Stage, delivery.Body, delivery.DeliveryCount, Fate.Alive), TimeSpan.FromMilliseconds(1));
        }
        catch (Exception e) when (e is not ProcessDiedException && !Fate.Dead)
        {
            await delivery.Abandon();
            throw;
        }

        await Fate.Do($"complete {delivery.Stage}", async () =>
        {
            await delivery.Complete();
            return true;
        });
        Envelope.TryRead(delivery.Body.Span, out var fact);
        world.Completed.Add((delivery.Stage, fact!, delivery.DeliveryCount));
    }

    /// <summary>Runs a stage on a fact, past the broker. Should it wait, then the clock runs for as long.</summary>
    public Task Run(string stage, Envelope fact, int count = 1) =>
        world.Clock.RunUntil(Get<PipelineRunner>().Run(stage, fact.ToUtf8Bytes(), count, Fate.Alive), TimeSpan.FromMilliseconds(1));

    public Task Publish(params Envelope[] facts) => Get<IMessageBus>().Publish(facts, default);

    /// <summary>What the timer does, after every outbox has become stale.</summary>
    public async Task Upkeep()
    {
        await world.Advance(KeepUp.StaleOutbox + TimeSpan.FromSeconds(1));
        await Get<KeepUp>().Run(default);
        await Drain();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Fate.Dispose();
    }

    private sealed class Notices : INotifier
    {
        public Task Notify(Notice notice, CancellationToken ct) => Task.CompletedTask;
    }
}
