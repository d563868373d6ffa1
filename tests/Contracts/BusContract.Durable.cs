using CrmServerless.Crm;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Tests.Contracts;

/// <summary>Duplicates, delays, restarts, batches, keys, load.</summary>
public abstract partial class BusContract
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    [Fact]
    public virtual async Task A_message_id_is_dropped_inside_the_window_and_accepted_after_it()
    {
        await using var bus = await Open(Stages);
        var fact = Fact("a:1");
        await Publish(bus, fact);
        await (await Next(bus, "first")).Complete();

        await bus.Advance(Window - TimeSpan.FromSeconds(1));
        await Publish(bus, fact);
        Assert.Null(await bus.TryReceive("first"));

        await bus.Advance(TimeSpan.FromSeconds(2));
        await Publish(bus, fact);
        await (await Next(bus, "first")).Complete();
        await Publish(bus, fact);
        Assert.Null(await bus.TryReceive("first"));
    }

    [Fact]
    public virtual async Task A_fact_under_another_message_id_is_no_duplicate()
    {
        await using var bus = await Open(Stages);
        var fact = Fact("a:1");
        await Publish(bus, fact);
        await bus.Bus.Publish([new OutgoingFact(fact, $"{fact.Id}~2")], default);

        await (await Next(bus, "first")).Complete();
        var again = await Next(bus, "first");
        Assert.Equal((fact.Id, $"{fact.Id}~2"), (again.Fact.Id, again.MessageId));
    }

    [Fact]
    public virtual async Task Duplicates_are_dropped_inside_a_batch_after_a_restart_and_if_no_stage_took_the_first()
    {
        await using var bus = await Open(Stages);
        var (fact, untaken) = (Fact("a:1"), Fact("a:1", Subjects.ReportBuilt));
        await Publish(bus, fact, fact, untaken);
        await bus.Restart();
        await Publish(bus, fact, untaken with { Subject = Subjects.ReplySent });

        await (await Next(bus, "first")).Complete();
        Assert.Null(await bus.TryReceive("first"));
    }

    [Fact]
    public virtual async Task A_delayed_fact_stands_outside_its_lane_until_it_is_due_and_then_joins_at_its_end()
    {
        await using var bus = await Open(Stages);
        var (late, one, two) = (Fact("a:1") with { NotBefore = bus.Now.AddMinutes(10) }, Fact("a:1"), Fact("a:1"));
        await Publish(bus, late);
        await Publish(bus, one, two);
        await (await Next(bus, "first")).Complete();
        var held = await Next(bus, "first");
        Assert.Equal(two.Id, held.Fact.Id);
        await held.Complete();
        Assert.Null(await bus.TryReceive("first"));

        await bus.Advance(TimeSpan.FromMinutes(9));
        Assert.Null(await bus.TryReceive("first"));
        var three = Fact("a:1");
        await Publish(bus, three);
        await bus.Advance(TimeSpan.FromMinutes(1));
        var four = Fact("a:1");
        await Publish(bus, four);
        foreach (var expected in new[] { three, late, four })
        {
            var delivery = await Next(bus, "first");
            Assert.Equal(expected.Id, delivery.Fact.Id);
            await delivery.Complete();
        }
    }

    [Fact]
    public virtual async Task A_delay_survives_a_restart_and_ends_also_while_the_host_is_away()
    {
        await using var bus = await Open(Stages);
        var (soon, later) = (Fact("a:1") with { NotBefore = bus.Now.AddMinutes(1) }, Fact("a:1") with { NotBefore = bus.Now.AddDays(2) });
        await Publish(bus, later, soon);
        await bus.Restart();
        Assert.Null(await bus.TryReceive("first"));
        await bus.Advance(TimeSpan.FromMinutes(1));
        await bus.Restart();
        await bus.Advance(TimeSpan.Zero);
        var delivery = await Next(bus, "first");
        Assert.Equal(soon.Id, delivery.Fact.Id);
        await delivery.Complete();
        Assert.Null(await bus.TryReceive("first"));
        await bus.Advance(TimeSpan.FromDays(2));
        Assert.Equal(later.Id, (await Next(bus, "first")).Fact.Id);
    }

    [Fact]
    public virtual async Task A_restart_keeps_what_is_not_completed_in_its_order()
    {
        await using var bus = await Open(Stages);
        var facts = Enumerable.Range(0, 4).Select(_ => Fact("a:1")).ToArray();
        await Publish(bus, facts);
        await (await Next(bus, "first")).Complete();
        var lost = await Next(bus, "first");
        await bus.Restart();

        await Assert.ThrowsAnyAsync<Exception>(lost.Complete);
        foreach (var fact in facts.Skip(1))
        {
            var delivery = await Next(bus, "first");
            Assert.Equal(fact.Id, delivery.Fact.Id);
            await delivery.Complete();
        }

        foreach (var fact in facts)
        {
            var delivery = await Next(bus, "second");
            Assert.Equal(fact.Id, delivery.Fact.Id);
            await delivery.Complete();
        }

        await bus.Restart();
        Assert.Null(await bus.TryReceive("first"));
        Assert.Null(await bus.TryReceive("second"));
    }

    [Fact]
    public virtual async Task Delivery_counts_survive_a_restart()
    {
        await using var bus = await Open(Stages);
        await Publish(bus, Fact("a:1"));
        for (var i = 0; i < 3; i++) await (await Next(bus, "first")).Abandon();
        await bus.Restart();
        Assert.Equal(4, (await Next(bus, "first")).DeliveryCount);
    }

    [Fact]
    public virtual async Task A_stage_keeps_its_facts_when_others_come_go_and_change_places()
    {
        await using var bus = await Open(Stages);
        var fact = Fact("a:1");
        await Publish(bus, fact);
        await (await Next(bus, "second")).Complete();
        await bus.Restart([new("new", [Subjects.EventReceived], Sessions: true), Stages[1], Stages[0]]);

        Assert.Null(await bus.TryReceive("new"));
        Assert.Null(await bus.TryReceive("second"));
        Assert.Equal(fact.Id, (await Next(bus, "first")).Fact.Id);
    }

    [Fact]
    public virtual async Task A_batch_is_taken_whole()
    {
        await using var bus = await Open(Stages);
        var facts = Enumerable.Range(0, 250).Select(n => Fact(Keys.Customer("a", $"{n % 7}"))).ToArray();
        await Publish(bus, facts);
        await bus.Restart();
        Assert.Equal(facts.Select(f => f.Id).Order(), (await Drain(bus, "first")).Select(f => f.Id).Order());
        await bus.Bus.Publish(Array.Empty<Envelope>(), default);
    }

    [Fact]
    public virtual async Task A_cancelled_publish_throws_and_does_no_harm()
    {
        await using var bus = await Open(Stages);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bus.Bus.Publish(Fact("a:1"), new CancellationToken(canceled: true)));
        var fact = Fact("a:1");
        await Publish(bus, fact);
        Assert.Contains(fact.Id, (await Drain(bus, "first")).Select(f => f.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("~account")]
    [InlineData("o'; DROP TABLE message; --")]
    [InlineData("../../%00?#/\\\"")]
    [InlineData("维权🍵 \u0000\r\n\u202e")]
    [InlineData("oVeryLongoVeryLongoVeryLongoVeryLongoVeryLongoVeryLongoVeryLongoVeryLongoVeryLongoVeryLongoVeryLongoVeryLongoVeryLong")]
    public virtual async Task Hostile_keys_are_keys_like_others(string openId)
    {
        await using var bus = await Open(Stages);
        var key = Keys.Customer("a", openId);
        var facts = new[] { Fact(key), Fact(key) with { Id = Keys.Escape(openId + "!") } };
        await Publish(bus, facts);
        await bus.Restart();
        Assert.Equal(facts.Select(f => (f.Id, f.Key)), (await Drain(bus, "first")).Select(f => (f.Id, f.Key)));
    }

    [Fact]
    public virtual async Task Sixty_four_publishers_at_once_keep_the_order_of_every_key()
    {
        await using var bus = await Open(Stages);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(publisher => Task.Run(async () =>
        {
            for (var n = 0; n < 20; n++)
                await bus.Bus.Publish(Fact(Keys.Customer("a", $"{publisher}")) with { Depth = n }, default);
        })));

        foreach (var stage in new[] { "first", "second" })
        {
            var received = await Drain(bus, stage);
            Assert.Equal(64 * 20, received.Count);
            foreach (var key in received.GroupBy(f => f.Key))
                Assert.Equal(Enumerable.Range(0, 20), key.Select(f => f.Depth));
        }
    }

    protected static async Task<List<Envelope>> Drain(IBusHarness bus, string stage)
    {
        var facts = new List<Envelope>();
        while (await bus.TryReceive(stage) is { } delivery)
        {
            facts.Add(delivery.Fact);
            await delivery.Complete();
        }

        return facts;
    }
}
