using System.Globalization;
using Azure.Messaging.ServiceBus;
using CrmServerless.Crm;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Azure.Messaging;

/// <summary>
/// The dead-letter queues of the subscriptions. They are peeked at for a list, which locks nothing; one message is taken
/// out by receiving until it comes, since Service Bus gives no message of a queue by its number.
/// https://learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues
/// </summary>
public sealed class ServiceBusDeadLetters(ServiceBusClient client, IMessageBus bus) : IBrokerDeadLetters
{
    /// <summary>Messages received in search of one; it is not found behind more.</summary>
    private const int MaxSearched = 1000;

    private const int Batch = 100;
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    /// <exception cref="TransientException">The bus does not answer.</exception>
    public async Task<IReadOnlyList<BrokerLetter>> List(int take, CancellationToken ct) =>
        [.. (await Task.WhenAll(Pipeline.Stages.Select(stage => Peek(stage.Name, take, ct)))).SelectMany(letters => letters)
            .OrderByDescending(letter => letter.At).Take(take)];

    /// <inheritdoc/>
    /// <exception cref="TransientException">The bus does not answer; the message has stayed.</exception>
    public Task<bool> Resubmit(string id, CancellationToken ct) => Settle(id, async (stage, message) =>
    {
        if (!Envelope.TryRead(message.Body, out var fact)) return false;
        // Under a new id, for the topic has seen the old one; and for its stage alone, for the others have handled it.
        var messageId = Keys.Escape($"{fact!.Id}~{id}");
        await bus.Publish([new OutgoingFact(fact with { Only = stage, Deadline = null, NotBefore = null }, messageId)], ct);
        return true;
    }, ct);

    /// <inheritdoc/>
    /// <exception cref="TransientException">The bus does not answer; the message has stayed.</exception>
    public Task<bool> Drop(string id, CancellationToken ct) => Settle(id, (_, _) => Task.FromResult(true), ct);

    private Task<List<BrokerLetter>> Peek(string stage, int take, CancellationToken ct) => Translated(async () =>
    {
        await using var queue = Open(stage);
        var letters = new List<BrokerLetter>();
        long? from = null;
        while (letters.Count < take)
        {
            var messages = await queue.PeekMessagesAsync(Math.Min(Batch, take - letters.Count), from, ct);
            if (messages.Count == 0) break;
            letters.AddRange(messages.Select(m => new BrokerLetter(
                Id(stage, m), stage, m.DeliveryCount, m.EnqueuedTime, Envelope.TryRead(m.Body, out var fact) ? fact : null)));
            from = messages[^1].SequenceNumber + 1;
        }

        return letters;
    }, ct);

    /// <summary>Receives until the message comes, does what is to be done and takes it out; false if it is gone or cannot be done.</summary>
    private Task<bool> Settle(string id, Func<string, ServiceBusReceivedMessage, Task<bool>> act, CancellationToken ct) => Translated(async () =>
    {
        if (Pipeline.Stages.FirstOrDefault(s => id.StartsWith(s.Name + "~", StringComparison.Ordinal)) is not { } stage) return false;
        await using var queue = Open(stage.Name);
        var others = new List<ServiceBusReceivedMessage>();
        try
        {
            while (others.Count < MaxSearched && await queue.ReceiveMessagesAsync(Batch, LastWait, ct) is { Count: > 0 } messages)
            {
                others.AddRange(messages);
                if (messages.FirstOrDefault(m => Id(stage.Name, m) == id) is not { } message) continue;
                if (!await act(stage.Name, message)) return false;
                await queue.CompleteMessageAsync(message, ct);
                others.Remove(message);
                return true;
            }

            return false;
        }
        finally
        {
            // Else they would be out of sight for as long as a lock lasts.
            foreach (var other in others) await queue.AbandonMessageAsync(other, cancellationToken: CancellationToken.None);
        }
    }, ct);

    private ServiceBusReceiver Open(string stage) =>
        client.CreateReceiver(ServiceBusBus.Topic, stage, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });

    private static string Id(string stage, ServiceBusReceivedMessage message) =>
        string.Create(CultureInfo.InvariantCulture, $"{stage}~{message.SequenceNumber}");

    private static async Task<T> Translated<T>(Func<Task<T>> act, CancellationToken ct)
    {
        try
        {
            return await act();
        }
        catch (Exception e) when (ServiceBusFaults.Translate(e, ct) is { } known)
        {
            throw known;
        }
    }
}
