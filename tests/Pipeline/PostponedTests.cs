using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Support;
using static CrmServerless.Tests.Support.QuotaEvening;

namespace CrmServerless.Tests.Pipeline;

/// <summary>What WeChat's quotas and wrong settings stop: not lost, not sent twice, and nothing else waits for it.</summary>
public sealed class PostponedTests : WorldTests
{
    private const string Customer = "oQuota";

    [Fact]
    public async Task An_answer_that_a_quota_stops_goes_out_once_when_the_quota_is_there_again()
    {
        await using var world = await Begin(Answering());
        var worker = await world.OnTheEvening(Customer);
        Assert.Empty(world.Phone.Arrived);
        Assert.Empty(await Effects.Ledger(world, Customer)); // nothing was begun
        Assert.Single((await world.Customer(Customer))!.Window.Slots); // but decided

        world.Phone.ErrCode = 0;
        await world.Advance(Midnight - Evening - TimeSpan.FromSeconds(1));
        await worker.Drain();
        Assert.Empty(world.Phone.Arrived);

        await world.Advance(Postponement.Spread + TimeSpan.FromSeconds(5));
        await worker.Drain();
        Assert.Equal([(Customer, "22 点")], world.Phone.Arrived);
        Assert.Equal(1, (await world.Customer(Customer))!.Out["sent"]);
    }

    [Fact]
    public async Task While_an_api_is_closed_WeChat_is_not_asked_and_the_lane_goes_on()
    {
        await using var world = await Begin(Answering());
        var worker = await world.OnTheEvening([.. Enumerable.Range(0, 20).Select(n => Customer + n)]);
        Assert.Equal(1, worker.Fate.Acts.Count(a => a == "call custom/send"));
        Assert.Equal(20, world.Completions("reply", "CustomerChanged"));

        // Another process learns it from the store and does not ask either.
        var other = world.Hire();
        await other.Publish(world.Text("oAnother", Question));
        await other.Drain();
        Assert.DoesNotContain("call custom/send", other.Fate.Acts);

        world.Phone.ErrCode = 0;
        await world.Advance(Midnight - Evening + Postponement.Spread + TimeSpan.FromSeconds(5));
        await worker.Drain();
        Assert.Equal(21, world.Phone.Arrived.Select(m => m.OpenId).Distinct().Count());
        Assert.Equal(21, world.Phone.Arrived.Count);
    }

    [Fact]
    public async Task An_answer_whose_window_ends_before_the_quota_comes_back_is_noted_as_skipped_and_its_slot_given_back()
    {
        await using var world = await Begin(Answering("oa.menu.click"));
        var worker = await world.OnTheEvening();
        await worker.Publish(world.Received(Xml.Event(Customer, "CLICK", world.Clock.GetUtcNow(), "MENU"))); // a minute
        await worker.Drain();
        var file = await world.Customer(Customer);
        Assert.Equal(1, file!.Out["skipped"]);
        Assert.Empty(file.Window.Slots);
        var detail = Assert.Single(await world.Timeline(Customer), e => e.Kind == "reply.skipped").Detail!.Value;
        Assert.Equal(("quota", 45009), (detail.GetProperty("reason").GetString(), detail.GetProperty("code").GetInt32()));
    }

    [Theory]
    [InlineData(40164)] // the allow-list
    [InlineData(48001)] // a permission
    public async Task What_a_person_has_to_repair_is_tried_again_every_ten_minutes(int code)
    {
        await using var world = await Begin(Answering());
        var worker = world.Hire();
        world.Phone.ErrCode = code;
        await worker.Publish(world.Text(Customer, Question));
        await worker.Drain();
        await world.Advance(Postponement.Repair + Postponement.Spread);
        await worker.Drain();
        Assert.Equal(2, worker.Fate.Acts.Count(a => a == "call custom/send"));

        world.Phone.ErrCode = 0;
        await world.Advance(Postponement.Repair + Postponement.Spread);
        await worker.Drain();
        Assert.Single(world.Phone.Arrived);
    }

