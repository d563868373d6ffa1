using Azure;
using Azure.Data.Tables;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Azure.Tables;

/// <summary>
/// Documents in Azure Table storage, a table per collection: for rows that are appended and read by range, at a tenth of
/// the price of Cosmos DB. The tables are made by the deployment.
/// </summary>
/// <remarks>
/// No descending ranges (<see cref="NotSupportedException"/>). <see cref="Query"/> reads every row it is asked about,
/// since Table storage has an index over the keys only: no search screen may stand on it. Should an answer get lost, the
/// SDK tries again, so that <see cref="Create"/> may find its own document; what is kept here is upserted.
/// </remarks>
public sealed partial class TableDocuments : IDocuments
{
    private const int BatchRows = 100;
    private const int BatchBytes = 3 * 1024 * 1024;
    private const int PartitionsAtOnce = 8;

    private readonly Dictionary<string, TableClient> _tables;

    /// <param name="client">The account.</param>
    /// <param name="collections">The collections that it serves, each the name of a table; asking for another is an <see cref="ArgumentException"/>.</param>
    public TableDocuments(TableServiceClient client, IReadOnlyList<string> collections) =>
        _tables = collections.ToDictionary(c => c, client.GetTableClient, StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask<StoredDocument?> Read(string collection, string partition, string id, CancellationToken ct)
    {
        var table = TableOf(collection, partition, id);
        var row = await TableFaults.Translate(() => table.GetEntityIfExistsAsync<TableEntity>(partition, id, cancellationToken: ct), ct);
        return row.HasValue ? TableRow.FromEntity(row.Value!) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<string?> Create(string collection, Document document, CancellationToken ct)
    {
        var (table, row) = Check(collection, document);
        try
        {
            return Etag(await TableFaults.Translate(() => table.AddEntityAsync(row, ct), ct));
        }
        catch (RequestFailedException e) when (e is { Status: 409, ErrorCode: "EntityAlreadyExists" })
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string?> Replace(string collection, Document document, string etag, CancellationToken ct)
    {
        var (table, row) = Check(collection, document);
        try
        {
            return Etag(await TableFaults.Translate(() => table.UpdateEntityAsync(row, new ETag(etag), TableUpdateMode.Replace, ct), ct));
        }
        catch (RequestFailedException e) when (e.Status == 412 || TableFaults.NoSuchRow(e))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> Delete(string collection, string partition, string id, string etag, CancellationToken ct)
    {
        var table = TableOf(collection, partition, id);
        try
        {
            // The SDK answers a 404 here instead of throwing it.
            return (await TableFaults.Translate(() => table.DeleteEntityAsync(partition, id, new ETag(etag), ct), ct)).Status != 404;
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask Delete(string collection, string partition, string id, CancellationToken ct)
    {
        var table = TableOf(collection, partition, id);
        await TableFaults.Translate(() => table.DeleteEntityAsync(partition, id, ETag.All, ct), ct);
    }

    /// <inheritdoc/>
    /// <remarks>Up to 100 rows of one partition and 3 MiB a batch; each batch is atomic.</remarks>
    public async ValueTask Upsert(string collection, IReadOnlyList<Document> documents, CancellationToken ct)
    {
        var table = TableOf(collection);
        var partitions = DocumentChecks.ToWrite(documents).Select(TableRow.ToEntity).GroupBy(r => r.PartitionKey).Select(g => g.ToList()).ToList();
        await Parallel.ForEachAsync(
            partitions, new ParallelOptions { MaxDegreeOfParallelism = PartitionsAtOnce, CancellationToken = ct }, async (rows, stop) =>
            {
                foreach (var batch in Batches(rows))
                {
                    await TableFaults.Translate(
                        () => batch.Count == 1
                            ? table.UpsertEntityAsync(batch[0], TableUpdateMode.Replace, stop)
                            : Submit(table, batch, TableTransactionActionType.UpsertReplace, stop),
                        stop);
                }
            });
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredDocument>> List(
        string collection, string partition, IdRange range, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(range.Take, 1);
        if (range.Descending) throw new NotSupportedException("Table storage lists upwards only.");
        var table = TableOf(collection, partition);
        if (TableRange.Filter(partition, range) is not { } filter) return [];
        return await TableFaults.Translate(
            async () =>
            {
                var found = new List<StoredDocument>();
                await foreach (var row in table.QueryAsync<TableEntity>(filter, Math.Min(range.Take, 1000), cancellationToken: ct))
                {
                    found.Add(TableRow.FromEntity(row));
                    if (found.Count == range.Take) break;
                }

                return found;
            },
            ct);
    }

    /// <inheritdoc/>
    public async ValueTask DeletePartition(string collection, string partition, CancellationToken ct)
    {
        var table = TableOf(collection, partition);
        var all = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
        while (!await TableFaults.Translate(() => DeleteAll(table, all, ct), ct)) { }
    }

    /// <summary>Splits rows of one partition into what a batch can hold.</summary>
    internal static IEnumerable<List<TableEntity>> Batches(IReadOnlyList<TableEntity> rows)
    {
        var (batch, bytes) = (new List<TableEntity>(), 0);
        foreach (var row in rows)
        {
            var more = TableRow.BatchBytes(row);
            if (batch.Count == BatchRows || (batch.Count > 0 && bytes + more > BatchBytes))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(row);
            bytes += more;
        }

        if (batch.Count > 0) yield return batch;
    }

    // False if somebody else deleted here too, which makes a whole batch fail.
    private static async Task<bool> DeleteAll(TableClient table, string filter, CancellationToken ct)
    {
        await foreach (var page in table.QueryAsync<TableEntity>(filter, 1000, ["PartitionKey", "RowKey"], ct).AsPages())
        {
            foreach (var batch in page.Values.Chunk(BatchRows))
            {
                try
                {
                    await Submit(table, batch, TableTransactionActionType.Delete, ct);
                }
                catch (RequestFailedException e) when (TableFaults.NoSuchRow(e))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static async Task<Response> Submit(
        TableClient table, IEnumerable<TableEntity> rows, TableTransactionActionType action, CancellationToken ct) =>
        (await table.SubmitTransactionAsync(rows.Select(r => new TableTransactionAction(action, r, ETag.All)), ct)).GetRawResponse();

    private static string Etag(Response response) =>
        response.Headers.ETag?.ToString() ?? throw new InvalidOperationException("Table storage answered without an etag.");

    private (TableClient Table, TableEntity Row) Check(string collection, Document document)
    {
        DocumentChecks.Check(document);
        return (TableOf(collection), TableRow.ToEntity(document));
    }

    private TableClient TableOf(string collection, params ReadOnlySpan<string> keys)
    {
        DocumentChecks.CheckKeys(keys);
        return _tables.TryGetValue(collection, out var table)
            ? table
            : throw new ArgumentException($"This store has no collection '{collection}'.", nameof(collection));
    }
}
