using CrmServerless.Crm.Storage;

namespace CrmServerless.Local.Simulator;

/// <summary>Documents on a bad day: a call fails before its work, or after it, so that only the answer is lost.</summary>
public sealed class TroubledDocuments(IDocuments inner, Troubles troubles) : IDocuments, IDisposable
{
    public ValueTask<StoredDocument?> Read(string collection, string partition, string id, CancellationToken ct) =>
        Try(() => inner.Read(collection, partition, id, ct));

    public ValueTask<string?> Create(string collection, Document document, CancellationToken ct) =>
        Try(() => inner.Create(collection, document, ct));

    public ValueTask<string?> Replace(string collection, Document document, string etag, CancellationToken ct) =>
        Try(() => inner.Replace(collection, document, etag, ct));

    public ValueTask<bool> Delete(string collection, string partition, string id, string etag, CancellationToken ct) =>
        Try(() => inner.Delete(collection, partition, id, etag, ct));

    public async ValueTask Delete(string collection, string partition, string id, CancellationToken ct) =>
        await Try(() => Done(inner.Delete(collection, partition, id, ct)));

    public async ValueTask Upsert(string collection, IReadOnlyList<Document> documents, CancellationToken ct) =>
        await Try(() => Done(inner.Upsert(collection, documents, ct)));

    public ValueTask<IReadOnlyList<StoredDocument>> List(string collection, string partition, IdRange range, CancellationToken ct) =>
        Try(() => inner.List(collection, partition, range, ct));

    public ValueTask<DocumentPage> Query(string collection, DocumentQuery query, CancellationToken ct) =>
        Try(() => inner.Query(collection, query, ct));

    public async ValueTask DeletePartition(string collection, string partition, CancellationToken ct) =>
        await Try(() => Done(inner.DeletePartition(collection, partition, ct)));

    public void Dispose() => (inner as IDisposable)?.Dispose();

    private async ValueTask<T> Try<T>(Func<ValueTask<T>> call)
    {
        if (!troubles.Spill) return await call();
        if (Random.Shared.Next(2) == 1) _ = await call();
        throw Troubles.Fault();
    }

    private static async ValueTask<bool> Done(ValueTask call)
    {
        await call;
        return true;
    }
}
