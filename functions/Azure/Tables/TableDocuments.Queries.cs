using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Azure.Tables;

/// <summary>
/// Queries by reading all rows: the store keeps the port's promise, but only tests and people with patience should ask.
/// What a page needs of each row (keys and fields) is read first, the documents of the page then.
/// </summary>
public sealed partial class TableDocuments
{
    /// <inheritdoc/>
    public async ValueTask<DocumentPage> Query(string collection, DocumentQuery query, CancellationToken ct)
    {
        DocumentChecks.Check(query);
        var table = TableOf(collection);
        var after = DocumentChecks.ReadCursor(query, 3) is { } place ? Place.Parse(place) : null;
        var order = Comparer<Place>.Create((a, b) => query.Descending ? Place.Compare(b, a) : Place.Compare(a, b));
        return await TableFaults.Translate(
            async () =>
            {
                // One more than the page, to know whether there is another.
                var first = new SortedSet<Place>(order);
                await foreach (var row in table.QueryAsync<TableEntity>(Scope(query), 1000, ["PartitionKey", "RowKey", TableRow.Fields], ct))
                {
                    if (row.GetBinary(TableRow.Fields) is not { } bytes) continue;
                    using var fields = JsonDocument.Parse(bytes);
                    if (Place.Of(row, fields.RootElement, query) is not { } found) continue;
                    if (after is not null && order.Compare(found, after) <= 0) continue;
                    first.Add(found);
                    if (first.Count > query.Take + 1) first.Remove(first.Max!);
                }

                var page = first.Take(query.Take).ToList();
                var items = new List<StoredDocument>(page.Count);
                foreach (var found in page)
                {
                    if (await Read(collection, found.Partition, found.Id, ct) is { } document) items.Add(document);
                }

                return new DocumentPage(items, first.Count > query.Take ? DocumentChecks.WriteCursor(query, page[^1].ToParts()) : null);
            },
            ct);
    }

    private static string? Scope(DocumentQuery query) =>
        query.Partition is { } partition ? TableClient.CreateQueryFilter($"PartitionKey eq {partition}") : null;

    /// <summary>Where a document stands in the order of a query: its value, then its keys.</summary>
    private sealed record Place(string? Text, long Number, string Partition, string Id)
    {
        /// <summary>Null if the query does not ask for it.</summary>
        public static Place? Of(TableEntity row, JsonElement fields, DocumentQuery query)
        {
            foreach (var condition in query.Where)
            {
                if (!Holds(condition, fields)) return null;
            }

            if (query.OrderBy is not { } name) return new(null, 0, row.PartitionKey, row.RowKey);
            if (!fields.TryGetProperty(DocumentChecks.FieldName(name), out var value)) return null;
            return value.ValueKind == JsonValueKind.String
                ? new(value.GetString(), 0, row.PartitionKey, row.RowKey)
                : new(null, value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0, row.PartitionKey, row.RowKey);
        }

        /// <summary>Numbers before text, text ordinally.</summary>
        public static int Compare(Place a, Place b)
        {
            var compared = a.Number.CompareTo(b.Number);
            if (compared == 0) compared = string.CompareOrdinal(a.Text, b.Text);
            if (compared == 0) compared = string.CompareOrdinal(a.Partition, b.Partition);
            return compared == 0 ? string.CompareOrdinal(a.Id, b.Id) : compared;
        }

        public static Place Parse(string[] parts) => parts[0] switch
        {
            ['t', .. var text] => new(text, 0, parts[1], parts[2]),
            ['n', .. var digits] when long.TryParse(digits, CultureInfo.InvariantCulture, out var number) => new(null, number, parts[1], parts[2]),
            _ => throw DocumentChecks.BadCursor(null),
        };

        public string[] ToParts() => [Text is null ? string.Create(CultureInfo.InvariantCulture, $"n{Number}") : $"t{Text}", Partition, Id];

        private static bool Holds(Condition condition, JsonElement fields)
        {
            if (!fields.TryGetProperty(DocumentChecks.FieldName(condition.Field), out var field)) return false;
            return condition.Operator switch
            {
                Operator.Equal => Compare(field, condition.Value) == 0,
                Operator.AtLeast => Compare(field, condition.Value) >= 0,
                Operator.Below => Compare(field, condition.Value) < 0,
                Operator.Contains => field.ValueKind == JsonValueKind.Array && field.EnumerateArray().Any(e => Compare(e, condition.Value) == 0),
                _ => throw new ArgumentException($"No operator {condition.Operator}."),
            };
        }

        // Null where the types differ: such values are neither equal nor in any range.
        private static int? Compare(JsonElement field, object value) => value switch
        {
            string text => field.ValueKind == JsonValueKind.String ? string.CompareOrdinal(field.GetString(), text) : null,
            long number => field.ValueKind == JsonValueKind.Number ? field.GetInt64().CompareTo(number) : null,
            int number => field.ValueKind == JsonValueKind.Number ? field.GetInt64().CompareTo(number) : null,
            bool flag => field.ValueKind is JsonValueKind.True or JsonValueKind.False ? field.GetBoolean().CompareTo(flag) : null,
            _ => throw new ArgumentException("A condition's value is neither string, long nor bool."),
        };
    }
}