    [Fact]
    public async Task A_rule_that_is_taken_out_of_force_while_its_answer_waits_is_noted()
    {
        await using var world = await Begin(Answering());
        var worker = await world.OnTheEvening(Customer);
        await world.RemoveRule(RuleKind.Replies, "hours");
        world.Phone.ErrCode = 0;
        await world.Advance(TimeSpan.FromHours(4));
        await worker.Drain();
        Assert.Empty(world.Phone.Arrived);
        var file = await world.Customer(Customer);
        Assert.Equal(1, file!.Out["skipped"]);
        Assert.Empty(file.Window.Slots);
        var detail = Assert.Single(await world.Timeline(Customer), e => e.Kind == "reply.skipped").Detail!.Value;
        Assert.Equal("rule-gone", detail.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task An_account_that_is_taken_out_of_the_settings_while_its_answers_wait_holds_up_nobody()
    {
        await using var world = await Begin(Answering());
        await world.OnTheEvening(Customer);
        world.Phone.ErrCode = 0;
        await world.Advance(TimeSpan.FromHours(4));
        var began = world.Clock.GetUtcNow();
        await world.Hire(accounts: new AccountBook([World.Account with { Name = "other" }])).Drain();
        Assert.True(world.Clock.GetUtcNow() - began < TimeSpan.FromSeconds(1));
        Assert.Empty(world.Phone.Arrived);
        var file = await world.Customer(Customer);
        Assert.Equal([("skipped", 1L)], file!.Out.Select(o => (o.Key, o.Value)));
        Assert.Empty(file.Window.Slots);
        var detail = Assert.Single(await world.Timeline(Customer), e => e.Kind == "reply.skipped").Detail!.Value;
        Assert.Equal("account-gone", detail.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_crash_between_putting_off_and_completing_sends_once()
    {
        await using var world = await Begin(Answering());
        world.Clock.SetUtcNow(Evening);
        world.Phone.ErrCode = 45009;
        var doomed = world.Hire(new Fate().Die(Moment.Before, "complete reply"));
        await doomed.Publish(world.Text(Customer, Question));
        await Assert.ThrowsAsync<ProcessDiedException>(doomed.Drain);
        await world.Crash(TimeSpan.FromMinutes(3));
        var worker = world.Hire();
        await worker.Drain();
        world.Phone.ErrCode = 0;
        await world.Advance(TimeSpan.FromHours(4));
        await worker.Drain();
        Assert.Single(world.Phone.Arrived);
        Assert.Equal(1, (await world.Customer(Customer))!.Out["sent"]);
    }

    [Fact]
    public async Task WeChat_down_for_an_hour_loses_nothing_and_sends_nothing_twice()
    {
        await using var world = await Begin(Answering(), Clicked());
        var worker = world.Hire();
        world.Phone.Down = true;
        string[] writers = ["oText0", "oText1", "oText2"], clickers = ["oClick0", "oClick1", "oClick2"];
        foreach (var customer in writers) await worker.Publish(world.Text(customer, Question)); // 48 hours
        foreach (var customer in clickers) await worker.Publish(world.Received(Xml.Event(customer, "CLICK", world.Clock.GetUtcNow(), "MENU"))); // one minute

        var began = world.Clock.GetUtcNow();
        while (world.Clock.GetUtcNow() - began < TimeSpan.FromHours(1))
            await RunAll(world, worker);

        Assert.Empty(world.Phone.Arrived);
        world.Phone.Down = false;
        for (var minute = 0; minute < 10; minute++)
        {
            await world.Advance(TimeSpan.FromMinutes(1)); // what was handed back comes again after the broker's pause
            await worker.Drain();
        }

        Assert.Equal(writers, world.Phone.Arrived.Select(m => m.OpenId).Order());
        foreach (var customer in writers) Assert.Equal(1, (await world.Customer(customer))!.Out["sent"]);
        Assert.Equal(clickers.Length, worker.Get<Progress>().ExpiredCount); // counted, and in /api/health
        Assert.Empty((await worker.Get<DeadLetters>().Page(null, null, 10, default)).Items);
    }

    private static (string, Rule) Clicked() =>
        (RuleKind.Replies, new Rule { Id = "clicked", When = new() { Kinds = ["oa.menu.click"] }, Then = JsonSerializer.SerializeToElement(new { text = "菜单" }) });

    // What is ready, each with the patience that it has; what is given back is taken again later.
    private static async Task RunAll(World world, Worker worker)
    {
        var any = false;
        foreach (var stage in Crm.Pipeline.Stages)
        {
            if (world.Bus.TryReceive(stage.Name, out var delivery))
            {
                any = true;
                var run = worker.Run(delivery);
                while (!run.IsCompleted)
                {
                    await Task.WhenAny(run, Task.Delay(1));
                    world.Clock.Advance(TimeSpan.FromSeconds(20));
                    delivery.TryRenew(); // as every host does while it works
                }

                try
                {
                    await run;
                }
                catch (Crm.Messaging.TransientException)
                {
                    // handed back
                }
            }
        }

        if (!any) await world.Advance(TimeSpan.FromMinutes(1));
    }
}
