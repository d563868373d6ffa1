using System.Globalization;
using System.Security.Cryptography;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Local.Sqlite;

/// <summary>
/// Documents in one SQLite file, a table per collection. Reads run on the caller's thread, some microseconds each;
/// writes go through one writer that commits in groups. Several processes may share the file.
/// </summary>
public sealed partial class SqliteDocuments : IDocuments, IDisposable
{
    private const int DeleteAtOnce = 1000;

    private readonly SqliteWriter _writer;
    private readonly ReadPool _reads;
    private readonly Dictionary<string, Table> _tables;

    /// <param name="path">The file; created with its folder.</param>
    /// <param name="collections">The collections that it serves; asking for another is an <see cref="ArgumentException"/>.</param>
    /// <exception cref="TransientException">The file cannot be opened.</exception>
    public SqliteDocuments(string path, IReadOnlyList<string> collections) : this(path, collections, null) { }

    /// <param name="path">The file.</param>
    /// <param name="collections">The collections.</param>
    /// <param name="beforeCommit">For tests: runs on the writer's thread before each group commit; may block or throw.</param>
    internal SqliteDocuments(string path, IReadOnlyList<string> collections, Action? beforeCommit)
    {
        _tables = collections.ToDictionary(c => c, c => new Table("doc_" + c), StringComparer.Ordinal);
        _writer = new SqliteWriter(path, CreateTables, beforeCommit);
        _reads = new ReadPool(path);
    }

    /// <summary>What the writing connection runs with: <c>wal</c> and <c>2</c> (FULL).</summary>
    internal (string JournalMode, string Synchronous) Pragmas => _writer.Pragmas;

    /// <inheritdoc/>
    public ValueTask<StoredDocument?> Read(string collection, string partition, string id, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var table = TableOf(collection, partition, id);
        return ValueTask.FromResult(_reads.Read((table, partition, id), static (db, key) =>
        {
            var row = db.Prepare(key.table.Read).Bind(1, key.partition).Bind(2, key.id);
            if (!row.Step()) return null;
            var found = Row(row);
            row.Reset();
            return found;
        }));
    }

    /// <inheritdoc/>
    public ValueTask<string?> Create(string collection, Document document, CancellationToken ct)
    {
        var (table, fields, etag) = Check(collection, document);
        return new(_writer.Run(db => Put(db, table.Create, document, fields, etag) == 1 ? Text(etag) : null, ct));
    }

    /// <inheritdoc/>
    public ValueTask<string?> Replace(string collection, Document document, string etag, CancellationToken ct)
    {
        var (table, fields, next) = Check(collection, document);
        if (Parse(etag) is not { } expected) return ValueTask.FromResult<string?>(null);
        return new(_writer.Run(db =>
        {
            db.Prepare(table.Replace).Bind(6, expected);
            return Put(db, table.Replace, document, fields, next) == 1 ? Text(next) : null;
        }, ct));
    }

    /// <inheritdoc/>
    public ValueTask<bool> Delete(string collection, string partition, string id, string etag, CancellationToken ct)
    {
        var table = TableOf(collection, partition, id);
        if (Parse(etag) is not { } expected) return ValueTask.FromResult(false);
        return new(_writer.Run(
            db => db.Prepare(table.DeleteMatching).Bind(1, partition).Bind(2, id).Bind(3, expected).Run() == 1, ct));
    }

    /// <inheritdoc/>
    public ValueTask Delete(string collection, string partition, string id, CancellationToken ct)
    {
        var table = TableOf(collection, partition, id);
        return new(_writer.Run(db => db.Prepare(table.Delete).Bind(1, partition).Bind(2, id).Run(), ct));
    }

    /// <inheritdoc/>
    /// <remarks>Up to 100 documents a transaction; each transaction is atomic.</remarks>
    public ValueTask Upsert(string collection, IReadOnlyList<Document> documents, CancellationToken ct)
    {
        var rows = documents.Select(d => (Document: d, Row: Check(collection, d))).ToList();
        return new(Task.WhenAll(rows.Chunk(100).Select(chunk => _writer.Run(db =>
        {
            foreach (var (document, (table, fields, etag)) in chunk) Put(db, table.Upsert, document, fields, etag);
            return true;
        }, ct))));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredDocument>> List(
        string collection, string partition, IdRange range, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfLessThan(range.Take, 1);
        var table = TableOf(collection, partition);
        return ValueTask.FromResult(_reads.Read((table, partition, range), static (db, ask) =>
        {
            var rows = db.Prepare(ask.range.Descending ? ask.table.ListDown : ask.table.ListUp)
                .Bind(1, ask.partition).Bind(2, ask.range.From ?? "").Bind(3, ask.range.To ?? "\U0010FFFF").Bind(4, ask.range.Take);
            var found = new List<StoredDocument>();
            while (rows.Step()) found.Add(Row(rows));
            return (IReadOnlyList<StoredDocument>)found;
        }));
    }

    /// <inheritdoc/>
    /// <remarks>A thousand documents a transaction, so that other writers are not held up.</remarks>
    public async ValueTask DeletePartition(string collection, string partition, CancellationToken ct)
    {
        var table = TableOf(collection, partition);
        while (await _writer.Run(
            db => db.Prepare(table.DeletePartition).Bind(1, partition).Bind(2, DeleteAtOnce).Run(), ct) == DeleteAtOnce) { }
    }

    /// <summary>Writes what waits, then closes the file.</summary>
    public void Dispose()
    {
        // In this order: the last connection to close brings the log into the file, and a reader cannot.
        _reads.Dispose();
        _writer.Dispose();
    }

    internal static StoredDocument Row(Statement row) => new(row.Text(0), row.Text(1), Text(row.Long(2)), row.Blob(3));

    private static int Put(Database db, string sql, Document document, byte[]? fields, long etag)
    {
        var row = db.Prepare(sql).Bind(1, document.Partition).Bind(2, document.Id).Bind(3, etag).Bind(5, document.Data.Span);
        _ = fields is null ? row.BindNull(4) : row.BindText(4, fields);
        return row.Run();
    }

    private (Table Table, byte[]? Fields, long Etag) Check(string collection, Document document)
    {
        DocumentChecks.Check(document);
        // Random rather than counted: a document that is deleted and created again must not get an etag it had.
        var etag = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        return (TableOf(collection), document.Fields is { } fields ? DocumentChecks.Json(json => DocumentChecks.WriteFields(json, fields)) : null, etag);
    }

    private Table TableOf(string collection, params ReadOnlySpan<string> keys)
    {
        DocumentChecks.CheckKeys(keys);
        return _tables.TryGetValue(collection, out var table)
            ? table
            : throw new ArgumentException($"This store has no collection '{collection}'.", nameof(collection));
    }

    private static string Text(long etag) => etag.ToString("x16", CultureInfo.InvariantCulture);

    private static long? Parse(string etag) =>
        long.TryParse(etag, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}
