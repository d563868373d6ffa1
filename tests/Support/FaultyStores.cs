using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Tests.Support;

/// <summary>A bus that does what it is told before it passes facts on: nothing, throw, or wait.</summary>
public sealed class FaultyBus(IMessageBus inner) : IMessageBus
{
    private int calls;

    /// <summary>Runs before every publishing of an event.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>How often an event was offered.</summary>
    public int Calls => Volatile.Read(ref calls);

    public async Task Publish(IReadOnlyList<OutgoingFact> facts, CancellationToken ct)
    {
        if (facts[0].Fact.Subject == Subjects.EventReceived)
        {
            Interlocked.Increment(ref calls);
            await Before(ct);
        }

        await inner.Publish(facts, ct);
    }
}

/// <summary>A spill that does what it is told before it writes.</summary>
public sealed class FaultySpill(IDocuments inner) : IDocuments, IDisposable
{
    private int calls;

    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>How often an event was offered.</summary>
    public int Calls => Volatile.Read(ref calls);

    public async ValueTask Upsert(string collection, IReadOnlyList<Document> documents, CancellationToken ct)
    {
        Interlocked.Increment(ref calls);
        await Before(ct);
        await inner.Upsert(collection, documents, ct);
    }

    public ValueTask<StoredDocument?> Read(string collection, string partition, string id, CancellationToken ct) => inner.Read(collection, partition, id, ct);

    public ValueTask<string?> Create(string collection, Document document, CancellationToken ct) => inner.Create(collection, document, ct);

    public ValueTask<string?> Replace(string collection, Document document, string etag, CancellationToken ct) => inner.Replace(collection, document, etag, ct);

    public ValueTask<bool> Delete(string collection, string partition, string id, string etag, CancellationToken ct) => inner.Delete(collection, partition, id, etag, ct);

    public ValueTask Delete(string collection, string partition, string id, CancellationToken ct) => inner.Delete(collection, partition, id, ct);

    public ValueTask<IReadOnlyList<StoredDocument>> List(string collection, string partition, IdRange range, CancellationToken ct) => inner.List(collection, partition, range, ct);

    public ValueTask<DocumentPage> Query(string collection, DocumentQuery query, CancellationToken ct) => inner.Query(collection, query, ct);

    public ValueTask DeletePartition(string collection, string partition, CancellationToken ct) => inner.DeletePartition(collection, partition, ct);

    public void Dispose() => (inner as IDisposable)?.Dispose();
}
