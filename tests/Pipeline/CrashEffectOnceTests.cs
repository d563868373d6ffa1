using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Pipeline;

/// <summary>
/// "Effect once", design section 3: the process dies at each numbered step, a new one starts on the same files, and all
/// must read as if nothing had happened.
/// </summary>
public class CrashEffectOnceTests : WorldTests
{
    private const string Customer = "oCrash";
    private const string Complaint = "我要投诉，我要维权";

    /// <summary>Step, when, at which act of the process that handles the complaint, and which of that name.</summary>
    public static TheoryData<string, Moment, string, int> Steps => new()
    {
        { "1 reads", Moment.Before, "read customers customer", 1 },
        { "1 has read", Moment.After, "read customers customer", 1 },
        { "4 has decided", Moment.Before, "replace customers customer", 1 },
        { "5 has committed", Moment.After, "replace customers customer", 1 },
        { "6 writes the timeline", Moment.Halfway, "upsert customers timeline", 1 },
        { "6 has written the timeline", Moment.After, "upsert customers timeline", 1 },
        { "7 publishes", Moment.Halfway, "publish CustomerChanged+CustomerTagged", 1 },
        { "7 has published", Moment.After, "publish CustomerChanged+CustomerTagged", 1 },
        { "8 empties the outbox", Moment.Before, "replace customers customer", 2 },
        { "8 has emptied the outbox", Moment.After, "replace customers customer", 2 },
        { "9 completes", Moment.Before, "complete customer", 1 },
        { "9 has completed", Moment.After, "complete customer", 1 },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_crash_at_each_step_leaves_one_effect(string step, Moment moment, string act, int nth)
    {
        Assert.NotEmpty(step);
        var expected = await Undisturbed();
        // Within the broker's memory of message ids, and after it.
        foreach (var away in new[] { TimeSpan.FromSeconds(5), TimeSpan.FromHours(2) })
        {
            await using var world = await Known();
            await world.Hire().Publish(world.Text(Customer, Complaint));
            var doomed = world.Hire(new Fate().Die(moment, act, nth));
            await Assert.ThrowsAsync<ProcessDiedException>(doomed.Drain);
            await world.Crash(away);
            var next = world.Hire();
            await next.Drain();
            await next.Upkeep();
            Assert.Equal(expected, await Effects.Of(world, Customer));
            if (away < TimeSpan.FromHours(1)) Assert.Equal(1, world.Completions("tag", "CustomerTagged"));
        }
    }

    private async Task<string> Undisturbed()
    {
        await using var world = await Known();
        var worker = world.Hire();
        await worker.Publish(world.Text(Customer, Complaint));
        await worker.Drain();
        await worker.Upkeep();
        var effects = await Effects.Of(world, Customer);
        Assert.Contains("version: 6\n", effects, StringComparison.Ordinal); // follow, its answer, the complaint, its answer
        return effects;
    }

    // Follows and was welcomed.
    private async Task<World> Known()
    {
        var world = await Begin();
        var worker = world.Hire();
        await worker.Publish(world.Received(Xml.Event(Customer, "subscribe", world.Clock.GetUtcNow())));
        await worker.Drain();
        await worker.Upkeep();
        world.Completed.Clear();
        return world;
    }
}
