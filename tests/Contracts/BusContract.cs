using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Tests.Contracts;

/// <summary>
/// What every broker must keep. An adapter derives from this and opens a harness; where it cannot do something it
/// overrides that one test with a skip and the reason.
/// </summary>
public abstract partial class BusContract
{
    protected static readonly IReadOnlyList<Stage> Stages =
    [
        new("first", [Subjects.EventReceived, Subjects.ReplySent], Sessions: true),
        new("second", [Subjects.EventReceived, Subjects.CustomerTagged], Sessions: true),
        new("open", [Subjects.EventReceived], Sessions: false),
    ];

    private int _facts;

    protected abstract Task<IBusHarness> Open(IReadOnlyList<Stage> stages);

    [Fact]
    public virtual async Task A_fact_reaches_the_stages_that_take_its_subject_and_no_other()
    {
        await using var bus = await Open(Stages);
        var tagged = Fact("a:1", Subjects.CustomerTagged);
        await Publish(bus, tagged);

        Assert.Null(await bus.TryReceive("first"));
        Assert.Null(await bus.TryReceive("open"));
        var delivery = await Next(bus, "second");
        Assert.Equal(tagged.Id, delivery.Fact.Id);
        Assert.Equal(1, delivery.DeliveryCount);
        await delivery.Complete();
        Assert.Null(await bus.TryReceive("second"));
    }

    [Fact]
    public virtual async Task A_fact_that_no_stage_takes_is_accepted()
    {
        await using var bus = await Open(Stages);
        await Publish(bus, Fact("a:1", Subjects.ReportBuilt));
        foreach (var stage in Stages) Assert.Null(await bus.TryReceive(stage.Name));
    }

    [Fact]
    public virtual async Task The_envelope_arrives_as_it_was_sent()
    {
        await using var bus = await Open(Stages);
        var fact = Fact("a:1") with
        {
            Data = JsonDocument.Parse("""{"text":"我要维权 🍵\u0000\"'","n":1.50,"nested":[null,true]}""").RootElement,
            CausationId = "cause", Origin = Origins.Import, Depth = 3, Only = "first", Deadline = bus.Now.AddDays(1),
        };
        await bus.Bus.Publish([new OutgoingFact(fact, fact.Id + "~2")], default);

        var delivery = await Next(bus, "first");
        Assert.Equal(fact.ToUtf8Bytes(), delivery.Fact.ToUtf8Bytes());
        Assert.Equal(fact.Id + "~2", delivery.MessageId);
    }

    [Fact]
    public virtual async Task A_lane_has_one_fact_out_at_a_time_in_the_order_of_publishing()
    {
        await using var bus = await Open(Stages);
        var facts = Enumerable.Range(0, 5).Select(_ => Fact("a:1")).ToList();
        foreach (var fact in facts) await Publish(bus, fact);

        foreach (var fact in facts)
        {
            var delivery = await Next(bus, "first");
            Assert.Equal(fact.Id, delivery.Fact.Id);
            Assert.Null(await bus.TryReceive("first"));
            await delivery.Complete();
        }

        Assert.Null(await bus.TryReceive("first"));
    }

    [Fact]
    public virtual async Task An_abandoned_fact_comes_again_at_once_before_the_others_of_its_lane()
    {
        await using var bus = await Open(Stages);
        var (one, two) = (Fact("a:1"), Fact("a:1"));
        await Publish(bus, one, two);

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var delivery = await Next(bus, "first");
            Assert.Equal((one.Id, attempt), (delivery.Fact.Id, delivery.DeliveryCount));
            await delivery.Abandon();
        }

