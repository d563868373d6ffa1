using System.Globalization;
using System.Text;
using CrmServerless.Crm.Storage;
using Microsoft.Azure.Cosmos;

namespace CrmServerless.Azure.Cosmos;

/// <summary>Questions as Cosmos DB's SQL: names checked, values as parameters.</summary>
internal static class CosmosQuery
{
    private const string Select = "SELECT c.id, c.pk, c._etag, c.data FROM c WHERE ";

    /// <exception cref="ArgumentException">An unknown operator, an illegal field name or value.</exception>
    public static QueryDefinition Of(DocumentQuery query)
    {
        var (conditions, values) = (new List<string>(), new List<object>());
        string Value(object value)
        {
            values.Add(value);
            return string.Create(CultureInfo.InvariantCulture, $"@v{values.Count - 1}");
        }

        // The request names the partition as well; it is said here too, since the emulator does not look at it there.
        if (query.Partition is { } partition) conditions.Add($"c.pk = {Value(partition)}");
        conditions.AddRange(query.Where.Select(c => Sql(c, Value)));
        // A condition on a field, or the order by it, already leaves out what has no such field.
        if (query.OrderBy is { } order && query.Where.All(c => c.Field != order)) conditions.Add($"IS_DEFINED({Path(order)})");
        if (query.OrderBy is null && query.Where.Count == 0) conditions.Add("IS_DEFINED(c.f)");

        var text = new StringBuilder(Select).AppendJoin(" AND ", conditions);
        if (query.OrderBy is { } by) text.Append(CultureInfo.InvariantCulture, $" ORDER BY {Path(by)}{Direction(query.Descending)}");
        return Definition(text.ToString(), values);
    }

    public static QueryDefinition Of(string partition, IdRange range)
    {
        var (text, values) = (new StringBuilder(Select).Append("c.pk = @v0"), new List<object> { partition });
        if (range.From is { } from)
        {
            values.Add(from);
            text.Append(CultureInfo.InvariantCulture, $" AND c.id >= @v{values.Count - 1}");
        }

        if (range.To is { } to)
        {
            values.Add(to);
            text.Append(CultureInfo.InvariantCulture, $" AND c.id < @v{values.Count - 1}");
        }

        return Definition(text.Append(CultureInfo.InvariantCulture, $" ORDER BY c.id{Direction(range.Descending)}").ToString(), values);
    }

    public static QueryDefinition IdsOf(string partition) => Definition("SELECT c.id FROM c WHERE c.pk = @v0", [partition]);

    private static string Sql(Condition condition, Func<object, string> value)
    {
        var path = Path(condition.Field);
        var parameter = value(condition.Value switch
        {
            string or long or bool => condition.Value,
            int number => (long)number,
            _ => throw new ArgumentException($"The value for '{condition.Field}' is neither string, long nor bool."),
        });
        // Across types every comparison is undefined, which no filter takes for true.
        return condition.Operator switch
        {
            Operator.Equal => $"{path} = {parameter}",
            Operator.AtLeast => $"{path} >= {parameter}",
            Operator.Below => $"{path} < {parameter}",
            Operator.Contains => $"ARRAY_CONTAINS({path}, {parameter})",
            _ => throw new ArgumentException($"No operator {condition.Operator}."),
        };
    }

    private static string Path(string field) => $"c.f[\"{DocumentChecks.FieldName(field)}\"]";

    private static string Direction(bool descending) => descending ? " DESC" : " ASC";

    private static QueryDefinition Definition(string text, List<object> values)
    {
        var definition = new QueryDefinition(text);
        for (var n = 0; n < values.Count; n++) definition = definition.WithParameter(string.Create(CultureInfo.InvariantCulture, $"@v{n}"), values[n]);
        return definition;
    }
}
