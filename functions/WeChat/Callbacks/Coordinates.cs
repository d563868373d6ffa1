using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>
/// Takes the coordinates out of a payload that reports a position, of the Official Account or of WeCom, in either form.
/// All else stays as it was sent.
/// </summary>
public static class Coordinates
{
    private static readonly string[] Names = ["Latitude", "Longitude", "Precision"];

    // Linear in whatever is sent: a pattern that goes back would be the way to make an acknowledgement take seconds.
    private static readonly (string Left, Regex Element, Regex Start)[] InXml =
    [
        .. Names.Select(name => ($"<{name}></{name}>",
            new Regex($@"<{name}(?:\s[^>]*)?>.*?</{name}\s*>", RegexOptions.Singleline | RegexOptions.NonBacktracking),
            new Regex($@"<{name}(?:\s[^>]*)?>(?:\s*<!\[CDATA\[)?[^<\]]*", RegexOptions.NonBacktracking))),
    ];

    private static readonly (string Left, Regex Property)[] InJson =
    [
        .. Names.Select(name => ($"\"{name}\":\"\"", new Regex($"\"{name}\"\\s*:\\s*(?:\"[^\"]*\"?|[^\",}}\\]\\s]*)", RegexOptions.NonBacktracking))),
    ];

    /// <summary>The payload with Latitude, Longitude and Precision left empty wherever they stand.</summary>
    public static string RemovedFrom(string payload)
    {
        var json = payload[Nodes.Start(payload)..];
        return json.StartsWith('{') ? FromJson(json) : InXml.Aggregate(payload, (text, name) => name.Element.Replace(text, name.Left));
    }

    /// <summary>The same for a payload that cannot be parsed: by pattern, and what is not closed up to the next mark.</summary>
    public static string RemovedFromUnreadable(string payload)
    {
        var text = InXml.Aggregate(payload, (text, name) => name.Start.Replace(name.Element.Replace(text, name.Left), name.Left));
        return InJson.Aggregate(text, (text, name) => name.Property.Replace(text, name.Left));
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
}
