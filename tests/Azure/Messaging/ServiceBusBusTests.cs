using Azure.Messaging.ServiceBus;
using CrmServerless.Azure.Messaging;
using CrmServerless.Crm.Messaging;
using CrmServerless.Tests.Support;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;

namespace CrmServerless.Tests.Azure.Messaging;

/// <summary>What goes over the wire to the topic: the real SDK against a server of our own that speaks AMQP.</summary>
public sealed class ServiceBusBusTests : IAsyncDisposable
{
    private readonly AmqpServer server = new();
    private readonly Credential credential = new();
    private readonly ServiceBusClient client;
    private readonly ServiceBusBus bus;

    public ServiceBusBusTests()
    {
        client = server.Client(credential);
        bus = new ServiceBusBus(client);
    }

    [Fact]
    public async Task A_fact_is_a_message_with_its_lane_as_session()
    {
        var fact = Some.Text("我要维权 🍵") with { Origin = Origins.Import };
        await bus.Publish([new OutgoingFact(fact, $"{fact.Id}~2")], default).InTime();

        var message = Assert.Single(server.Messages);
        Assert.Equal($"{fact.Id}~2", message.Properties.MessageId.ToString());
        Assert.Equal($"{Lanes.Of(fact.Key, 64)}", message.Properties.GroupId);
        Assert.Equal((fact.Subject, "application/json"), (message.Properties.Subject, message.Properties.ContentType.Value));
        Assert.Equal((fact.Kind, "import"), (message.ApplicationProperties.Map["kind"], message.ApplicationProperties.Map["origin"]));
        Assert.Equal(fact.ToUtf8Bytes(), Body(message));
        Assert.Null(message.Header?.Ttl);
        Assert.Null(Scheduled(message));
    }

    [Fact]
    public async Task A_token_for_the_topic_is_put_before_the_link_is_opened()
    {
        await bus.Publish(Some.Text("1"), default).InTime();
        await bus.Publish(Some.Text("2"), default).InTime();

        Assert.Equal([("amqps://" + AmqpServer.Namespace + "/crm", "jwt", Credential.Token)], server.Tokens);
        Assert.Equal(["https://servicebus.azure.net/.default"], credential.Scopes);
        Assert.Equal(["$cbs", "/crm"], server.Links);
    }

    [Fact]
    public async Task A_fact_for_later_is_scheduled()
    {
        var due = Some.Now.AddMinutes(30);
        await bus.Publish(Some.Text("1") with { NotBefore = due }, default).InTime();
        Assert.Equal(due.UtcDateTime, Scheduled(Assert.Single(server.Messages)));
    }

    [Fact]
    public async Task Nothing_to_publish_opens_no_connection()
    {
        await bus.Publish(Array.Empty<Envelope>(), default).InTime();
        Assert.Empty(server.Links);
    }

    [Fact]
    public async Task A_batch_holds_a_hundred_facts_in_their_order()
    {
        var facts = Enumerable.Range(0, 250).Select(n => Some.Text($"{n}")).ToList();
        await bus.Publish(facts, default).InTime();

        Assert.Equal([100, 100, 50], server.Transfers.Select(t => t.Count));
        Assert.Equal(facts.Select(f => f.Id), server.Messages.Select(m => m.Properties.MessageId.ToString()!));
        Assert.Equal(facts[249].ToUtf8Bytes(), Body(server.Messages.Last()));
    }

    [Fact]
    public async Task A_batch_is_of_one_lane_and_every_lane_keeps_its_order()
    {
        var facts = Enumerable.Range(0, 60).Select(n => Some.Text($"{n}") with { Key = Keys.Customer("main", $"o{n % 7}") }).ToList();
        await bus.Publish(facts, default).InTime();

        Assert.All(server.Transfers, t => Assert.Single(t.Select(m => m.Properties.GroupId).Distinct()));
        foreach (var lane in facts.GroupBy(f => $"{Lanes.Of(f.Key)}"))
            Assert.Equal(lane.Select(f => f.Id), server.Messages.Where(m => m.Properties.GroupId == lane.Key).Select(m => m.Properties.MessageId.ToString()!));
    }

