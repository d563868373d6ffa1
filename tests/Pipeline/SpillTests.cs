using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Storage;
using CrmServerless.Tests.Local;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Pipeline;

/// <summary>What the bus did not take comes back from the spill, late and once.</summary>
public sealed class SpillTests : FaultyStoresTest
{
    [Fact]
    public async Task The_spill_is_drained_by_the_timer_and_late_events_fit_in()
    {
        await using var host = await Start();
        var customer = TestHost.NewOpenId();
        Bus.Before = _ => throw new TransientException();
        await host.Accept(Xml.Event(customer, "subscribe", host.Now, "qrscene_store-1"));
        await host.Accept(Xml.Text(customer, "多少钱", TestHost.NewMsgId(), host.Now.AddSeconds(1)));
        Bus.Before = _ => Task.CompletedTask;
        Clock.Advance(TimeSpan.FromSeconds(2));
        // Later ones overtake the spill.
        await host.Accept(Xml.Event(customer, "unsubscribe", host.Now));
        await Idle(host);
        Assert.False((await host.Customer(customer)).Subscribed);

        Clock.Advance(TimeSpan.FromSeconds(15)); // the timer's
        await Spilled(host, 0);
        await Idle(host);
        var file = await host.Customer(customer);
        Assert.Equal((1, 1, 1), (file.In["oa.subscribe"], file.In["oa.message.text"], file.In["oa.unsubscribe"]));
        Assert.False(file.Subscribed);
        Assert.Equal("store-1", file.Source);
        Assert.Equal("lost", file.Stage);
        Assert.Empty(await host.Outbox(customer)); // who has left is not welcomed
        Assert.Contains(file.Tags, t => t.RuleId == "price");
    }

    [Fact]
    public async Task A_drain_that_dies_before_it_can_delete_has_no_second_effect()
    {
        await using var host = await Start();
        var customer = TestHost.NewOpenId();
        Bus.Before = _ => throw new TransientException();
        await host.Text(customer, "我要投诉");
        Bus.Before = _ => Task.CompletedTask;
        var waiting = await Spilling.List(Collections.Spill, Spill.Partition, new IdRange(), default);
        await Drain(host);
        Clock.Advance(TimeSpan.FromHours(2)); // the broker has forgotten
        await Spilling.Upsert(Collections.Spill, [.. waiting.Select(d => new Document(d.Partition, d.Id, d.Data))], default);
        await Drain(host);
        var file = await host.Customer(customer);
        Assert.Equal((1, 1), (file.In["oa.message.text"], file.Out["sent"]));
        Assert.Single(await host.Outbox(customer));
    }

    [Fact]
    public async Task One_spilled_event_that_cannot_be_read_does_not_hold_up_the_others()
    {
        await using var host = await Start();
        var customer = TestHost.NewOpenId();
        await Spilling.Upsert(Collections.Spill, [new Document(Spill.Partition, "00000000000000~bad", "\"no envelope\""u8.ToArray())], default);
        Bus.Before = _ => throw new TransientException();
        await host.Text(customer, "在后面");
        Bus.Before = _ => Task.CompletedTask;
        await Drain(host);
        Assert.Equal(1, (await host.Customer(customer)).In["oa.message.text"]);
        Assert.Equal(0, await host.Get<Spill>().Count(default));
        Assert.Single(TestHost.Items(await host.GetJson("/api/deadletters"))); // kept for a person to see
    }
}