        await (await Next(bus, "first")).Complete();
        var after = await Next(bus, "first");
        Assert.Equal((two.Id, 1), (after.Fact.Id, after.DeliveryCount));
    }

    [Fact]
    public virtual async Task A_lease_that_ends_gives_the_fact_to_another_before_the_others_of_its_lane()
    {
        await using var bus = await Open(Stages);
        var (one, two) = (Fact("a:1"), Fact("a:1"));
        await Publish(bus, one, two);
        await Next(bus, "first");
        await bus.Advance(bus.Lease - TimeSpan.FromSeconds(1));
        Assert.Null(await bus.TryReceive("first"));

        await bus.Advance(TimeSpan.FromSeconds(2));
        var again = await Next(bus, "first");
        Assert.Equal((one.Id, 2), (again.Fact.Id, again.DeliveryCount));
        await again.Complete();
        Assert.Equal(two.Id, (await Next(bus, "first")).Fact.Id);
    }

    [Fact]
    public virtual async Task A_renewed_lease_lasts_its_full_length_again()
    {
        await using var bus = await Open(Stages);
        await Publish(bus, Fact("a:1"));
        var delivery = await Next(bus, "first");
        for (var i = 0; i < 3; i++)
        {
            await bus.Advance(bus.Lease * 0.7);
            Assert.True(await delivery.TryRenew());
        }

        Assert.Null(await bus.TryReceive("first"));
        await delivery.Complete();
        await bus.Advance(bus.Lease * 2);
        Assert.Null(await bus.TryReceive("first"));
    }

    [Fact]
    public virtual async Task A_lost_lease_can_neither_complete_nor_abandon_nor_be_renewed()
    {
        await using var bus = await Open(Stages);
        await Publish(bus, Fact("a:1"));
        var lost = await Next(bus, "first");
        await bus.Advance(bus.Lease * 2);

        await Assert.ThrowsAnyAsync<Exception>(lost.Complete);
        await Assert.ThrowsAnyAsync<Exception>(lost.Abandon);
        Assert.False(await lost.TryRenew());
        var again = await Next(bus, "first");
        await Assert.ThrowsAnyAsync<Exception>(lost.Complete);
        await again.Complete();
        await Assert.ThrowsAnyAsync<Exception>(again.Complete);
        Assert.Null(await bus.TryReceive("first"));
    }

    [Fact]
    public virtual async Task Lanes_do_not_wait_for_each_other()
    {
        await using var bus = await Open(Stages);
        var (blocked, free) = TwoLanes();
        await Publish(bus, Fact(blocked), Fact(free), Fact(free));

        var held = await Next(bus, "first");
        Assert.Equal(blocked, held.Fact.Key);
        for (var i = 0; i < 2; i++)
        {
            var delivery = await Next(bus, "first");
            Assert.Equal(free, delivery.Fact.Key);
            await delivery.Complete();
        }

        Assert.Null(await bus.TryReceive("first"));
    }

    [Fact]
    public virtual async Task Stages_do_not_wait_for_each_other()
    {
        await using var bus = await Open(Stages);
        var facts = new[] { Fact("a:1"), Fact("a:1"), Fact("a:1") };
        await Publish(bus, facts);
        var held = await Next(bus, "first");

        foreach (var fact in facts)
        {
            var delivery = await Next(bus, "second");
            Assert.Equal((fact.Id, 1), (delivery.Fact.Id, delivery.DeliveryCount));
            await delivery.Complete();
        }

        Assert.Equal(facts[0].Id, held.Fact.Id);
        await held.Abandon();
        Assert.Null(await bus.TryReceive("second"));
        Assert.Equal(2, (await Next(bus, "first")).DeliveryCount);
    }

    [Fact]
    public virtual async Task A_stage_without_sessions_gets_all_at_once()
    {
        await using var bus = await Open(Stages);
        var facts = Enumerable.Range(0, 5).Select(_ => Fact("a:1")).ToArray();
        await Publish(bus, facts);

        var out_ = new List<IBusDelivery>();
        while (await bus.TryReceive("open") is { } delivery) out_.Add(delivery);
        Assert.Equal(facts.Select(f => f.Id).Order(), out_.Select(d => d.Fact.Id).Order());
        await out_[2].Abandon();
        var again = await Next(bus, "open");
        Assert.Equal((out_[2].Fact.Id, 2), (again.Fact.Id, again.DeliveryCount));
        Assert.Null(await bus.TryReceive("open"));
    }

    protected Envelope Fact(string key, string subject = Subjects.EventReceived)
    {
        var id = Ids.Hash($"{key} {Interlocked.Increment(ref _facts)}");
        return new Envelope
        {
            Id = id, Root = id, Subject = subject, Key = key, Kind = "text",
            OccurredAt = DateTimeOffset.UnixEpoch.AddYears(55), PublishedAt = DateTimeOffset.UnixEpoch.AddYears(55),
            Data = JsonDocument.Parse("""{"text":"你好"}""").RootElement,
        };
    }

    protected static Task Publish(IBusHarness bus, params Envelope[] facts) => bus.Bus.Publish(facts, default);

    protected static async Task<IBusDelivery> Next(IBusHarness bus, string stage) =>
        await bus.TryReceive(stage) ?? throw new InvalidOperationException($"Stage {stage} got nothing.");

    protected static (string One, string Other) TwoLanes()
    {
        var one = Keys.Customer("a", "1");
        var other = Enumerable.Range(2, 100).Select(n => Keys.Customer("a", $"{n}")).First(k => Lanes.Of(k) != Lanes.Of(one));
        return (one, other);
    }
}
