using System.Net;
using System.Text.Json;
using CrmServerless.Crm.Storage;
using Microsoft.Azure.Cosmos;

namespace CrmServerless.Azure.Cosmos;

/// <summary>Ranges, queries and whatever else asks for more than one document.</summary>
public sealed partial class CosmosDocuments
{
    private const int DeleteAtOnce = 1000;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredDocument>> List(
        string collection, string partition, IdRange range, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(range.Take, 1);
        var asked = new Question(ContainerOf(collection, partition), collection, CosmosQuery.Of(partition, range), partition);
        return (await asked.Take(range.Take, null, CosmosItem.Read, ct)).Items;
    }

    /// <inheritdoc/>
    /// <remarks>The cursor holds the SDK's continuation token. A full page costs one more look, whether there is another.</remarks>
    public async ValueTask<DocumentPage> Query(string collection, DocumentQuery query, CancellationToken ct)
    {
        DocumentChecks.Check(query);
        var place = DocumentChecks.ReadCursor(query, 1);
        var asked = new Question(ContainerOf(collection), collection, CosmosQuery.Of(query), query.Partition);
        try
        {
            var (items, next) = await asked.Take(query.Take, place?[0], CosmosItem.Read, ct);
            if (next is not null && (await asked.Take(1, next, item => item.ValueKind, ct)).Items.Count == 0) next = null;
            return new DocumentPage(items, next is null ? null : DocumentChecks.WriteCursor(query, next));
        }
        catch (CosmosException e) when (place is not null && e.StatusCode == HttpStatusCode.BadRequest)
        {
            throw DocumentChecks.BadCursor(e);
        }
    }

    /// <inheritdoc/>
    /// <remarks>A delete for each document, since deleting by partition key is a preview of the service's.</remarks>
    public async ValueTask DeletePartition(string collection, string partition, CancellationToken ct)
    {
        var container = ContainerOf(collection, partition);
        var asked = new Question(container, collection, CosmosQuery.IdsOf(partition), partition);
        while ((await asked.Take(DeleteAtOnce, null, item => item.GetProperty("id"u8).GetString()!, ct)).Items is { Count: > 0 } ids)
            await InParallel(ids, async (id, stop) => await Delete(container, collection, partition, id, stop), ct);
    }

    private sealed record Question(Container Container, string Collection, QueryDefinition Text, string? Partition)
    {
        /// <summary>The first of what comes after a continuation, and the continuation after them; null at the end.</summary>
        public async Task<(List<T> Items, string? Next)> Take<T>(int count, string? after, Func<JsonElement, T> read, CancellationToken ct)
        {
            var items = new List<T>(Math.Min(count, 100));
            var next = after;
            do
            {
                // The service may stop short of a page. The next one is then asked anew for what is left, as a
                // continuation stands behind a page and not within it.
                var options = new QueryRequestOptions
                {
                    MaxItemCount = count - items.Count, MaxConcurrency = -1,
                    PartitionKey = Partition is null ? null : new PartitionKey(Partition),
                    EnableOptimisticDirectExecution = Partition is not null, // spares asking the gateway for a plan
                };
                using var pages = Container.GetItemQueryStreamIterator(Text, next, options);
                using var response = await Send(Collection, "query", () => pages.ReadNextAsync(ct), default, ct);
                using var body = await JsonDocument.ParseAsync(response.Content, default, ct);
                items.AddRange(body.RootElement.GetProperty("Documents"u8).EnumerateArray().Select(read));
                next = response.ContinuationToken;
            }
            while (next is not null && items.Count < count);
            return (items, next);
        }
    }
}
