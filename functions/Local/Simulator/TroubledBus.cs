using CrmServerless.Crm.Messaging;

namespace CrmServerless.Local.Simulator;

/// <summary>
/// A broker on a bad day. The port promises little of a call that throws ("any of them may be durable"), and all of it
/// happens here: nothing was taken, the first few were, or everything was and only the answer got lost.
/// </summary>
public sealed class TroubledBus(IMessageBus inner, Troubles troubles, TimeProvider clock) : IMessageBus
{
    /// <summary>Longer than a callback waits for the bus.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromSeconds(2.5);

    public async Task Publish(IReadOnlyList<OutgoingFact> facts, CancellationToken ct)
    {
        // Who has stopped waiting does not stop the broker.
        if (troubles.Slow)
        {
            await Task.Delay(Slow, clock, CancellationToken.None);
            ct = CancellationToken.None;
        }

        if (!troubles.Bus)
        {
            await inner.Publish(facts, ct);
            return;
        }

        var taken = Random.Shared.Next(facts.Count + 1);
        if (taken > 0) await inner.Publish([.. facts.Take(taken)], ct);
        throw Troubles.Fault();
    }
}
