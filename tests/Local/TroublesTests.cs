using System.Text.Json;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;
using CrmServerless.Local.Hosting;
using CrmServerless.Local.Simulator;
using CrmServerless.Local.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Local;

public sealed class TroublesTests
{
    [Fact]
    public async Task Without_troubles_every_call_passes()
    {
        var (broker, bus) = Bus(new TroubleShares());

        for (var i = 0; i < 100; i++) await bus.Publish(Facts(3), default);

        Assert.All(broker.Calls, call => Assert.Equal(3, call));
        Assert.Equal(100, broker.Calls.Count);
    }

    [Fact]
    public async Task A_troubled_bus_always_fails_and_takes_none_some_or_all()
    {
        var (broker, bus) = Bus(new TroubleShares(Bus: 1));

        for (var i = 0; i < 200; i++) await Assert.ThrowsAsync<TransientException>(() => bus.Publish(Facts(3), default));

        Assert.Equal([1, 2, 3], broker.Calls.Distinct().Order());
        Assert.InRange(broker.Calls.Count, 100, 190); // three of four
    }

    [Fact]
    public async Task A_slow_bus_publishes_after_the_callback_stopped_waiting()
    {
        var clock = new FakeTimeProvider();
        var (broker, bus) = Bus(new TroubleShares(Slow: 1), clock);
        using var patience = new CancellationTokenSource();

        var publishing = bus.Publish(Facts(1), patience.Token);
        clock.Advance(TimeSpan.FromSeconds(2));
        await patience.CancelAsync();
        Assert.Empty(broker.Calls);
        clock.Advance(TimeSpan.FromSeconds(1));
        await publishing;

        Assert.Equal([1], broker.Calls);
    }

    [Fact]
    public async Task A_troubled_spill_always_fails_and_has_done_its_work_half_the_time()
    {
        using var folder = new TempFolder();
        using var store = new SqliteDocuments(folder.File("spill.db"), [Collections.Spill]);
        using var troubled = new TroubledDocuments(store, new Troubles(new TroubleShares(Spill: 1)));

        for (var i = 0; i < 100; i++)
            await Assert.ThrowsAsync<TransientException>(async () => await troubled.Upsert(Collections.Spill, [new Document("spill", $"{i:D3}", "{}"u8.ToArray())], default));

        Assert.InRange((await store.List(Collections.Spill, "spill", new IdRange(Take: 1000), default)).Count, 20, 80);
    }

    [Theory]
    [InlineData("bus=0.05", 0.05, 0, 0)]
    [InlineData("bus=0.05,spill=0.01,slow=1", 0.05, 0.01, 1)]
    public void Shares_are_read(string text, double bus, double spill, double slow) =>
        Assert.Equal(new TroubleShares(bus, spill, slow), TroubleShares.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("bus")]
    [InlineData("bus=2")]
    [InlineData("bus=-0.1")]
    [InlineData("bus=NaN")]
    [InlineData("disk=0.1")]
    public void What_is_no_share_is_refused_at_the_start(string text)
    {
        var refusal = Assert.Throws<StartException>(() => LocalOptions.Parse(["--troubles", text]));
        Assert.Contains("--troubles", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_real_WeChat_has_no_simulated_troubles() =>
        Assert.Throws<StartException>(() => LocalOptions.Parse(["--real", "--troubles", "bus=0.1"]));

    private static (RecordingBus Broker, TroubledBus Bus) Bus(TroubleShares shares, TimeProvider? clock = null)
    {
        var broker = new RecordingBus();
        return (broker, new TroubledBus(broker, new Troubles(shares), clock ?? TimeProvider.System));
    }

    private static OutgoingFact[] Facts(int count) => [.. Enumerable.Range(0, count).Select(n => new OutgoingFact(new Envelope
    {
        Id = $"fact{n}", Subject = Subjects.EventReceived, Key = "main:oSomebody", Kind = "oa.message.text", Root = $"fact{n}",
        OccurredAt = DateTimeOffset.UnixEpoch, PublishedAt = DateTimeOffset.UnixEpoch, Data = JsonSerializer.SerializeToElement("data"),
    }))];

    private sealed class RecordingBus : IMessageBus
    {
        public List<int> Calls { get; } = [];

        public Task Publish(IReadOnlyList<OutgoingFact> facts, CancellationToken ct)
        {
            Calls.Add(facts.Count);
            return Task.CompletedTask;
        }
    }
}
