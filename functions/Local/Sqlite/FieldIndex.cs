using CrmServerless.Crm.Storage;

namespace CrmServerless.Local.Sqlite;

/// <summary>
/// An index for one kind of question: which fields must be equal and which one orders. Made when the question is first
/// asked (at once on a small table, some seconds on a million documents) and kept by SQLite from then on.
/// </summary>
internal sealed record FieldIndex(string Name, string Create)
{
    /// <summary>Each index is paid for with every write; beyond this many a question walks what there is.</summary>
    public const int MaxPerTable = 12;

    public static FieldIndex? For(string table, DocumentQuery query)
    {
        var equal = query.Where.Where(c => c.Operator == Operator.Equal).Select(c => c.Field)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (equal.Count == 0 && query.OrderBy is null) return null;
        var inPartition = query.Partition is not null;
        List<string> columns = [.. equal.Select(FieldSql.Value)];
        if (inPartition) columns.Insert(0, "partition");
        if (query.OrderBy is { } order) columns.Add(FieldSql.Value(order));
        if (!inPartition) columns.Add("partition");
        columns.Add("id");
        var name = $"\"{table}.{(inPartition ? "partition+" : "")}{string.Join('+', equal)}.{query.OrderBy}\"";
        return new FieldIndex(
            name, $"CREATE INDEX IF NOT EXISTS {name} ON {table} ({string.Join(", ", columns)}) WHERE fields IS NOT NULL");
    }
}
