using CrmServerless.Crm.Rules;
using CrmServerless.Crm.Storage;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Azure.Stores;

/// <summary>Documents as in Azure: stats in a table of the test's own, the rest in its own Cosmos DB containers.</summary>
public sealed class AzureStores : IDocuments
{
    private readonly CosmosHarness cosmos;
    private readonly TableHarness tables;

    private AzureStores(CosmosHarness cosmos, TableHarness tables) => (this.cosmos, this.tables) = (cosmos, tables);

    public static async Task<AzureStores> Open(CosmosAccount cosmos, TableAccount tables) => new(await cosmos.Open(), await tables.Open());

    /// <summary>A world on such stores. What is in them goes with the emulators.</summary>
    public static async Task<World> Begin(CosmosAccount cosmos, TableAccount tables, (string Kind, Rule Rule)[] rules) =>
        new(await Open(cosmos, tables), rules);

    public ValueTask<StoredDocument?> Read(string collection, string partition, string id, CancellationToken ct) =>
        Of(ref collection).Read(collection, partition, id, ct);

    public ValueTask<string?> Create(string collection, Document document, CancellationToken ct) => Of(ref collection).Create(collection, document, ct);

    public ValueTask<string?> Replace(string collection, Document document, string etag, CancellationToken ct) =>
        Of(ref collection).Replace(collection, document, etag, ct);

    public ValueTask<bool> Delete(string collection, string partition, string id, string etag, CancellationToken ct) =>
        Of(ref collection).Delete(collection, partition, id, etag, ct);

    public ValueTask Delete(string collection, string partition, string id, CancellationToken ct) => Of(ref collection).Delete(collection, partition, id, ct);

    public ValueTask Upsert(string collection, IReadOnlyList<Document> documents, CancellationToken ct) => Of(ref collection).Upsert(collection, documents, ct);

    public ValueTask<IReadOnlyList<StoredDocument>> List(string collection, string partition, IdRange range, CancellationToken ct) =>
        Of(ref collection).List(collection, partition, range, ct);

    public ValueTask<DocumentPage> Query(string collection, DocumentQuery query, CancellationToken ct) => Of(ref collection).Query(collection, query, ct);

    public ValueTask DeletePartition(string collection, string partition, CancellationToken ct) => Of(ref collection).DeletePartition(collection, partition, ct);

    // The table has a name of its own.
    private IDocuments Of(ref string collection)
    {
        if (collection != Collections.Stats) return cosmos.Documents;
        collection = tables.Collection;
        return tables.Documents;
    }
}
