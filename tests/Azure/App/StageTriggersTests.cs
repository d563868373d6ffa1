using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using CrmServerless.Crm;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Functions;
using CrmServerless.Tests.Support;
using Microsoft.Azure.Functions.Worker;

namespace CrmServerless.Tests.Azure.App;

/// <summary>The triggers hand over bytes and the delivery count, and every fault of the pipeline to the broker.</summary>
public sealed class StageTriggersTests : IDisposable
{
    private static readonly Dictionary<string, MethodInfo> Triggers = typeof(StageTriggers).GetMethods()
        .Where(m => m.GetCustomAttribute<FunctionAttribute>() is not null).ToDictionary(m => m.GetCustomAttribute<FunctionAttribute>()!.Name);

    private readonly TempStore store = new();
    private readonly List<(string Stage, StageDelivery Delivery)> handled = [];
    private readonly DeadLetters letters;
    private readonly StageTriggers triggers;
    private Func<CancellationToken, Task> act = _ => Task.CompletedTask;

    public StageTriggersTests()
    {
        var clock = new InstantClock(Some.Now);
        letters = new DeadLetters(store.Documents, new MemoryBus(), clock);
        var handlers = CrmServerless.Crm.Pipeline.Stages.ToDictionary(s => s.Name, s => (BatchHandler)(async (batch, ct) =>
        {
            handled.AddRange(batch.Select(d => (s.Name, d)));
            await act(ct);
        }));
        triggers = new StageTriggers(new PipelineRunner(handlers, letters, new Progress(clock), new FailureOptions { StopGrace = TimeSpan.Zero }, clock));
    }

    public static TheoryData<string> Stages => [.. CrmServerless.Crm.Pipeline.Stages.Select(s => s.Name)];

    [Fact]
    public void Every_stage_has_exactly_one_trigger_with_its_sessions_and_batches() =>
        Assert.Equal(
            CrmServerless.Crm.Pipeline.Stages.Select(s => $"{s.Name}: crm/{s.Name} ServiceBus {s.Sessions} {s.BatchSize > 1} {(s.BatchSize > 1 ? typeof(byte[][]) : typeof(byte[]))}"),
            typeof(StageTriggers).Assembly.GetTypes().SelectMany(t => t.GetMethods()).SelectMany(
                m => m.GetParameters(), (m, p) => (Method: m, Parameter: p, Trigger: p.GetCustomAttribute<ServiceBusTriggerAttribute>())).Where(f => f.Trigger is not null)
                .Select(f => $"{f.Method.GetCustomAttribute<FunctionAttribute>()?.Name}: {f.Trigger!.TopicName}/{f.Trigger.SubscriptionName} {f.Trigger.Connection} "
                    + $"{f.Trigger.IsSessionsEnabled} {f.Trigger.IsBatched} {f.Parameter.ParameterType}"));

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task A_delivery_reaches_the_stage_of_its_subscription_with_its_count(string stage)
    {
        var fact = Some.Text("我要维权");
        await Invocation.Deliver(triggers, Triggers[stage], [(fact.ToUtf8Bytes(), 3)]).InTime();
        var (reached, delivery) = Assert.Single(handled);
        Assert.Equal((stage, fact.Id, 3), (reached, delivery.Fact.Id, delivery.Count));
    }

