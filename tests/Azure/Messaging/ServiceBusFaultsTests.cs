using Azure.Identity;
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

namespace CrmServerless.Tests.Azure.Messaging;

/// <summary>What the pipeline hears when the service refuses, is busy, is silent or is not there.</summary>
public sealed class ServiceBusFaultsTests : IAsyncDisposable
{
    private readonly AmqpServer server = new();
    private readonly Credential credential = new();
    private readonly ServiceBusClient client;
    private readonly ServiceBusBus bus;

    public ServiceBusFaultsTests()
    {
        client = server.Client(credential);
        bus = new ServiceBusBus(client);
    }

    [Theory]
    [InlineData("com.microsoft:server-busy", "Service Bus does not answer as it should: ServiceBusy.")]
    [InlineData("com.microsoft:timeout", "Service Bus does not answer as it should: ServiceTimeout.")]
    [InlineData("amqp:resource-limit-exceeded", "The topic is full.")]
    [InlineData("amqp:internal-error", "Service Bus does not answer as it should: GeneralError.")]
    [InlineData("amqp:connection:forced", "Service Bus does not answer as it should: GeneralError.")]
    [InlineData("com.microsoft:operation-cancelled", "Service Bus does not answer as it should: GeneralError.")]
    [InlineData("com.microsoft:something-new", "Service Bus does not answer as it should: GeneralError.")]
    public async Task What_passes_is_transient(string condition, string message)
    {
        server.Answer = _ => new Rejected { Error = new Error { Condition = new AmqpSymbol(condition), Description = "the service's words" } };
        var fault = await Assert.ThrowsAsync<TransientException>(() => bus.Publish(Some.Text("1"), default).InTime());
        Assert.Equal(message, fault.Message);
    }

    [Theory]
    [InlineData("amqp:not-found", "has no topic")]
    [InlineData("com.microsoft:entity-disabled", "has no topic")]
    [InlineData("amqp:unauthorized-access", "Azure Service Bus Data Sender")]
    public async Task What_a_person_has_to_repair_names_the_setting(string condition, string sentence)
    {
        server.RefusedLink = new Error { Condition = new AmqpSymbol(condition), Description = "the service's words" };
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => bus.Publish(Some.Text("1"), default).InTime());
        Assert.StartsWith("ServiceBus__fullyQualifiedNamespace: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_the_service_refuses_is_the_identitys_fault()
    {
        server.TokenStatus = 401;
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => bus.Publish(Some.Text("1"), default).InTime());
        Assert.Contains("Azure Service Bus Data Sender", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Credential.Token, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_cannot_be_had_is_transient()
    {
        credential.Fault = new CredentialUnavailableException("The identity endpoint does not answer.");
        await Assert.ThrowsAsync<TransientException>(() => bus.Publish(Some.Text("1"), default).InTime());
    }

    [Fact]
    public async Task Silence_is_transient()
    {
        await using var hasty = server.Client(credential, TimeSpan.FromMilliseconds(200));
        await using var silent = new ServiceBusBus(hasty);
        server.Answer = _ => null;
        await Assert.ThrowsAsync<TransientException>(() => silent.Publish(Some.Text("1"), default).InTime());
    }

    [Fact]
    public void A_try_lasts_two_seconds_and_the_client_makes_no_more_of_its_own()
    {
        var patience = ServiceBusBus.ClientOptions().RetryOptions;
        Assert.Equal((0, TimeSpan.FromSeconds(2)), (patience.MaxRetries, patience.TryTimeout));
    }

    [Fact]
    public async Task A_network_that_is_not_there_is_transient()
    {
        await server.DisposeAsync();
        await Assert.ThrowsAsync<TransientException>(() => bus.Publish(Some.Text("1"), default).InTime());
    }

    [Fact]
    public async Task Receive_gives_the_event_to_the_spill_also_when_the_bus_is_set_up_wrongly()
    {
        using var store = new TempStore();
        server.RefusedLink = new Error { Condition = new AmqpSymbol("amqp:not-found") };
        var spill = new Spill(store.Documents, bus, new DeadLetters(store.Documents, bus, TimeProvider.System));
        var publisher = new DurablePublisher(bus, spill, new ReceiveOptions(), SlowClock.Instance, NullLogger<DurablePublisher>.Instance);

        var fact = Some.Text("1");
        Assert.Equal(Taken.BySpill, await publisher.Publish(fact).InTime());
        var spilled = Assert.Single(await store.Documents.List(Collections.Spill, Spill.Partition, new IdRange(), default));
        // It has a trace where anybody listens to the spans of this process, as tests beside this one do at times.
        Assert.True(Envelope.TryRead(spilled.Data.Span, out var read));
        Assert.Equal(fact.ToUtf8Bytes(), (read! with { TraceParent = null }).ToUtf8Bytes());

        server.RefusedLink = null;
        Assert.Equal(1, await spill.Drain(default).InTime());
        Assert.Equal(fact.Id, Assert.Single(server.Messages).Properties.MessageId.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await bus.DisposeAsync();
        await client.DisposeAsync();
        await server.DisposeAsync();
    }
}
