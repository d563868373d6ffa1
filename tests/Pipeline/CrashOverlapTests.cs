using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Rules;
using CrmServerless.Crm.Tags;
using CrmServerless.Local.Sqlite;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Pipeline;

/// <summary>Two processes on one customer: steps 2 and 3 of "effect once", lost leases, different rules in force, an etag storm.</summary>
public class CrashOverlapTests : WorldTests
{
    private const string Customer = "oOverlap";

    private static readonly TimeSpan Moments = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LeaseAndMore = TimeSpan.FromSeconds(61);

    [Fact]
    public async Task Step_2_a_fact_that_was_committed_and_crashed_twice_more_has_one_effect()
    {
        await using var world = await Begin();
        await world.Hire().Publish(world.Text(Customer, "多少钱"));
        foreach (var (moment, act) in new[]
        {
            (Moment.After, "create customers customer"), // committed
            (Moment.After, "read customers customer"), // found handled
            (Moment.Before, "upsert customers timeline"), // found handled, about to go on at 6
        })
        {
            await Assert.ThrowsAsync<ProcessDiedException>(world.Hire(new Fate().Die(moment, act)).Drain);
            await world.Crash(TimeSpan.FromSeconds(5));
        }

        await Finish(world);
        var file = await world.Customer(Customer);
        Assert.Equal((1, 1), (file!.In["oa.message.text"], file.Version));
        Assert.Equal(1, world.Completions("tag", Subjects.CustomerTagged));
        Assert.Single(await world.Timeline(Customer), e => e.Kind == "customer.tagged");
    }

    [Theory]
    [InlineData(Moment.Before)]
    [InlineData(Moment.Halfway)]
    [InlineData(Moment.After)]
    public async Task Step_3_who_comes_after_a_dead_predecessor_publishes_its_outbox_once(Moment moment)
    {
        await using var world = await Begin();
        await world.Hire().Publish(world.Text(Customer, "多少钱"));
        await Assert.ThrowsAsync<ProcessDiedException>(world.Hire(new Fate().Die(Moment.After, "create customers customer")).Drain);
        await world.Crash(TimeSpan.FromSeconds(5));
        Assert.Equal(2, (await world.Customer(Customer))!.Outbox.Count); // the tag and the stage

        // An edit does not wait in the lane behind the redelivery. It dies while it publishes what it found.
        var edit = Edit(world, "edit1");
        await Assert.ThrowsAsync<ProcessDiedException>(() => Apply(world.Hire(new Fate().Die(moment, "publish CustomerTagged")), edit, "熟客"));
        await world.Crash(TimeSpan.FromSeconds(5));
        await Apply(world.Hire(), edit, "熟客");
        await Finish(world);

        var file = await world.Customer(Customer);
        Assert.Equal(["价格敏感", "熟客"], file!.Tags.Select(t => t.Name));
        Assert.Equal(2, file.Version);
        Assert.Empty(file.Outbox);
        Assert.Equal(2, world.Completions("tag", Subjects.CustomerTagged));
        Assert.Equal(2, (await world.Timeline(Customer)).Count(e => e.Kind == "customer.tagged"));
    }

    [Fact]
    public async Task An_outbox_whose_worker_never_comes_back_is_published_by_upkeep()
    {
        await using var world = await Begin();
        await world.Hire().Publish(world.Text(Customer, "你好"));
        await Finish(world);
        await Assert.ThrowsAsync<ProcessDiedException>(
            () => Apply(world.Hire(new Fate().Die(Moment.After, "replace customers customer")), Edit(world, "lost"), "熟客"));
        await world.Crash(TimeSpan.FromSeconds(5));
        Assert.Equal(0, world.Completions("tag", Subjects.CustomerTagged));

        await Finish(world);
        Assert.Equal(1, world.Completions("tag", Subjects.CustomerTagged));
        Assert.Empty((await world.Customer(Customer))!.Outbox);
        Assert.Single(await world.Timeline(Customer), e => e.Kind == "customer.tagged");
    }

