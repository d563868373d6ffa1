using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CrmServerless.Crm.Delivery;

/// <summary>
/// A fact's content for people who look for faults: its shape, kinds, ids of rules and numbers, without what a customer
/// wrote and without the whole openid.
/// </summary>
public static class Masked
{
    // What is not named here is masked: a field that is added later must not leak by being forgotten.
    private static readonly HashSet<string> Open = new(StringComparer.Ordinal)
    {
        "kind", "name", "menuKey", "scene", "ruleId", "ruleVersion", "outcome", "reason", "type", "stage", "level", "category",
        "tag", "tags", "given", "state", "version", "code", "date", "subscribed", "alertId", "countedAt", "grant",
    };

    public static JsonNode? Of(JsonElement data) => Mask(data, open: false);

    /// <summary>Enough of an openid to find a customer by comparing, not enough to be one.</summary>
    public static string Id(string id) => id.Length <= 10 ? "…" : $"{id[..6]}…{id[^4..]}";

    private static JsonNode? Mask(JsonElement value, bool open) => value.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(value.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Property(p)))),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Take(20).Select(v => Mask(v, open))]),
        JsonValueKind.String => open ? value.GetString() : string.Create(CultureInfo.InvariantCulture, $"({value.GetString()!.Length} 字)"),
        JsonValueKind.Number => JsonValue.Create(open ? value.GetDecimal() : 0),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(value.GetBoolean()),
    };

    private static JsonNode? Property(JsonProperty property) =>
        property is { Name: "from", Value.ValueKind: JsonValueKind.String }
            ? Id(property.Value.GetString()!)
            : Mask(property.Value, Open.Contains(property.Name));
}
