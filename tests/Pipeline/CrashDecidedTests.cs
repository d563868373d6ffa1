using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Replies;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Pipeline;

/// <summary>
/// What the soak found: an answer was decided on and the process died, or the bus failed; when the next one comes, a
/// deadline has passed or a window has opened. The file must still tell what is on the phone.
/// </summary>
public sealed class CrashDecidedTests
{
    private const string Customer = "oDecided";

    [Fact]
    public async Task A_sent_answer_is_recorded_also_after_its_deadline()
    {
        await using var world = new World();
        await ClickAndDie(world, Moment.Before, "publish ReplySent");
        await Finish(world);

        Assert.Single(world.Phone.Arrived);
        await RecordedOnce(world, "sent");
    }

    [Fact]
    public async Task An_answer_under_way_at_its_deadline_ends_as_unknown()
    {
        await using var world = new World();
        await ClickAndDie(world, Moment.After, "call custom/send");
        await Finish(world);

        Assert.Single(world.Phone.Arrived);
        await RecordedOnce(world, "unknown");
    }

    [Fact]
    public async Task A_report_that_fails_until_after_the_deadline_is_made_then()
    {
        await using var world = new World();
        var worker = world.Hire();
        for (var nth = 1; nth <= 9; nth++) worker.Fate.Fail("publish ReplySent", new TransientException(), nth);
        await Click(world, worker);
        Envelope.TryRead(worker.Take("reply").Body.Span, out var fact);

        await world.Clock.RunUntil(worker.Run("reply", fact!), TimeSpan.FromSeconds(1));
        Assert.True(fact!.Deadline < world.Clock.GetUtcNow());
        await Finish(world);
        Assert.Single(world.Phone.Arrived);
        await RecordedOnce(world, "sent");
    }

    [Fact]
    public async Task After_the_deadline_nothing_is_begun_although_a_slot_was_taken()
    {
        await using var world = new World();
        await ClickAndDie(world, Moment.Before, "create customers send");
        var worker = world.Hire();
        await worker.Drain();

        Assert.Empty(world.Phone.Arrived);
        Assert.Equal(1, worker.Get<Progress>().ExpiredCount);
        Assert.DoesNotContain(await world.Timeline(Customer), e => e.Kind.StartsWith("reply.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_that_was_skipped_stays_skipped_although_the_customer_came_back()
    {
        await using var world = new World();
        var doomed = world.Hire(new Fate().Die(Moment.After, "publish ReplySent"));
        await WriteAndLeave(world, doomed);
        await Assert.ThrowsAsync<ProcessDiedException>(() => doomed.Run(doomed.Take("reply")));
        await world.Crash(TimeSpan.FromSeconds(5));

        await ComeBack(world);
        await Finish(world);
        Assert.DoesNotContain(world.Phone.Arrived, m => m.Text.StartsWith("非常抱歉", StringComparison.Ordinal));
        await RecordedOnce(world, "skipped", "comfort");
    }

    [Fact]
    public async Task An_answer_that_was_skipped_stays_skipped_when_the_bus_lost_only_its_answer()
    {
        await using var world = new World();
        var worker = world.Hire();
        await WriteAndLeave(world, worker);
        var held = worker.Fate.Hold(Moment.After, "publish ReplySent");
        var reply = worker.Take("reply");
        Envelope.TryRead(reply.Body.Span, out var fact);
        var running = worker.Run("reply", fact!);
        await held.Reached;
        await ComeBack(world);
        // It was taken, and the publisher is told that it was not: it tries again in the same delivery.
        var again = world.Hire();
        await again.Run("reply", fact!);
        held.Release();
        await running;
        await reply.Complete();

        await Finish(world);
        Assert.DoesNotContain(world.Phone.Arrived, m => m.Text.StartsWith("非常抱歉", StringComparison.Ordinal));
        await RecordedOnce(world, "skipped", "comfort");
    }

    private static async Task Click(World world, Worker worker)
    {
        await worker.Publish(world.Received(Xml.Event(Customer, "CLICK", world.Clock.GetUtcNow(), "MENU_STORES")));
        await worker.Run(worker.Take("customer"));
    }

    private static async Task ClickAndDie(World world, Moment moment, string act)
    {
        var doomed = world.Hire(new Fate().Die(moment, act));
        await Click(world, doomed);
        await Assert.ThrowsAsync<ProcessDiedException>(doomed.Drain);
        await world.Crash(SendLedger.Patience + ReplyWindow.EventDeadline);
    }

    private static async Task WriteAndLeave(World world, Worker worker)
    {
        await worker.Publish(world.Text(Customer, "我要投诉"), world.Received(Xml.Event(Customer, "unsubscribe", world.Clock.GetUtcNow().AddSeconds(1))));
        await worker.Run(worker.Take("customer"));
        await worker.Run(worker.Take("customer"));
    }

    private static async Task ComeBack(World world)
    {
        var worker = world.Hire();
        await worker.Publish(world.Received(Xml.Event(Customer, "subscribe", world.Clock.GetUtcNow().AddSeconds(2))));
        while (world.Bus.TryReceive("customer", out var delivery)) await worker.Run(delivery);
        Assert.True((await world.Customer(Customer))!.Subscribed);
    }

    private static async Task Finish(World world)
    {
        var worker = world.Hire();
        await worker.Drain();
        await worker.Upkeep();
    }

    private static async Task RecordedOnce(World world, string outcome, string? rule = null)
    {
        var entry = Assert.Single(await world.Timeline(Customer), e => e.Kind.StartsWith("reply.", StringComparison.Ordinal)
            && (rule is null || e.Detail!.Value.GetProperty("ruleId").GetString() == rule));
        Assert.Equal("reply." + outcome, entry.Kind);
        Assert.Equal(1, (await world.Customer(Customer))!.Out[outcome]);
    }
}
