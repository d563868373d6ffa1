using CrmServerless.Crm.Storage;

namespace CrmServerless.Local.Sqlite;

/// <summary>
/// A query as SQL. All pages walk one index in its order and stop after a page: the index has the equality fields in
/// front and the order behind, so what is asked for stands in one stretch of it.
/// </summary>
internal sealed class QuerySql
{
    private readonly List<object> _values = [];
    private readonly DocumentQuery _query;

    public QuerySql(string table, DocumentQuery query)
    {
        _query = query;
        DocumentChecks.Check(query);
        var conditions = new List<string> { "fields IS NOT NULL" };
        if (query.Partition is { } partition) conditions.Add("partition = " + Value(partition));
        conditions.AddRange(query.Where.Select(Sql));
        var order = query.OrderBy is { } field ? FieldSql.Value(field) : null;
        if (order is not null) conditions.Add($"{order} IS NOT NULL");
        if (QueryCursor.Read(query) is { } cursor) conditions.Add(After(cursor, order));

        Index = FieldIndex.For(table, query);
        var direction = query.Descending ? " DESC" : "";
        var by = order is null ? "" : $"{order}{direction}, ";
        Text = $"WHERE {string.Join(" AND ", conditions)} ORDER BY {by}partition{direction}, id{direction} LIMIT {Value(query.Take + 1L)}";
        Text = $"SELECT partition, id, etag, data, {order ?? "NULL"} FROM {table} {{0}} {Text}";
    }

    /// <summary>The statement, with {0} where the index may be named.</summary>
    public string Text { get; }

    /// <summary>The index that makes it fast; null if the table's own will do.</summary>
    public FieldIndex? Index { get; }

    public DocumentPage Read(Database db, bool indexed)
    {
        // Named, not left to the planner: without statistics it may prefer to sort a million rows.
        var rows = db.Prepare(Text.Replace("{0}", indexed ? $"INDEXED BY {Index!.Name}" : "", StringComparison.Ordinal));
        for (var i = 0; i < _values.Count; i++) _ = _values[i] is string text ? rows.Bind(i + 1, text) : rows.Bind(i + 1, (long)_values[i]);

        var items = new List<StoredDocument>(Math.Min(_query.Take, 100));
        string? next = null;
        object? last = null;
        while (rows.Step())
        {
            if (items.Count == _query.Take)
            {
                next = new QueryCursor(DocumentChecks.NameOf(_query), last, items[^1].Partition, items[^1].Id).Write();
                rows.Reset();
                break;
            }

            items.Add(SqliteDocuments.Row(rows));
            last = rows.Value(4);
        }

        return new DocumentPage(items, next);
    }

    private string Value(object value)
    {
        _values.Add(value);
        return "?" + _values.Count;
    }

    private string Sql(Condition condition)
    {
        var (field, type) = (FieldSql.Value(condition.Field), FieldSql.Type(condition.Field));
        var (value, is_) = condition.Value switch
        {
            string text => ((object)text, "text"),
            long number => (number, "integer"),
            int number => ((long)number, "integer"),
            bool flag => (flag ? 1L : 0L, flag ? "true" : "false"),
            _ => throw new ArgumentException($"The value for '{condition.Field}' is neither string, long nor bool."),
        };
        return condition.Operator switch
        {
            Operator.Equal => $"{field} = {Value(value)} AND {type} = '{is_}'",
            Operator.AtLeast => $"{field} >= {Value(value)} AND {type} = '{is_}'",
            Operator.Below => $"{field} < {Value(value)} AND {type} = '{is_}'",
            Operator.Contains => $"{type} = 'array' AND EXISTS (SELECT 1 FROM json_each(fields,'$.{condition.Field}') " +
                                 $"WHERE value = {Value(value)} AND type = '{is_}')",
            _ => throw new ArgumentException($"No operator {condition.Operator}."),
        };
    }

    private string After(QueryCursor cursor, string? order)
    {
        var (beyond, partition, id) = (_query.Descending ? "<" : ">", Value(cursor.Partition), Value(cursor.Id));
        if (order is null) return $"(partition, id) {beyond} ({partition}, {id})";
        var value = Value(cursor.Value ?? throw new ArgumentException("The cursor does not belong to this query."));
        // The first comparison is what the index can seek to.
        return $"{order} {beyond}= {value} AND ({order} {beyond} {value} OR (partition, id) {beyond} ({partition}, {id}))";
    }
}
