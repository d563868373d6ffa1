using CrmServerless.Crm.Replies;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Pipeline;

/// <summary>
/// "Sending once", design section 3: the process dies at each lettered step of an answer. The phone, which outlives every
/// process, must have it at most once; and where it is known whether WeChat has taken it, exactly once or known as refused.
/// </summary>
public class CrashSendingOnceTests : WorldTests
{
    private const string Customer = "oSend";
    private const string Complaint = "我要投诉";
    private const string Comfort = "非常抱歉给您添麻烦了。店长已经收到您的消息，会马上联系您。";

    private static readonly TimeSpan[] Absences = [TimeSpan.FromMinutes(3), TimeSpan.FromHours(2)];

    /// <summary>The second of these replacements is the customer stage emptying its outbox, the third takes the slot.</summary>
    public static TheoryData<string, Moment, string, int> Harmless => new()
    {
        { "before a", Moment.Before, "read customers customer", 2 },
        { "a takes the slot", Moment.Before, "replace customers customer", 3 },
        { "a has taken the slot", Moment.After, "replace customers customer", 3 },
        { "b notes the call", Moment.Before, "create customers send", 1 },
        { "d has noted the outcome", Moment.After, "replace customers send", 1 },
        { "reports", Moment.Before, "publish ReplySent", 1 },
        { "has reported", Moment.After, "publish ReplySent", 1 },
        { "completes", Moment.Before, "complete reply", 1 },
        { "has completed", Moment.After, "complete reply", 1 },
    };

    /// <summary>Here nobody can know whether WeChat has the message: a marketing answer is not tried again.</summary>
    public static TheoryData<string, Moment, string, int> Unknowable => new()
    {
        { "b has noted the call", Moment.After, "create customers send", 0 },
        { "c calls", Moment.Before, "call custom/send", 0 },
        { "c has called", Moment.After, "call custom/send", 1 },
        { "d notes the outcome", Moment.Before, "replace customers send", 1 },
    };

    [Theory]
    [MemberData(nameof(Harmless))]
    public async Task A_crash_where_the_outcome_is_known_leaves_one_message_and_one_slot(string step, Moment moment, string act, int nth)
    {
        Assert.NotEmpty(step);
        await using var undisturbed = await Known();
        await Handle(undisturbed);
        var expected = await Effects.Of(undisturbed, Customer);
        Assert.Equal([(Customer, Comfort)], undisturbed.Phone.Arrived);

        foreach (var away in Absences)
        {
            await using var world = await Known();
            await Die(world, moment, act, nth, away);
            await Finish(world);
            Assert.Equal(expected, await Effects.Of(world, Customer));
        }
    }

    [Theory]
    [MemberData(nameof(Unknowable))]
    public async Task A_crash_during_the_call_ends_as_unknown_and_never_sends_a_second_message(string step, Moment moment, string act, int onPhone)
    {
        Assert.NotEmpty(step);
        foreach (var away in Absences)
        {
            await using var world = await Known();
            await Die(world, moment, act, 1, away);
            await Finish(world);
            Assert.Equal(onPhone, world.Phone.Arrived.Count);
            Assert.Equal(SendState.Unknown, Assert.Single(await Effects.Ledger(world, Customer)).Entry.State);
            var file = await world.Customer(Customer);
            Assert.Equal(1, file!.Out["unknown"]);
            Assert.Equal(4, file.Version); // scan, complaint, slot, outcome
            Assert.Single(file.Window.Slots); // WeChat may have counted it
            Assert.Single(await world.Timeline(Customer), e => e.Kind == "reply.unknown");
        }
    }

    [Fact]
    public async Task While_another_may_still_be_sending_nobody_else_does()
    {
        await using var world = await Known();
        await Die(world, Moment.After, "create customers send", 1, TimeSpan.FromSeconds(5));
        var next = world.Hire();
        var reply = next.Take("reply");
        var handling = next.Run(reply);
        // It waits inside the delivery, renewed as every host does, until the two minutes are over.
        var began = world.Clock.GetUtcNow();
        while (!handling.IsCompleted)
        {
            await Task.WhenAny(handling, Task.Delay(1));
            if (world.Clock.Waiting == 0) continue; // it works; that must not take any of its patience
            world.Clock.Advance(TimeSpan.FromSeconds(1));
            if (!reply.TryRenew()) break; // completed; were it lost, completing it would say so below
        }

        await handling.InTime();
        Assert.True(world.Clock.GetUtcNow() - began >= SendLedger.Patience - TimeSpan.FromSeconds(5));
        await Finish(world);
        Assert.Empty(world.Phone.Arrived);
        Assert.Equal(1, (await world.Customer(Customer))!.Out["unknown"]);
    }

    [Fact]
    public async Task A_late_success_turns_unknown_into_sent()
    {
        await using var world = await Known();
        var slow = world.Hire();
        await slow.Publish(world.Text(Customer, Complaint));
        await slow.Run(slow.Take("customer"));
        var pause = slow.Fate.Hold(Moment.After, "call custom/send");
        var first = slow.Run(slow.Take("reply"));
        await pause.Reached.InTime();

        await world.Advance(TimeSpan.FromMinutes(3)); // the lease ends, and the patience with it
        var second = world.Hire();
        await second.Run(second.Take("reply"));
        Assert.Equal(SendState.Unknown, Assert.Single(await Effects.Ledger(world, Customer)).Entry.State);

        pause.Release();
        await Assert.ThrowsAnyAsync<Exception>(() => first); // its lease is lost
        Assert.Equal(SendState.Sent, Assert.Single(await Effects.Ledger(world, Customer)).Entry.State);
        await Finish(world);
        Assert.Single(world.Phone.Arrived);
        Assert.Single((await world.Customer(Customer))!.Window.Slots);
        Assert.Single(await world.Timeline(Customer), e => e.Kind.StartsWith("reply.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(45015)]
    [InlineData(45047)]
    public async Task A_refusal_gives_the_slot_back_also_when_the_process_dies_before_it_could(int code)
    {
        foreach (var died in new[] { false, true })
        {
            await using var world = await Known();
            world.Phone.ErrCode = code;
            if (died) await Die(world, Moment.Before, "replace customers customer", 4, TimeSpan.FromSeconds(5));
            else await world.Hire().Publish(world.Text(Customer, Complaint));
            await Finish(world);
            var file = await world.Customer(Customer);
            Assert.Empty(file!.Window.Slots);
            Assert.Equal(1, file.Out["refused"]);
            var entry = Assert.Single(await Effects.Ledger(world, Customer)).Entry;
            Assert.Equal((SendState.Refused, code), (entry.State, entry.Code));
        }
    }

    // Scanned a code for which there is no rule, so that only the complaint is answered.
    private async Task<World> Known()
    {
        var world = await Begin();
        var worker = world.Hire();
        await worker.Publish(world.Received(Xml.Event(Customer, "SCAN", world.Clock.GetUtcNow(), "none")));
        await worker.Drain();
        await worker.Upkeep();
        return world;
    }

    private static async Task Handle(World world)
    {
        await world.Hire().Publish(world.Text(Customer, Complaint));
        await Finish(world);
    }

    private static async Task Die(World world, Moment moment, string act, int nth, TimeSpan away)
    {
        var doomed = world.Hire(new Fate().Die(moment, act, nth));
        await doomed.Publish(world.Text(Customer, Complaint));
        await Assert.ThrowsAsync<ProcessDiedException>(doomed.Drain);
        await world.Crash(away);
    }

    private static async Task Finish(World world)
    {
        var worker = world.Hire();
        await worker.Drain();
        await worker.Upkeep();
    }
}
