using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api;

/// <summary>
/// Writes strings without any <c>\uXXXX</c>, which WeChat refuses or shows literally (40033).
/// No encoder of the library will do: even UnsafeRelaxedJsonEscaping escapes every emoji, the no-break space and the ideographic space.
/// </summary>
internal sealed class RawStrings : JsonConverter<string>
{
    private static readonly SearchValues<char> Special = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000A\u000B\u000C\u000D\u000E\u000F"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F");

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        Write(writer, value);

    /// <summary>Writes one such string.</summary>
    public static void Write(Utf8JsonWriter writer, string value) =>
        writer.WriteRawValue(Encoding.UTF8.GetBytes(Quote(value)), skipInputValidation: true);

    /// <summary>A JSON string. Control characters other than line ends and tabs are left out: losing one that nobody sees beats losing the message.</summary>
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        var rest = text.AsSpan();
        for (int at; (at = rest.IndexOfAny(Special)) >= 0; rest = rest[(at + 1)..])
        {
            quoted.Append(rest[..at]).Append(rest[at] switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => "",
            });
        }

        return quoted.Append(rest).Append('"').ToString();
    }
}
