using System.Collections.Concurrent;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Local.Sqlite;

/// <summary>The tables, their statements, and the indexes that queries ask for.</summary>
public sealed partial class SqliteDocuments
{
    private readonly ConcurrentDictionary<string, Lazy<Task<bool>>> _indexes = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask<DocumentPage> Query(string collection, DocumentQuery query, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var table = query.Partition is { } partition ? TableOf(collection, partition) : TableOf(collection);
        var sql = new QuerySql(table.Name, query);
        var indexed = sql.Index is { } index && await EnsureIndex(table, index).WaitAsync(ct);
        return _reads.Read((sql, indexed), static (db, ask) => ask.sql.Read(db, ask.indexed));
    }

    private Task<bool> EnsureIndex(Table table, FieldIndex index)
    {
        var made = _indexes.GetOrAdd(index.Name, _ => new(() => _writer.Run(db => Make(db, table, index), CancellationToken.None)));
        if (!made.Value.IsFaulted) return made.Value;
        // A passing fault must not stay for the life of the process.
        _indexes.TryRemove(new(index.Name, made));
        return made.Value;
    }

    private static bool Make(Database db, Table table, FieldIndex index)
    {
        var known = db.Prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL")
            .Bind(1, table.Name);
        var names = new List<string>();
        while (known.Step()) names.Add($"\"{known.Text(0)}\"");
        if (names.Contains(index.Name)) return true;
        if (names.Count >= FieldIndex.MaxPerTable) return false;
        db.Execute(index.Create);
        return true;
    }

    private void CreateTables(Database db)
    {
        foreach (var table in _tables.Values)
        {
            // The small columns before the large one: a row's tail lies on overflow pages.
            db.Execute($"""
                CREATE TABLE IF NOT EXISTS {table.Name} (
                  n INTEGER PRIMARY KEY, partition TEXT NOT NULL, id TEXT NOT NULL, etag INTEGER NOT NULL, fields TEXT,
                  data BLOB NOT NULL, UNIQUE (partition, id))
                """);
        }
    }

    private sealed class Table(string name)
    {
        private readonly string _insert =
            $"INSERT INTO {name} (partition, id, etag, fields, data) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (partition, id) DO ";

        private readonly string _list =
            $"SELECT partition, id, etag, data FROM {name} WHERE partition = ? AND id >= ? AND id < ? ORDER BY id";

        public string Name { get; } = name;

        public string Read { get; } = $"SELECT partition, id, etag, data FROM {name} WHERE partition = ? AND id = ?";

        public string Create => field ??= _insert + "NOTHING";

        public string Upsert => field ??=
            _insert + "UPDATE SET etag = excluded.etag, fields = excluded.fields, data = excluded.data";

        public string Replace { get; } =
            $"UPDATE {name} SET etag = ?3, fields = ?4, data = ?5 WHERE partition = ?1 AND id = ?2 AND etag = ?6";

        public string Delete { get; } = $"DELETE FROM {name} WHERE partition = ? AND id = ?";

        public string DeleteMatching { get; } = $"DELETE FROM {name} WHERE partition = ? AND id = ? AND etag = ?";

        public string ListUp => field ??= _list + " LIMIT ?";

        public string ListDown => field ??= _list + " DESC LIMIT ?";

        public string DeletePartition { get; } =
            $"DELETE FROM {name} WHERE n IN (SELECT n FROM {name} WHERE partition = ? LIMIT ?)";
    }
}
