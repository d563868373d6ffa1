using Azure.Messaging.ServiceBus;
using CrmServerless.Azure.Messaging;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Storage;
using CrmServerless.Tests.Support;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Azure.Messaging;

/// <summary>What the pipeline's own patience makes of a service that refuses for a while: nobody is pressed, nothing is lost.</summary>
public sealed class ServiceBusBackOffTests : IAsyncDisposable
{
    private readonly AmqpServer server = new();
    private readonly ServiceBusClient client;
    private readonly ServiceBusBus bus;
    private readonly TempStore store = new();

    public ServiceBusBackOffTests()
    {
        client = server.Client(new Credential());
        bus = new ServiceBusBus(client);
    }

    [Fact]
    public async Task After_five_refusals_receive_leaves_the_service_alone_for_ten_seconds_and_the_spill_goes_out_in_order()
    {
        var clock = new FakeTimeProvider(Some.Now);
        var (publisher, spill) = Door(clock);
        await Connect();
        server.Answer = _ => Refusal("amqp:internal-error");
        var facts = Enumerable.Range(0, 8).Select(n => Some.Text($"{n}") with { PublishedAt = Some.Now.AddMilliseconds(n) }).ToList();
        foreach (var fact in facts.Take(7)) Assert.Equal(Taken.BySpill, await publisher.Publish(fact).InTime());
        Assert.Equal(5 * ServiceBusBus.MaxTries, server.Transfers.Count);

        server.Answer = _ => new Accepted();
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(Taken.BySpill, await publisher.Publish(facts[7]).InTime());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Taken.ByBus, await publisher.Publish(Some.Text("again")).InTime());
        server.Transfers.Clear();
        Assert.Equal(8, await spill.Drain(default).InTime());
        Assert.Equal(facts.Select(f => f.Id), server.Messages.Select(m => $"{m.Properties.MessageId}"));
    }

    [Fact]
    public async Task While_the_service_is_busy_the_answer_to_WeChat_waits_two_seconds_at_most()
    {
        // The clock stands, so that the first answer is the service's, however long it takes on a busy machine.
        var clock = new ManualClock(Some.Now);
        var (publisher, _) = Door(clock);
        await Connect();
        server.Answer = _ => Refusal("com.microsoft:server-busy");
        Assert.Equal(Taken.BySpill, await publisher.Publish(Some.Text("1")).InTime());
        // The client now asks the service no more for some seconds, whatever comes.
        server.Answer = _ => new Accepted();
        var second = publisher.Publish(Some.Text("2"));
        clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.False(second.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(Taken.BySpill, await second.InTime());
        Assert.Single(server.Transfers);
    }

    [Fact]
    public async Task A_stage_waits_longer_each_time_inside_one_delivery()
    {
        var clock = new InstantClock(Some.Now);
        var refusals = 4 * ServiceBusBus.MaxTries;
        await Connect();
        server.Answer = _ => refusals-- > 0 ? Refusal("amqp:internal-error") : new Accepted();
        var child = Some.Text("child");
        var runner = new PipelineRunner(
            new Dictionary<string, BatchHandler> { ["customer"] = (_, ct) => bus.Publish(child, ct) },
            new DeadLetters(store.Documents, bus, clock), new Progress(clock), new FailureOptions(), clock);
        await runner.Run("customer", Some.Text("1").ToUtf8Bytes(), 1, default).InTime();

        Assert.Equal([200, 400, 800, 1600], clock.Waits.Select(w => w.TotalMilliseconds));
        Assert.Equal(Enumerable.Repeat(child.Id, (4 * ServiceBusBus.MaxTries) + 1), server.Messages.Select(m => $"{m.Properties.MessageId}"));
    }

    public async ValueTask DisposeAsync()
    {
        await bus.DisposeAsync();
        await client.DisposeAsync();
        await server.DisposeAsync();
        store.Dispose();
    }

    // What is tested here begins after the first connection, which takes its time.
    private async Task Connect()
    {
        await bus.Publish(Some.Text("first"), default).InTime();
        server.Transfers.Clear();
    }

    private (DurablePublisher Publisher, Spill Spill) Door(TimeProvider clock)
    {
        var spill = new Spill(store.Documents, bus, new DeadLetters(store.Documents, bus, clock));
        return (new DurablePublisher(bus, spill, new ReceiveOptions(), clock, NullLogger<DurablePublisher>.Instance), spill);
    }

    private static Rejected Refusal(string condition) => new() { Error = new Error { Condition = new AmqpSymbol(condition), Description = "the service's words" } };
}
