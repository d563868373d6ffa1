using Azure.Messaging.ServiceBus;
using CrmServerless.Azure.Messaging;
using CrmServerless.Crm;
using CrmServerless.Crm.Messaging;
using CrmServerless.Tests.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Azure.Messaging;

/// <summary>
/// The real adapter and SDK on one side of an AMQP connection, a model of the topic on the other. What passes here is
/// proven for the adapter, on the condition that Service Bus keeps the rules of <see cref="TopicModel"/>.
/// </summary>
public sealed class ServiceBusHarness : IBusHarness
{
    private readonly AmqpServer server = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private ServiceBusClient client = null!;
    private ServiceBusBus bus = null!;

    public ServiceBusHarness(IReadOnlyList<Stage> stages)
    {
        Topic = new TopicModel(stages, clock);
        server.Taken = Topic.Take;
        Connect();
    }

    public TopicModel Topic { get; }

    public IMessageBus Bus => bus;

    public DateTimeOffset Now => clock.GetUtcNow();

    public TimeSpan Lease => TopicModel.LockDuration;

    public Task<IBusDelivery?> TryReceive(string stage) => Task.FromResult(Topic.TryReceive(stage));

    public Task Advance(TimeSpan by)
    {
        clock.Advance(by);
        Topic.Settle();
        return Task.CompletedTask;
    }

    public async Task Restart(IReadOnlyList<Stage>? stages = null)
    {
        await Disconnect();
        Topic.Reconnect(stages);
        Connect();
    }

    public async ValueTask DisposeAsync()
    {
        await Disconnect();
        await server.DisposeAsync();
    }

    private void Connect()
    {
        client = server.Client(new Credential());
        bus = new ServiceBusBus(client);
    }

    private async Task Disconnect()
    {
        await bus.DisposeAsync();
        await client.DisposeAsync();
    }
}
