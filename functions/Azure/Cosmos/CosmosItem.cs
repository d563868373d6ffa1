using System.Text;
using System.Text.Json;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Azure.Cosmos;

/// <summary>
/// A document as a Cosmos DB item: <c>id</c>, <c>pk</c> (the partition), <c>f</c> (what queries may ask for) and
/// <c>data</c> (the document).
/// </summary>
/// <remarks>
/// <c>data</c> is the document's JSON as one string, not an object: Cosmos DB keeps numbers as doubles and writes JSON in
/// its own way, and the port promises the very bytes. An item may have 2 MB:
/// https://learn.microsoft.com/azure/cosmos-db/concepts-limits
/// </remarks>
internal static class CosmosItem
{
    /// <exception cref="ArgumentException">A field that a document cannot have, or data that is not UTF-8.</exception>
    public static MemoryStream Write(Document document) => new(DocumentChecks.Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("id"u8, IdOf(document.Id));
        json.WriteString("pk"u8, document.Partition);
        if (document.Fields is { } fields)
        {
            json.WritePropertyName("f"u8);
            DocumentChecks.WriteFields(json, fields);
        }

        json.WriteString("data"u8, document.Data.Span);
        json.WriteEndObject();
    }));

    public static async Task<StoredDocument> Read(Stream content, CancellationToken ct)
    {
        using var json = await JsonDocument.ParseAsync(content, default, ct);
        return Read(json.RootElement);
    }

    public static StoredDocument Read(JsonElement item) => new(
        item.GetProperty("pk"u8).GetString()!,
        KeyOf(item.GetProperty("id"u8).GetString()!),
        item.GetProperty("_etag"u8).GetString()!,
        Encoding.UTF8.GetBytes(item.GetProperty("data"u8).GetString()!));

    /// <summary>
    /// The id in Cosmos DB. Ids stand in the path of a URL, where <c>.</c> and <c>..</c> would be taken for folders; no
    /// key has a <c>!</c>, and with it they keep their place in the order.
    /// </summary>
    public static string IdOf(string key) => key is "." or ".." ? key + "!" : key;

    public static string KeyOf(string id) => id is ".!" or "..!" ? id[..^1] : id;
}