    [Fact]
    public async Task Two_workers_with_different_tag_rules_in_force_make_one_decision()
    {
        await using var world = await Begin((RuleKind.Tags, Tagging("old", "旧")));
        var (first, second) = (world.Hire(), world.Hire());
        await first.Publish(world.Text(Customer, "你好"));
        var pause = first.Fate.Hold(Moment.Before, "create customers customer");
        var one = first.Run(first.Take("customer"));
        await pause.Reached.InTime();

        await world.RemoveRule(RuleKind.Tags, "old");
        await world.SaveRule(RuleKind.Tags, Tagging("new", "新"));
        await world.Advance(LeaseAndMore);
        await second.Run(second.Take("customer"));
        pause.Release();
        await Assert.ThrowsAsync<LeaseLostException>(() => world.Clock.RunUntil(one, Moments));
        await Finish(world);

        var file = await world.Customer(Customer);
        Assert.Equal("新", Assert.Single(file!.Tags).Name);
        Assert.Equal((1, 1), (file.In["oa.message.text"], file.Version));
        Assert.Equal(1, world.Completions("tag", Subjects.CustomerTagged));
        Assert.Equal("customer.tagged lifecycle.changed oa.message.text",
            string.Join(' ', (await world.Timeline(Customer)).Select(e => e.Kind).Order(StringComparer.Ordinal)));
    }

    /// <summary>Where the first worker stands when its lease ends.</summary>
    [Theory]
    [InlineData(Moment.Before, "replace customers customer")] // about to take the slot
    [InlineData(Moment.After, "replace customers customer")] // has the slot
    [InlineData(Moment.Before, "create customers send")]
    public async Task Two_workers_with_different_reply_rules_in_force_send_one_answer(Moment moment, string act)
    {
        await using var world = await Begin((RuleKind.Replies, Answering("old", "旧")));
        var (first, second) = (world.Hire(), world.Hire());
        await first.Publish(world.Text(Customer, "你好"));
        await first.Run(first.Take("customer"));
        var pause = first.Fate.Hold(moment, act);
        var one = first.Run(first.Take("reply"));
        await pause.Reached.InTime();

        await world.RemoveRule(RuleKind.Replies, "old");
        await world.SaveRule(RuleKind.Replies, Answering("new", "新"));
        await world.Advance(LeaseAndMore);
        await second.Run(second.Take("reply"));
        pause.Release();
        await Assert.ThrowsAsync<LeaseLostException>(() => world.Clock.RunUntil(one, Moments));
        await Finish(world);

        Assert.Equal((Customer, "新"), Assert.Single(world.Phone.Arrived));
        Assert.Single(await Effects.Ledger(world, Customer));
        var file = await world.Customer(Customer);
        Assert.Single(file!.Window.Slots);
        Assert.Equal(1, file.Out["sent"]);
        var entry = Assert.Single(await world.Timeline(Customer), e => e.Kind == "reply.sent");
        Assert.Equal("新", entry.Text);
        Assert.Equal("new", entry.Detail!.Value.GetProperty("ruleId").GetString());
    }

