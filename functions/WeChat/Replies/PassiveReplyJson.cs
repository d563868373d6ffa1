using System.Text;
using System.Text.Json;
using CrmServerless.WeChat.Api;

namespace CrmServerless.WeChat.Replies;

/// <summary>
/// Writes a passive reply as JSON, for accounts whose console has JSON as the data format: the same names as in XML.
/// Documented by example only; the articles as an array are our reading of it.
/// </summary>
public static class PassiveReplyJson
{
    /// <summary>The JSON of <paramref name="reply"/>, not encrypted; otherwise as <see cref="PassiveReplyXml.Write"/>.</summary>
    /// <exception cref="ArgumentException">As there.</exception>
    public static string Write(PassiveReply reply, string toUserName, string fromUserName, long createTime)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes)) Write(json, ReplyNode.Of(reply, toUserName, fromUserName, createTime));
        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<ReplyNode> nodes)
    {
        json.WriteStartObject();
        foreach (var group in nodes.GroupBy(n => n.Name, StringComparer.Ordinal))
        {
            json.WritePropertyName(group.Key);
            if (group.Count() > 1) Write(json, group, node => Write(json, node));
            else Write(json, group.First());
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReplyNode node)
    {
        if (node.Text is { } text) RawStrings.Write(json, text);
        else if (node.Number is { } number) json.WriteNumberValue(number);
        else if (node.Items is { } items) Write(json, items, item => Write(json, item));
        else Write(json, node.Children ?? []);
    }

    private static void Write<T>(Utf8JsonWriter json, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray();
        foreach (var item in items) write(item);
        json.WriteEndArray();
    }
}
