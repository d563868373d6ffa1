using System.Buffers.Text;
using System.Text.Json;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Local.Sqlite;

/// <summary>
/// Where a page of a query ended: the last document's order value, partition and id, and which query it was. Opaque to
/// callers; it holds no offset, so that documents which come and go neither repeat nor hide others.
/// </summary>
internal sealed record QueryCursor(string Query, object? Value, string Partition, string Id)
{
    public string Write()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            json.WriteStringValue(Query);
            if (Value is long number) json.WriteNumberValue(number);
            else json.WriteStringValue((string?)Value);
            json.WriteStringValue(Partition);
            json.WriteStringValue(Id);
            json.WriteEndArray();
        }

        return Base64Url.EncodeToString(bytes.ToArray());
    }

    /// <exception cref="ArgumentException">Not a cursor, or one of another query.</exception>
    public static QueryCursor? Read(DocumentQuery query)
    {
        if (query.Cursor is null) return null;
        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(query.Cursor));
            var parts = json.RootElement;
            if (parts.ValueKind != JsonValueKind.Array || parts.GetArrayLength() != 4) throw DocumentChecks.BadCursor(null);
            var value = parts[1].ValueKind == JsonValueKind.Number ? (object)parts[1].GetInt64() : parts[1].GetString();
            var cursor = new QueryCursor(parts[0].GetString()!, value, parts[2].GetString()!, parts[3].GetString()!);
            return cursor.Query == DocumentChecks.NameOf(query) && cursor is { Partition: not null, Id: not null } ? cursor : throw DocumentChecks.BadCursor(null);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            throw DocumentChecks.BadCursor(e);
        }
    }
}
