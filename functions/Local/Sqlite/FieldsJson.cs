using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CrmServerless.Local.Sqlite;

/// <summary>The searchable fields of a document as the JSON that SQLite looks into.</summary>
internal static partial class FieldsJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="ArgumentException">A name or a value that a field cannot have.</exception>
    public static byte[]? Write(IReadOnlyDictionary<string, object>? fields)
    {
        if (fields is null) return null;
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            foreach (var (name, value) in fields)
            {
                json.WritePropertyName(Checked(name));
                WriteValue(json, name, value);
            }

            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>The SQL that reads a field; the name is part of it, since an index needs the very same expression.</summary>
    public static string Sql(string name) => $"json_extract(fields,'$.{Checked(name)}')";

    /// <summary>The SQL that tells a field's JSON type, since SQLite compares across types and the port does not.</summary>
    public static string TypeSql(string name) => $"json_type(fields,'$.{Checked(name)}')";

    private static string Checked(string name) =>
        Name().IsMatch(name) ? name : throw new ArgumentException($"'{name}' is no field name: letters, digits and _, at most 64.");

    private static void WriteValue(Utf8JsonWriter json, string name, object value)
    {
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

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_]{0,63}\z")]
    private static partial Regex Name();
}
