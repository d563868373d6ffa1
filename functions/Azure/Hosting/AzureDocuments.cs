using CrmServerless.Crm.Storage;

namespace CrmServerless.Azure.Hosting;

/// <summary>Each collection from the store that suits it: rows of stats from Table storage, all else from Cosmos DB.</summary>
public sealed class AzureDocuments(IDocuments cosmos, IDocuments tables) : IDocuments
{
    public ValueTask<StoredDocument?> Read(string collection, string partition, string id, CancellationToken ct) =>
        Of(collection).Read(collection, partition, id, ct);

    public ValueTask<string?> Create(string collection, Document document, CancellationToken ct) => Of(collection).Create(collection, document, ct);

    public ValueTask<string?> Replace(string collection, Document document, string etag, CancellationToken ct) =>
        Of(collection).Replace(collection, document, etag, ct);

    public ValueTask<bool> Delete(string collection, string partition, string id, string etag, CancellationToken ct) =>
        Of(collection).Delete(collection, partition, id, etag, ct);

    public ValueTask Delete(string collection, string partition, string id, CancellationToken ct) => Of(collection).Delete(collection, partition, id, ct);

    public ValueTask Upsert(string collection, IReadOnlyList<Document> documents, CancellationToken ct) => Of(collection).Upsert(collection, documents, ct);

    public ValueTask<IReadOnlyList<StoredDocument>> List(string collection, string partition, IdRange range, CancellationToken ct) =>
        Of(collection).List(collection, partition, range, ct);

    public ValueTask<DocumentPage> Query(string collection, DocumentQuery query, CancellationToken ct) => Of(collection).Query(collection, query, ct);

    public ValueTask DeletePartition(string collection, string partition, CancellationToken ct) => Of(collection).DeletePartition(collection, partition, ct);

    private IDocuments Of(string collection) => collection == Collections.Stats ? tables : cosmos;
}
