using System.Text.Json;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Support;
using CrmPipeline = CrmServerless.Crm.Pipeline;

namespace CrmServerless.Tests.Pipeline;

/// <summary>
/// What the commonest event costs: a message from a known customer, for which no rule has anything to say. The bill of a
/// year is this, some hundred million times.
/// </summary>
public class EventCostTests : WorldTests
{
    private const string Customer = "oCost";

    [Fact]
    public async Task An_event_without_a_hit_costs_2_publishes_1_read_2_writes_and_a_row()
    {
        await using var world = await Known();
        var worker = world.Hire();
        var acts = await Acts(world, worker);

        Assert.Equal(
            ["publish EventReceived", "read customers customer", "replace customers customer", "upsert customers timeline", "publish CustomerChanged"],
            acts.Where(a => !a.StartsWith("upsert stats", StringComparison.Ordinal)));
        // A row for each fact that is counted: CustomerChanged is not.
        Assert.Equal(world.Completed.Count(c => c.Stage == "stats"), acts.Count(a => a.StartsWith("upsert stats", StringComparison.Ordinal)));
        Assert.Equal(1, world.Completions("stats", Subjects.EventReceived));
    }

    [Fact]
    public async Task An_event_without_a_hit_is_delivered_4_times_and_filtered_12_times()
    {
        await using var world = await Known();
        var acts = await Acts(world, world.Hire());

        Assert.Equal(
            ["alert EventReceived", "customer EventReceived", "reply CustomerChanged", "stats EventReceived"],
            world.Completed.Select(c => $"{c.Stage} {c.Fact.Subject}").Order(StringComparer.Ordinal));
        Assert.All(world.Completed, c => Assert.Equal(1, c.Count));
        // The topic asks every subscription's filter about every fact.
        Assert.Equal(12, acts.Count(a => a.StartsWith("publish ", StringComparison.Ordinal)) * CrmPipeline.Stages.Count);
    }

    /// <summary>A customer who has written before, rules that are loaded, and none of them hits.</summary>
    protected async Task<World> Known()
    {
        var never = new Rule { Id = "never", Enabled = false, Then = JsonSerializer.SerializeToElement(new { tags = new[] { "x" } }) };
        var world = await Begin((RuleKind.Tags, never));
        var worker = world.Hire();
        await worker.Publish(world.Text(Customer, "第一条"));
        await worker.Drain();
        world.Completed.Clear();
        return world;
    }

    /// <summary>What a process does outside for one more message, once it has read the rules.</summary>
    protected static async Task<List<string>> Acts(World world, Worker worker, Action? begins = null)
    {
        await worker.Publish(world.Text("oOther", "先来的")); // every stage reads its rules
        await worker.Drain();
        world.Completed.Clear();
        var earlier = worker.Fate.Acts.Count;
        begins?.Invoke();
        await worker.Publish(world.Text(Customer, "今天天气真好"));
        await worker.Drain();
        return [.. worker.Fate.Acts.Skip(earlier).Where(a => !a.StartsWith("complete", StringComparison.Ordinal))];
    }
}
