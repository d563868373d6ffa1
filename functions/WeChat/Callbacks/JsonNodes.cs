using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>
/// Reads the JSON form into the nodes that the XML form would give: an array as its elements repeated, a number as its digits
/// (a MsgId exceeds what a double holds), and a character that XML could not carry as U+FFFD, so that what comes after
/// need not ask which form it was.
/// </summary>
internal static class JsonNodes
{
    // Counted by us too, to tell it from a mere syntax error.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = Nodes.MaxDepth * 2 };

    /// <summary>Null, or why it is not a WeChat document.</summary>
    public static string? Read(string text, List<Node> nodes)
    {
        if (TryRead(text, nodes, out var reason)) return reason;
        // A control character that somebody typed and somebody else did not escape: the message is worth more than the rule.
        nodes.Clear();
        return WithoutControls(text) is { } cleaned && TryRead(cleaned, nodes, out reason) ? reason : "malformed json";
    }

    /// <summary>The text with control characters inside its strings escaped or replaced; null when there are none.</summary>
    public static string? WithoutControls(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\0', '\u001F') < 0) return null;
        var cleaned = new StringBuilder(text.Length + 16);
        var inString = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '"') inString = !inString;
            if (!inString || c >= ' ') cleaned.Append(c);
            else cleaned.Append(c switch { '\t' => "\\t", '\n' => "\\n", '\r' => "\\r", _ => "\uFFFD" });
            if (inString && c == '\\' && i + 1 < text.Length && text[i + 1] >= ' ') cleaned.Append(text[++i]);
        }

        return cleaned.ToString();
    }

    /// <summary>A name or a string. Not by GetString: it throws at half an emoji, and a hostile text may have thousands.</summary>
    public static string Text(in Utf8JsonReader reader)
    {
        var raw = Encoding.UTF8.GetString(reader.ValueSpan);
        if (!reader.ValueIsEscaped) return raw;
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            // The reader has checked that an escape is whole and known.
            text.Append(raw[++i] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)ushort.Parse(raw.AsSpan((i += 4) - 3, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                var same => same,
            });
        }

        return text.ToString();
    }

    private static bool TryRead(string text, List<Node> nodes, out string? reason)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), Options);
        try
        {
            reader.Read();
            reason = Members(ref reader, "", nodes);
            // Whatever follows the object is a syntax error.
            if (reason is null) reader.Read();
            return true;
        }
        catch (JsonException)
        {
            reason = null;
            return false;
        }
    }

    private static string? Members(ref Utf8JsonReader reader, string parent, List<Node> nodes)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Nodes.Below(parent, Text(reader)) is not { } path) return "name too long";
            reader.Read();
            if (Value(ref reader, path, nodes) is { } reason) return reason;
        }

        return null;
    }

    private static string? Value(ref Utf8JsonReader reader, string path, List<Node> nodes)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            nodes.Add(new Node(path, Scalar(reader)));
            return null;
        }

        if (reader.CurrentDepth >= Nodes.MaxDepth) return "too deep";
        var at = nodes.Count;
        string? reason = null;
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reason is null && reader.Read() && reader.TokenType != JsonTokenType.EndArray) reason = Value(ref reader, path, nodes);
            if (nodes.Count == at) nodes.Add(new Node(path, "")); // as an empty element would
            return reason;
        }

        nodes.Add(new Node(path, null));
        reason = Members(ref reader, path, nodes);
        nodes[at] = nodes.Count == at + 1 ? new Node(path, "") : nodes[at] with { End = nodes.Count };
        return reason;
    }

    private static string Scalar(in Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => "",
        JsonTokenType.String => XmlText.Legal(Text(reader)),
        _ => Encoding.UTF8.GetString(reader.ValueSpan),
    };
}
