using CrmServerless.Crm;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Storage;
using CrmServerless.Crm.Upkeep;
using CrmServerless.Local.Hosting;
using CrmServerless.Local.Sqlite;
using CrmServerless.Tests.Local;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using CrmPipeline = CrmServerless.Crm.Pipeline;

namespace CrmServerless.Tests.Pipeline;

/// <summary>The real host over HTTP, on a bus and a spill that fail as a test says.</summary>
public abstract class FaultyStoresTest : IDisposable
{
    private protected static readonly TimeSpan Moments = TimeSpan.FromMilliseconds(100);

    private protected TempFolder Folder { get; } = new();

    private protected ManualClock Clock { get; } = new(new DateTimeOffset(2026, 6, 1, 2, 0, 0, TimeSpan.Zero));

    private protected FaultyBus Bus { get; private set; } = null!;

    private protected FaultySpill Spilling { get; private set; } = null!;

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task<TestHost> Start(ReceiveOptions? options = null, Action? beforeCommit = null, bool realTime = false, bool timers = true)
    {
        var data = Folder.File("data");
        var time = realTime ? TimeProvider.System : (TimeProvider)Clock;
        var host = await TestHost.Start(data, time, services =>
        {
            if (!timers) services.Remove(services.Single(d => d.ImplementationType == typeof(Timers)));
            if (options is not null) services.Replace(ServiceDescriptor.Singleton(options));
            services.Replace(ServiceDescriptor.Singleton(_ =>
                new SqliteBus(new SqliteBusOptions { Path = Path.Combine(data, "bus.db"), Stages = CrmPipeline.Stages, BeforeCommit = beforeCommit }, time)));
            services.Replace(ServiceDescriptor.Singleton<IMessageBus>(p => new FaultyBus(p.GetRequiredService<SqliteBus>())));
            services.Replace(ServiceDescriptor.KeyedSingleton<IDocuments>(CrmServices.SpillStore,
                (_, _) => new FaultySpill(new SqliteDocuments(Path.Combine(data, "spill.db"), [Collections.Spill]))));
        });
        Bus = (FaultyBus)host.Get<IMessageBus>();
        Spilling = (FaultySpill)host.Spill;
        return host;
    }

    private protected async Task Drain(TestHost host)
    {
        await host.Get<KeepUp>().Run(default);
        await Idle(host);
    }

    /// <summary>Two stages that meet at one customer's file step aside for a moment: for as long the clock must run.</summary>
    private protected Task Idle(TestHost host) => Clock.RunUntil(host.Idle(), TimeSpan.FromMilliseconds(1));

    private protected static Task Spilled(TestHost host, int count) => Until(() => host.Get<Spill>().Count(default).AsTask().Result == count);

    private protected static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!condition()) await Task.Delay(5, limit.Token);
    }
}
