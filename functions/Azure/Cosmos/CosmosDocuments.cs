using System.Net;
using CrmServerless.Crm.Storage;
using Microsoft.Azure.Cosmos;

namespace CrmServerless.Azure.Cosmos;

/// <summary>
/// Documents in Azure Cosmos DB for NoSQL, a container per collection (<see cref="CosmosContainers"/>). One document is a
/// point read or one write; a partition by id is a query within it.
/// </summary>
/// <remarks>
/// Fields are compared as Cosmos DB does it: numbers are doubles, exact up to 2^53. A query without a partition asks all
/// physical partitions. Reads are of the account's consistency (session): another process may see a write later.
/// </remarks>
public sealed partial class CosmosDocuments : IDocuments
{
    /// <summary>Name of the meter that counts request units, <c>crm.cosmos.charge</c> by <c>collection</c> and <c>operation</c>.</summary>
    public const string MeterName = "CrmServerless.Azure.Cosmos";

    private const int WritesAtOnce = 16;

    private static readonly HttpStatusCode[] Gone = [HttpStatusCode.NotFound];
    private static readonly HttpStatusCode[] There = [HttpStatusCode.Conflict];
    private static readonly HttpStatusCode[] Changed = [HttpStatusCode.NotFound, HttpStatusCode.PreconditionFailed];

    private readonly Dictionary<string, Container> _containers;

    /// <param name="database">The database, whose containers exist.</param>
    /// <param name="containers">The collections that it serves and their containers' names; null for <see cref="CosmosContainers.Default"/>. Asking for another collection is an <see cref="ArgumentException"/>.</param>
    public CosmosDocuments(Database database, IReadOnlyDictionary<string, string>? containers = null) =>
        _containers = (containers ?? CosmosContainers.Default).ToDictionary(c => c.Key, c => database.GetContainer(c.Value), StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask<StoredDocument?> Read(string collection, string partition, string id, CancellationToken ct)
    {
        var container = ContainerOf(collection, partition, id);
        using var response = await Send(
            collection, "read", () => container.ReadItemStreamAsync(CosmosItem.IdOf(id), new(partition), null, ct), Gone, ct);
        return response.IsSuccessStatusCode ? await CosmosItem.Read(response.Content, ct) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<string?> Create(string collection, Document document, CancellationToken ct)
    {
        var container = Check(collection, document);
        using var item = CosmosItem.Write(document);
        using var response = await Send(
            collection, "create", () => container.CreateItemStreamAsync(item, new(document.Partition), Options(), ct), There, ct);
        return EtagOf(response);
    }

    /// <inheritdoc/>
    public async ValueTask<string?> Replace(string collection, Document document, string etag, CancellationToken ct)
    {
        var container = Check(collection, document);
        using var item = CosmosItem.Write(document);
        using var response = await Send(
            collection, "replace",
            () => container.ReplaceItemStreamAsync(item, CosmosItem.IdOf(document.Id), new(document.Partition), Options(etag), ct), Changed, ct);
        return EtagOf(response);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> Delete(string collection, string partition, string id, string etag, CancellationToken ct)
    {
        var container = ContainerOf(collection, partition, id);
        using var response = await Send(
            collection, "delete", () => container.DeleteItemStreamAsync(CosmosItem.IdOf(id), new(partition), Options(etag), ct), Changed, ct);
        return response.IsSuccessStatusCode;
    }

    /// <inheritdoc/>
    public async ValueTask Delete(string collection, string partition, string id, CancellationToken ct)
    {
        var container = ContainerOf(collection, partition, id);
        await Delete(container, collection, partition, CosmosItem.IdOf(id), ct);
    }

    /// <inheritdoc/>
    /// <remarks>Sixteen at a time, each on its own: a batch would cost the same request units.</remarks>
    public async ValueTask Upsert(string collection, IReadOnlyList<Document> documents, CancellationToken ct)
    {
        var container = ContainerOf(collection);
        await InParallel(DocumentChecks.ToWrite(documents), async (document, stop) =>
        {
            using var item = CosmosItem.Write(document);
            using var response = await Send(
                collection, "upsert", () => container.UpsertItemStreamAsync(item, new(document.Partition), Options(), stop), default, stop);
        }, ct);
    }

    private static async Task Delete(Container container, string collection, string partition, string itemId, CancellationToken ct)
    {
        using var response = await Send(
            collection, "delete", () => container.DeleteItemStreamAsync(itemId, new(partition), Options(), ct), Gone, ct);
    }

    private static Task InParallel<T>(IEnumerable<T> items, Func<T, CancellationToken, ValueTask> act, CancellationToken ct) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = WritesAtOnce, CancellationToken = ct }, act);

    private static async Task<ResponseMessage> Send(
        string collection, string operation, Func<Task<ResponseMessage>> call, ReadOnlyMemory<HttpStatusCode> expected, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return await CosmosFaults.Translate(
            async () =>
            {
                var response = await call();
                CosmosCharge.Record(collection, operation, response);
                return response;
            },
            expected, ct);
    }

    // What was written need not come back.
    private static ItemRequestOptions Options(string? etag = null) => new() { IfMatchEtag = etag, EnableContentResponseOnWrite = false };

    private static string? EtagOf(ResponseMessage response) => response.IsSuccessStatusCode ? response.Headers.ETag : null;

    private Container Check(string collection, Document document)
    {
        DocumentChecks.Check(document);
        return ContainerOf(collection);
    }

    private Container ContainerOf(string collection, params ReadOnlySpan<string> keys)
    {
        DocumentChecks.CheckKeys(keys);
        return _containers.TryGetValue(collection, out var container)
            ? container
            : throw new ArgumentException($"This store has no collection '{collection}'.", nameof(collection));
    }
}
