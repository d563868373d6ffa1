using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Crm.Storage;

/// <summary>What <see cref="IDocuments"/> asks of every document, key and query, whatever it is stored in: for the adapters.</summary>
public static partial class DocumentChecks
{
    private static readonly JsonWriterOptions Raw = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="ArgumentException">Not a legal partition or id.</exception>
    public static void CheckKeys(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (!Keys.IsLegal(key)) throw new ArgumentException("Not a legal partition or id; see Keys.Escape.", nameof(keys));
        }
    }

    /// <exception cref="ArgumentException">An illegal key, or larger than <see cref="IDocuments.MaxBytes"/>.</exception>
    public static void Check(Document document)
    {
        CheckKeys(document.Partition, document.Id);
        if (document.Data.Length > IDocuments.MaxBytes)
            throw new ArgumentException($"The document has {document.Data.Length} bytes; {IDocuments.MaxBytes} is the limit.", nameof(document));
    }

    /// <summary>Checks all before the first is written; of two with the same key the later stays, as if written in turn.</summary>
    public static IReadOnlyCollection<Document> ToWrite(IReadOnlyList<Document> documents)
    {
        var last = new Dictionary<(string, string), Document>();
        foreach (var document in documents)
        {
            Check(document);
            last[(document.Partition, document.Id)] = document;
        }

        return last.Values;
    }

    /// <exception cref="ArgumentException">A page size outside 1 to 1000.</exception>
    public static void Check(DocumentQuery query)
    {
        if (query.Take is < 1 or > 1000) throw new ArgumentException("Take is 1 to 1000.", nameof(query));
        if (query.Partition is { } partition) CheckKeys(partition);
    }

    /// <summary>A field's name; it becomes part of a query's text, so that nothing else may stand in it.</summary>
    /// <exception cref="ArgumentException">Not letters, digits and _.</exception>
    public static string FieldName(string name) =>
        Name().IsMatch(name) ? name : throw new ArgumentException($"'{name}' is no field name: letters, digits and _, at most 64.");

    /// <exception cref="ArgumentException">A name or a value that a field cannot have.</exception>
    public static void WriteFields(Utf8JsonWriter json, IReadOnlyDictionary<string, object> fields)
    {
        json.WriteStartObject();
        foreach (var (name, value) in fields)
        {
            json.WritePropertyName(FieldName(name));
            switch (value)
            {
                case string text: json.WriteStringValue(text); break;
                case bool flag: json.WriteBooleanValue(flag); break;
                case long number: json.WriteNumberValue(number); break;
                case int number: json.WriteNumberValue(number); break;
                case IEnumerable<string> list:
                    json.WriteStartArray();
                    foreach (var item in list) json.WriteStringValue(item);
                    json.WriteEndArray();
                    break;
                default: throw new ArgumentException($"Field '{name}' is neither string, long, bool nor string[].");
            }
        }

        json.WriteEndObject();
    }

    /// <summary>JSON as bytes, non-ASCII as it is.</summary>
    public static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Raw)) write(json);
        return bytes.ToArray();
    }

    /// <summary>A cursor that only the same question takes: its name, then where the page ended.</summary>
    public static string WriteCursor(DocumentQuery query, params string[] place) => Base64Url.EncodeToString(Json(json =>
    {
        json.WriteStartArray();
        json.WriteStringValue(NameOf(query));
        foreach (var part in place) json.WriteStringValue(part);
        json.WriteEndArray();
    }));

    /// <summary>Where the page before ended; null for the first page.</summary>
    /// <exception cref="ArgumentException">Not a cursor, or one of another query.</exception>
    public static string[]? ReadCursor(DocumentQuery query, int parts)
    {
        if (query.Cursor is null) return null;
        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(query.Cursor));
            var place = json.RootElement.EnumerateArray().Select(p => p.GetString()).OfType<string>().ToArray();
            return place.Length == parts + 1 && place[0] == NameOf(query) ? place[1..] : throw BadCursor(null);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            throw BadCursor(e);
        }
    }

    public static ArgumentException BadCursor(Exception? inner) => new("The cursor does not belong to this query.", inner);

    /// <summary>A short name of the question; the page size is not part of it, since it may change from page to page.</summary>
    public static string NameOf(DocumentQuery query)
    {
        var where = query.Where.Select(c => $"{c.Field} {c.Operator} {c.Value.GetType().Name} {c.Value}");
        return Ids.Hash(string.Join('\n', [query.Partition ?? "*", query.OrderBy ?? "*", $"{query.Descending}", .. where]))[..8];
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_]{0,63}\z")]
    private static partial Regex Name();
}