    /// <summary>Where the first worker stands when its lease ends.</summary>
    [Theory]
    [InlineData(Moment.After, "read customers customer")]
    [InlineData(Moment.Before, "create customers customer")]
    [InlineData(Moment.After, "create customers customer")]
    [InlineData(Moment.After, "upsert customers timeline")]
    [InlineData(Moment.Before, "publish CustomerChanged")]
    [InlineData(Moment.After, "publish CustomerChanged")]
    [InlineData(Moment.Before, "replace customers customer")]
    public async Task A_lease_lost_in_mid_work_leaves_one_effect(Moment moment, string act)
    {
        await using var world = await Begin();
        var (first, second) = (world.Hire(), world.Hire());
        await first.Publish(world.Text(Customer, "多少钱，优惠吗"));
        var pause = first.Fate.Hold(moment, act);
        var one = first.Run(first.Take("customer"));
        await pause.Reached.InTime();

        await world.Advance(LeaseAndMore);
        await second.Run(second.Take("customer"));
        await second.Drain(); // the answer goes out as well
        pause.Release();
        await Assert.ThrowsAsync<LeaseLostException>(() => world.Clock.RunUntil(one, Moments));
        await Finish(world);

        var file = await world.Customer(Customer);
        Assert.Equal((1, 1, 3), (file!.In["oa.message.text"], file.Out["sent"], file.Version));
        Assert.Single(file.Tags);
        Assert.Single(file.Window.Slots);
        Assert.Single(world.Phone.Arrived);
        Assert.Equal(1, world.Completions("tag", Subjects.CustomerTagged));
        Assert.Equal("customer.tagged lifecycle.changed oa.message.text reply.sent",
            string.Join(' ', (await world.Timeline(Customer)).Select(e => e.Kind).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task An_etag_storm_of_20_writers_makes_20_increments()
    {
        await using var world = await Begin();
        var facts = Enumerable.Range(1, 20).Select(n => world.Text(Customer, $"第 {n} 条")).ToList();
        var writers = facts.Select(fact => world.Hire().Run("customer", fact)).ToList(); // past the lanes, all at once
        await world.Clock.RunUntil(Task.WhenAll(writers), Moments);

        var file = await world.Customer(Customer);
        Assert.Equal((20, 20), (file!.In["oa.message.text"], file.Version));
        Assert.Equal(facts.Select(f => HandledFact.Of(f).Mark).Order(), file.Handled.Select(h => h.Mark).Order());
        await Finish(world);
        Assert.Equal(20, (await world.Timeline(Customer)).Count(e => e.Kind == "oa.message.text"));
        Assert.Single((await world.Customer(Customer))!.Tags, t => t.RuleId == "chatty");
        Assert.Equal(1, world.Completions("tag", Subjects.CustomerTagged));
    }

    [Fact]
    public async Task A_fact_that_left_the_memory_of_handled_ones_is_recognised_by_its_timeline_entry()
    {
        await using var world = await Begin((RuleKind.Tags, Tagging("none", "无") with { Enabled = false }));
        var worker = world.Hire();
        var old = world.Text(Customer, "第一条");
        await worker.Run("customer", old);
        for (var n = 0; n < HandledFact.Kept + 1; n++)
        {
            world.Clock.Advance(TimeSpan.FromSeconds(1));
            await worker.Run("customer", world.Text(Customer, "后来的"));
        }

        var before = await world.Customer(Customer);
        Assert.DoesNotContain(before!.Handled, h => h.Mark == HandledFact.Of(old).Mark);
        await worker.Run("customer", old, count: 2);
        var after = await world.Customer(Customer);
        Assert.Equal((before.Version, before.In["oa.message.text"]), (after!.Version, after.In["oa.message.text"]));

        // An event that is older than all of these and was never here is not taken for one of them.
        await worker.Run("customer", world.Received(Xml.Text(Customer, "迟到的", 77, world.Clock.GetUtcNow().AddHours(-1))));
        Assert.Equal(before.In["oa.message.text"] + 1, (await world.Customer(Customer))!.In["oa.message.text"]);
    }

    private static async Task Finish(World world)
    {
        var worker = world.Hire();
        await worker.Drain();
        await worker.Upkeep();
    }

    private static Task<Customer> Apply(Worker worker, Envelope edit, string tag) =>
        worker.Get<CustomerCommit>().Apply(new StageDelivery(edit, 1), before =>
        {
            var (next, tagged) = TagRules.Edit(before!, [tag], [], "local", edit.OccurredAt);
            return new CustomerDecision(next, [.. tagged.Select(t => new NewFact(Subjects.CustomerTagged, JsonSerializer.SerializeToElement(t, CrmJson.Types.CustomerTagged)))]);
        }, default);

    private static Envelope Edit(World world, string id) => new()
    {
        Id = id, Root = id, Subject = "CustomerEdited", Key = World.Key(Customer), Kind = "customer.edited",
        OccurredAt = world.Clock.GetUtcNow(), PublishedAt = world.Clock.GetUtcNow(), Data = JsonSerializer.SerializeToElement(new { }),
    };

    private static Rule Tagging(string id, string tag) =>
        new() { Id = id, Then = JsonSerializer.SerializeToElement(new { tags = new[] { tag } }) };

    private static Rule Answering(string id, string text) =>
        new() { Id = id, Then = JsonSerializer.SerializeToElement(new { text }) };
}