    [Fact]
    public async Task Batches_end_at_the_size_that_the_service_takes()
    {
        server.MaxMessageSize = 64 * 1024;
        var facts = Enumerable.Range(0, 10).Select(n => Some.Text(new string('x', n == 5 ? 63_000 : 20_000))).ToList();
        await bus.Publish(facts, default).InTime();

        // The sixth fills a message alone, and nothing overtakes it.
        Assert.Equal([3, 2, 1, 3, 1], server.Transfers.Select(t => t.Count));
        Assert.Equal(facts.Select(f => f.Id), server.Messages.Select(m => m.Properties.MessageId.ToString()!));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_fact_that_no_message_can_hold_is_nobodys_passing_fault(int facts)
    {
        var large = Some.Text(new string('x', 300 * 1024));
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            bus.Publish([.. Enumerable.Range(1, facts - 1).Select(n => Some.Text($"{n}")), large], default).InTime());
        Assert.Equal("A fact is larger than a message on the bus may be.", fault.Message);
        Assert.Equal(facts - 1, server.Messages.Count());
    }

    [Fact]
    public async Task A_connection_that_ended_is_opened_again()
    {
        var (one, two) = (Some.Text("1"), Some.Text("2"));
        await bus.Publish(one, default).InTime();
        server.Disconnect();
        await bus.Publish(two, default).InTime();
        // The answer to the second may have been lost with the connection: then it is sent again, under the same id.
        Assert.Equal([one.Id, two.Id], server.Messages.Select(m => m.Properties.MessageId.ToString()!).Distinct());
    }

    [Fact]
    public async Task A_connection_that_ends_twice_under_a_link_being_opened_is_opened_again()
    {
        server.EndedUnderLinks = 2;
        var fact = Some.Text("1");
        await bus.Publish(fact, default).InTime();
        Assert.Equal([fact.Id], server.Messages.Select(m => m.Properties.MessageId.ToString()!).Distinct());
    }

    [Theory]
    [InlineData("amqp:illegal-state")] // What the client says of a link that was closed between two looks at it.
    [InlineData("amqp:connection:forced")]
    [InlineData("com.microsoft:timeout")]
    public async Task What_ends_a_call_four_times_does_not_end_the_fifth(string condition)
    {
        var ends = 4;
        server.Answer = _ => ends-- > 0 ? new Rejected { Error = new Error { Condition = new AmqpSymbol(condition) } } : new Accepted();
        var fact = Some.Text("1");
        await bus.Publish(fact, default).InTime();
        Assert.Equal(Enumerable.Repeat(fact.Id, 5), server.Messages.Select(m => m.Properties.MessageId.ToString()!));
    }

    [Fact]
    public async Task A_service_that_is_busy_is_not_pressed()
    {
        server.Answer = _ => new Rejected { Error = new Error { Condition = new AmqpSymbol("com.microsoft:server-busy") } };
        await Assert.ThrowsAsync<TransientException>(() => bus.Publish(Some.Text("1"), default).InTime());
        Assert.Single(server.Transfers);
    }

    [Fact]
    public async Task A_cancelled_publish_sends_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bus.Publish(Some.Text("1"), new CancellationToken(canceled: true)));
        Assert.Empty(server.Links);
    }

    public async ValueTask DisposeAsync()
    {
        await bus.DisposeAsync();
        await client.DisposeAsync();
        await server.DisposeAsync();
    }

    private static byte[] Body(AmqpMessage message) => [.. message.DataBody.SelectMany(d => (ArraySegment<byte>)d.Value)];

    private static DateTime? Scheduled(AmqpMessage message) =>
        message.MessageAnnotations?.Map.TryGetValue(new AmqpSymbol("x-opt-scheduled-enqueue-time"), out DateTime due) == true ? due : null;
}
