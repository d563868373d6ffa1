using CrmServerless.Crm.Storage;

namespace CrmServerless.Tests.Support;

/// <summary>Documents as one process uses them, whose fate is known. Acts: <c>{verb} {collection} {kind of id}</c>.</summary>
public sealed class CrashingDocuments(IDocuments inner, Fate fate) : IDocuments
{
    public async ValueTask<StoredDocument?> Read(string collection, string partition, string id, CancellationToken ct) =>
        await fate.Do($"read {collection} {Kind(id)}", () => inner.Read(collection, partition, id, ct).AsTask());

    public async ValueTask<string?> Create(string collection, Document document, CancellationToken ct) =>
        await fate.Do($"create {collection} {Kind(document.Id)}", () => inner.Create(collection, document, ct).AsTask());

    public async ValueTask<string?> Replace(string collection, Document document, string etag, CancellationToken ct) =>
        await fate.Do($"replace {collection} {Kind(document.Id)}", () => inner.Replace(collection, document, etag, ct).AsTask());

    public async ValueTask<bool> Delete(string collection, string partition, string id, string etag, CancellationToken ct) =>
        await fate.Do($"delete {collection} {Kind(id)}", () => inner.Delete(collection, partition, id, etag, ct).AsTask());

    public async ValueTask Delete(string collection, string partition, string id, CancellationToken ct) =>
        await fate.Do($"delete {collection} {Kind(id)}", () => Done(inner.Delete(collection, partition, id, ct)));

    public async ValueTask Upsert(string collection, IReadOnlyList<Document> documents, CancellationToken ct) =>
        await fate.Do(
            $"upsert {collection} {Kind(documents[0].Id)}",
            () => Done(inner.Upsert(collection, documents, ct)),
            () => inner.Upsert(collection, [documents[0]], ct).AsTask());

    public async ValueTask<IReadOnlyList<StoredDocument>> List(string collection, string partition, IdRange range, CancellationToken ct) =>
        await fate.Do($"list {collection}", () => inner.List(collection, partition, range, ct).AsTask());

    public async ValueTask<DocumentPage> Query(string collection, DocumentQuery query, CancellationToken ct) =>
        await fate.Do($"query {collection}", () => inner.Query(collection, query, ct).AsTask());

    public async ValueTask DeletePartition(string collection, string partition, CancellationToken ct) =>
        await fate.Do($"delete-partition {collection}", () => Done(inner.DeletePartition(collection, partition, ct)));

    private static string Kind(string id) =>
        id.StartsWith("tl~", StringComparison.Ordinal) ? "timeline" : id.StartsWith("send.", StringComparison.Ordinal) ? "send" : id;

    private static async Task<bool> Done(ValueTask task)
    {
        await task;
        return true;
    }
}
