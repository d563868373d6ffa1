namespace CrmServerless.Crm.Messaging;

/// <summary>
/// The topic, seen from who publishes. Receiving belongs to each host: Service Bus triggers in Azure, the worker loops
/// of the local host here. What every broker must keep is written down in the suite <c>BusContract</c>.
/// </summary>
public interface IMessageBus
{
    /// <summary>
    /// Puts facts on the topic. When the task completes, every fact is durable; when it throws, any of them may be.
    /// A message id seen within the last hour is accepted and dropped.
    /// </summary>
    /// <exception cref="TransientException">The broker did not take them; try again later.</exception>
    Task Publish(IReadOnlyList<OutgoingFact> facts, CancellationToken ct);
}

/// <param name="Fact">The fact.</param>
/// <param name="MessageId">
/// Null: the fact's own id. Something else only where a fact is published again on purpose, since the broker drops a
/// repeated message id silently.
/// </param>
public sealed record OutgoingFact(Envelope Fact, string? MessageId = null)
{
    public string EffectiveMessageId => MessageId ?? Fact.Id;
}

public static class MessageBusExtensions
{
    public static Task Publish(this IMessageBus bus, Envelope fact, CancellationToken ct) =>
        bus.Publish([new OutgoingFact(fact)], ct);

    public static Task Publish(this IMessageBus bus, IEnumerable<Envelope> facts, CancellationToken ct) =>
        bus.Publish([.. facts.Select(f => new OutgoingFact(f))], ct);
}
