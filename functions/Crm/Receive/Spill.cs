using System.Globalization;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Receive;

/// <summary>
/// Where events wait that the bus did not take. Kept in a store that does not share the bus's fate; upkeep publishes
/// them. They may overtake or be overtaken: what follows tolerates late events.
/// </summary>
public sealed class Spill(IDocuments spill, IMessageBus bus)
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
            await bus.Publish([.. waiting.Select(Read)], ct);
            foreach (var stored in waiting) await spill.Delete(Collections.Spill, Partition, stored.Id, ct);
            drained += waiting.Count;
        }

        return drained;
    }

    public async ValueTask<int> Count(CancellationToken ct) =>
        (await spill.List(Collections.Spill, Partition, new IdRange(Take: 1000), ct)).Count;

    private static OutgoingFact Read(StoredDocument stored) =>
        Envelope.TryRead(stored.Data.Span, out var fact) ? new OutgoingFact(fact!)
            : throw new InvalidOperationException($"Spilled event {stored.Id} cannot be read.");
}
