using System.Diagnostics.Metrics;
using CrmServerless.Azure.Cosmos;
using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Pipeline;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Azure.Stores;

/// <summary>The same, and what Cosmos DB is asked and charges for it.</summary>
[Collection(CrashEffectOnceOnAzureTests.Name)]
[TestCaseOrderer(SkipWithoutTables.Name, SkipWhere.Assembly)]
public sealed class EventCostOnAzureTests(CosmosAccount cosmos, TableAccount tables) : EventCostTests
{
    [Fact]
    public async Task An_event_without_a_hit_is_charged_for_a_point_read_and_two_writes()
    {
        await using var world = await Known();
        using var charges = new Charges();
        await Acts(world, world.Hire(), charges.Clear);

        Assert.Equal(["customers read", "customers replace", "customers upsert"], charges.Seen.Select(c => c.What));
        // The emulator says 1 for everything. By Microsoft's table a read of 1 KB is 1 RU and a write some 5.
        if (CosmosAccount.RealEndpoint is null) Assert.Equal(3, charges.Seen.Sum(c => c.Units));
        else Assert.InRange(charges.Seen.Sum(c => c.Units), 3, 40);
    }

    protected override Task<World> Begin(params (string Kind, Rule Rule)[] rules) => AzureStores.Begin(cosmos, tables, rules);

    // The meter is the whole process's; what other tests do meanwhile is told apart by the flow of control.
    private sealed class Charges : IDisposable
    {
        private static readonly AsyncLocal<Charges?> Current = new();
        private readonly MeterListener listener = new();

        public Charges()
        {
            Current.Value = this;
            listener.InstrumentPublished = (instrument, asked) =>
            {
                if (instrument.Meter.Name == CosmosDocuments.MeterName) asked.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<double>((_, units, tags, _) =>
            {
                if (Current.Value == this) Seen.Add(($"{tags[0].Value} {tags[1].Value}", units));
            });
            listener.Start();
        }

        public List<(string What, double Units)> Seen { get; } = [];

        public void Clear() => Seen.Clear();

        public void Dispose()
        {
            Current.Value = null;
            listener.Dispose();
        }
    }
}
