using CrmServerless.Crm.Messaging;

namespace CrmServerless.Crm.Delivery;

/// <summary>
/// The broker's own dead-letter queue: messages that were delivered 500 times without an answer, which is what happens
/// to one that kills the process. Triage reads it beside the pipeline's letters.
/// </summary>
public interface IBrokerDeadLetters
{
    Task<IReadOnlyList<BrokerLetter>> List(int take, CancellationToken ct);

    /// <summary>Puts a message back; false if it is gone.</summary>
    Task<bool> Resubmit(string id, CancellationToken ct);

    /// <summary>Throws a message away; false if it is gone.</summary>
    Task<bool> Drop(string id, CancellationToken ct);
}

/// <param name="Id">The broker's id of the message.</param>
/// <param name="Stage">The stage whose subscription it stands in.</param>
/// <param name="Deliveries">How often it was delivered.</param>
/// <param name="At">When the broker gave up.</param>
/// <param name="Fact">The fact; null if it cannot be read.</param>
public sealed record BrokerLetter(string Id, string Stage, int Deliveries, DateTimeOffset At, Envelope? Fact);