    [Fact]
    public async Task A_batch_counts_as_its_oldest_fact()
    {
        var facts = Enumerable.Range(1, 3).Select(n => Some.Text($"{n}")).ToList();
        await Invocation.Deliver(triggers, Triggers["stats"], [(facts[0].ToUtf8Bytes(), 1), (facts[1].ToUtf8Bytes(), 4), (facts[2].ToUtf8Bytes(), 2)]).InTime();
        Assert.Equal(facts.Select(f => (f.Id, 4)), handled.Select(h => (h.Delivery.Fact.Id, h.Delivery.Count)));
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task A_fault_goes_back_to_the_broker_nine_times_and_the_tenth_is_a_dead_letter(string stage)
    {
        act = _ => throw new InvalidOperationException("It cannot be done.");
        var fact = Some.Text("1");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Invocation.Deliver(triggers, Triggers[stage], [(fact.ToUtf8Bytes(), 1)])).InTime();
        Assert.Empty((await letters.Page(null, null, 10, default)).Items);

        await Invocation.Deliver(triggers, Triggers[stage], [(fact.ToUtf8Bytes(), 10)]).InTime();
        var letter = Assert.Single((await letters.Page(null, null, 10, default)).Items);
        Assert.Equal((stage, fact.Id, 10), (letter.Stage, letter.Fact!.Id, letter.Attempts));
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task A_delivery_that_the_host_cancels_goes_back_to_the_broker(string stage)
    {
        using var stopping = new CancellationTokenSource();
        act = ct =>
        {
            stopping.Cancel();
            return Task.Delay(Timeout.Infinite, ct);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Invocation.Deliver(triggers, Triggers[stage], [(Some.Text("1").ToUtf8Bytes(), 10)], stopping.Token)).InTime();
        Assert.Empty((await letters.Page(null, null, 10, default)).Items);
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task A_body_cannot_say_which_message_and_which_delivery_it_is(string stage)
    {
        act = _ => throw new InvalidOperationException("It cannot be done.");
        var fact = Some.Text("1");
        var forged = JsonNode.Parse(fact.ToUtf8Bytes())!.AsObject();
        foreach (var name in new[] { "DeliveryCount", "deliveryCount", "DeliveryCountArray" }) forged[name] = name.EndsWith("Array", StringComparison.Ordinal) ? "[500]" : 500;
        foreach (var name in new[] { "messageId", "MessageId", "SessionId", "sequenceNumber", "LockToken" }) forged[name] = "forged";

        await Assert.ThrowsAsync<InvalidOperationException>(() => Invocation.Deliver(triggers, Triggers[stage], [(Encoding.UTF8.GetBytes(forged.ToJsonString()), 1)])).InTime();
        Assert.Empty((await letters.Page(null, null, 10, default)).Items);
        // A stage with batches tries each fact of a failed batch alone once more.
        Assert.All(handled, h => Assert.Equal((fact.Id, 1), (h.Delivery.Fact.Id, h.Delivery.Count)));
        Assert.NotEmpty(handled);
    }

    [Fact]
    public async Task A_body_that_is_no_fact_is_kept_for_a_person()
    {
        await Invocation.Deliver(triggers, Triggers["customer"], [("""{"DeliveryCount":500,"messageId":"forged"}"""u8.ToArray(), 1)]).InTime();
        Assert.Empty(handled);
        Assert.NotNull(Assert.Single((await letters.Page(null, null, 10, default)).Items).Unreadable);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData(7, 7)]
    [InlineData(7L, 7)]
    [InlineData(null, 1)]
    [InlineData("", 1)]
    [InlineData("[]", 1)]
    [InlineData("0", 1)]
    [InlineData("-3", 1)]
    [InlineData("seven", 1)]
    [InlineData("{\"a\":1}", 1)]
    [InlineData("7.5", 1)]
    [InlineData("99999999999", 1)]
    [InlineData("1000000", 500)]
    public void Whatever_the_host_says_the_count_is_one_that_a_broker_can_mean(object? said, int count)
    {
        Assert.Equal(count, new Invocation(new Dictionary<string, object?> { ["DeliveryCount"] = said }).DeliveryCount);
        Assert.Equal(1, new Invocation(new Dictionary<string, object?>()).DeliveryCount);
    }

    [Fact]
    public void The_host_hands_over_as_many_facts_at_once_as_the_stage_takes()
    {
        var host = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")))!;
        Assert.Equal(CrmServerless.Crm.Pipeline.Stages.Max(s => s.BatchSize), (int)host["extensions"]!["serviceBus"]!["maxMessageBatchSize"]!);
    }

    [Fact]
    public void Functions_have_the_names_of_the_design()
    {
        var names = typeof(StageTriggers).Assembly.GetTypes().SelectMany(t => t.GetMethods()).Select(m => m.GetCustomAttribute<FunctionAttribute>()?.Name).OfType<string>();
        Assert.Equal(
            CrmServerless.Crm.Pipeline.Stages.Select(s => s.Name).Concat(["receive", "open", "api", "report", "upkeep"]).Order(StringComparer.Ordinal),
            names.Order(StringComparer.Ordinal));
    }

    public void Dispose() => store.Dispose();
}
