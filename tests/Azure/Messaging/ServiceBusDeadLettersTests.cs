using Azure.Messaging.ServiceBus;
using CrmServerless.Azure.Messaging;
using CrmServerless.Crm.Messaging;
using CrmServerless.Tests.Support;
using Moq;

namespace CrmServerless.Tests.Azure.Messaging;

/// <summary>Triage of the subscriptions' dead-letter queues, over stand-ins for the SDK's receivers.</summary>
public sealed class ServiceBusDeadLettersTests
{
    private readonly Dictionary<string, List<ServiceBusReceivedMessage>> queues = [];
    private readonly List<long> completed = [];
    private readonly List<long> abandoned = [];
    private readonly MemoryBus bus = new();
    private readonly Mock<ServiceBusClient> client = new();
    private readonly ServiceBusDeadLetters letters;

    public ServiceBusDeadLettersTests()
    {
        client.Setup(c => c.CreateReceiver(ServiceBusBus.Topic, It.IsAny<string>(), It.Is<ServiceBusReceiverOptions>(o => o.SubQueue == SubQueue.DeadLetter)))
            .Returns((string _, string stage, ServiceBusReceiverOptions _) => Receiver(queues.GetValueOrDefault(stage, [])));
        letters = new ServiceBusDeadLetters(client.Object, bus);
    }

    [Fact]
    public async Task The_list_has_all_stages_newest_first_and_reads_what_it_can()
    {
        var fact = Some.Text("1");
        queues["customer"] = [Message(7, fact.ToUtf8Bytes(), Some.Now.AddMinutes(1))];
        queues["stats"] = [Message(7, "no fact"u8.ToArray(), Some.Now.AddMinutes(2))];
        var list = await letters.List(10, default);
        Assert.Equal([("stats~7", "stats", null), ("customer~7", "customer", fact.Id)], list.Select(l => (l.Id, l.Stage, l.Fact?.Id)));
        Assert.All(list, l => Assert.Equal(500, l.Deliveries));
    }

    [Fact]
    public async Task A_long_queue_is_read_in_pages_and_no_further_than_asked()
    {
        queues["customer"] = [.. Enumerable.Range(1, 250).Select(n => Message(n, Some.Text($"{n}").ToUtf8Bytes(), Some.Now.AddSeconds(n)))];
        Assert.Equal(250, (await letters.List(1000, default)).Count);
        Assert.Equal(120, (await letters.List(120, default)).Count);
    }

    [Fact]
    public async Task A_message_is_put_back_for_its_stage_alone_under_an_id_that_the_topic_has_not_seen()
    {
        var fact = Some.Text("1") with { Deadline = Some.Now };
        queues["reply"] = [Message(1, Some.Text("other").ToUtf8Bytes()), Message(2, fact.ToUtf8Bytes()), Message(3, Some.Text("other").ToUtf8Bytes())];
        Assert.True(await letters.Resubmit("reply~2", default));

        var sent = Assert.Single(bus.Sent);
        Assert.Equal((fact.Id, "reply", null, $"{fact.Id}~reply~2"), (sent.Fact.Id, sent.Fact.Only, sent.Fact.Deadline, sent.EffectiveMessageId));
        Assert.Equal([2], completed);
        Assert.Equal([1, 3], abandoned);
    }

    [Fact]
    public async Task A_dropped_message_is_gone_and_the_others_stay()
    {
        queues["alert"] = [Message(1, Some.Text("1").ToUtf8Bytes()), Message(2, Some.Text("2").ToUtf8Bytes())];
        Assert.True(await letters.Drop("alert~1", default));
        Assert.Empty(bus.Sent);
        Assert.Equal([1], completed);
        Assert.Equal([2], abandoned);
    }

    [Theory]
    [InlineData("customer~9")]
    [InlineData("nothing~1")]
    [InlineData("")]
    public async Task A_message_that_is_gone_is_neither_put_back_nor_dropped(string id)
    {
        queues["customer"] = [Message(1, Some.Text("1").ToUtf8Bytes())];
        Assert.False(await letters.Resubmit(id, default));
        Assert.False(await letters.Drop(id, default));
        Assert.Empty(completed);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_or_published_stays()
    {
        queues["customer"] = [Message(1, "no fact"u8.ToArray())];
        Assert.False(await letters.Resubmit("customer~1", default));
        Assert.Empty(completed);
        Assert.Equal([1], abandoned);
    }

    [Fact]
    public async Task A_bus_that_does_not_answer_is_transient()
    {
        client.Setup(c => c.CreateReceiver(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<ServiceBusReceiverOptions>()))
            .Throws(new ServiceBusException("busy", ServiceBusFailureReason.ServiceBusy));
        await Assert.ThrowsAsync<TransientException>(() => letters.List(10, default));
        await Assert.ThrowsAsync<TransientException>(() => letters.Drop("customer~1", default));
    }

    private static ServiceBusReceivedMessage Message(long number, byte[] body, DateTimeOffset? at = null) => ServiceBusModelFactory.ServiceBusReceivedMessage(
        body: BinaryData.FromBytes(body), messageId: $"m{number}", sequenceNumber: number, deliveryCount: 500, enqueuedTime: at ?? Some.Now);

    // Each opening locks what is there, in its order, as the service does.
    private ServiceBusReceiver Receiver(List<ServiceBusReceivedMessage> queue)
    {
        var (receiver, next) = (new Mock<ServiceBusReceiver>(), 0);
        receiver.Setup(r => r.PeekMessagesAsync(It.IsAny<int>(), It.IsAny<long?>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((int take, long? from, CancellationToken _) => [.. queue.Where(m => m.SequenceNumber >= (from ?? 0)).Take(take)]);
        receiver.Setup(r => r.ReceiveMessagesAsync(It.IsAny<int>(), It.IsAny<TimeSpan?>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((int take, TimeSpan? _, CancellationToken _) => [.. queue.Skip(next).Take(next++ == 0 ? take : 0)]);
        receiver.Setup(r => r.CompleteMessageAsync(It.IsAny<ServiceBusReceivedMessage>(), It.IsAny<CancellationToken>()))
            .Callback((ServiceBusReceivedMessage m, CancellationToken _) => completed.Add(m.SequenceNumber)).Returns(Task.CompletedTask);
        receiver.Setup(r => r.AbandonMessageAsync(It.IsAny<ServiceBusReceivedMessage>(), It.IsAny<IDictionary<string, object>>(), It.IsAny<CancellationToken>()))
            .Callback((ServiceBusReceivedMessage m, IDictionary<string, object> _, CancellationToken _) => abandoned.Add(m.SequenceNumber)).Returns(Task.CompletedTask);
        return receiver.Object;
    }
}
