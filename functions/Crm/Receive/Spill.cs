using System.Globalization;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Receive;

/// <summary>
/// Where events wait that the bus did not take. Kept in a store that does not share the bus's fate; upkeep publishes
/// them. They may overtake or be overtaken: what follows tolerates late events.
/// </summary>
public sealed class Spill(IDocuments spill, IMessageBus bus, DeadLetters letters)
{
    /// <summary>One for all: spilling is rare, and draining reads in order of time.</summary>
    public const string Partition = "spill";

    private const int DrainBatch = 100;

    public ValueTask Add(Envelope fact, CancellationToken ct)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{fact.PublishedAt.ToUnixTimeMilliseconds():D14}~{fact.Id}");
        return spill.Upsert(Collections.Spill, [new Document(Partition, id, fact.ToUtf8Bytes())], ct);
    }

    /// <summary>Publishes what waits, oldest first; stops at the first failure, which leaves the rest where it is.</summary>
    public async Task<int> Drain(CancellationToken ct)
    {
        var drained = 0;
        while (await spill.List(Collections.Spill, Partition, new IdRange(Take: DrainBatch), ct) is { Count: > 0 } waiting)
        {
            await bus.Publish(await Read(waiting, ct), ct);
            foreach (var stored in waiting) await spill.Delete(Collections.Spill, Partition, stored.Id, ct);
            drained += waiting.Count;
        }

        return drained;
    }

    public async ValueTask<int> Count(CancellationToken ct) =>
        (await spill.List(Collections.Spill, Partition, new IdRange(Take: 1000), ct)).Count;

    // What cannot be read goes to the dead letters, for a person to see: it must not hold up the others.
    private async Task<List<OutgoingFact>> Read(IReadOnlyList<StoredDocument> waiting, CancellationToken ct)
    {
        var facts = new List<OutgoingFact>(waiting.Count);
        foreach (var stored in waiting)
        {
            if (Envelope.TryRead(stored.Data.Span, out var fact)) facts.Add(new OutgoingFact(fact!));
            else await letters.AddUnreadable("receive", stored.Data, ct);
        }

        return facts;
    }
}
