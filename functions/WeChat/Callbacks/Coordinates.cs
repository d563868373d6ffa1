using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>
/// Takes the coordinates out of a payload that reports a position, of the Official Account or of WeCom, in either form.
/// All else stays as it was sent.
/// </summary>
public static partial class Coordinates
{
    /// <summary>The payload with Latitude, Longitude and Precision left empty wherever they stand.</summary>
    public static string RemovedFrom(string payload)
    {
        var json = payload[Nodes.Start(payload)..];
        return json.StartsWith('{') ? FromJson(json) : InXml().Replace(payload, "<$1></$1>");
    }

    private static string FromJson(string json)
    {
        try
        {
            return Cut(json);
        }
        catch (JsonException) when (JsonNodes.WithoutControls(json) is { } cleaned)
        {
            return Cut(cleaned); // readable only so: then only so was it read
        }
    }

    // By token, not by pattern: a name may be escaped, a value may be anything.
    private static string Cut(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(bytes);
        var kept = new StringBuilder(json.Length);
        var from = 0;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (JsonNodes.Text(reader) is not ("Latitude" or "Longitude" or "Precision")) continue;
            reader.Read();
            kept.Append(Encoding.UTF8.GetString(bytes, from, (int)reader.TokenStartIndex - from)).Append("\"\"");
            reader.Skip();
            from = (int)reader.BytesConsumed;
        }

        return kept.Append(Encoding.UTF8.GetString(bytes, from, bytes.Length - from)).ToString();
    }

    [GeneratedRegex(@"<(Latitude|Longitude|Precision)(?:\s[^>]*)?>.*?</\1\s*>", RegexOptions.Singleline)]
    private static partial Regex InXml();
}
