using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CrmServerless.Tests.Infra;

/// <summary>The predicted resources of a snapshot. What only Azure knows stands in it as an expression, in brackets.</summary>
internal sealed partial class Prediction(JsonObject snapshot)
{
    public IReadOnlyList<JsonNode> Resources { get; } = [.. snapshot["predictedResources"]!.AsArray().Select(r => r!)];

    public int Diagnostics => snapshot["diagnostics"]!.AsArray().Count;

    public string Outputs => snapshot["outputs"]!.ToJsonString();

    public IReadOnlyList<JsonNode> Of(string type) => [.. Resources.Where(r => r.Text("type") == type)];

    public JsonNode One(string type) => Assert.Single(Of(type));

    /// <summary>
    /// The app's settings by name. Some values come from Azure, so the whole list is one expression; its names, and
    /// the values that are known, stand in it as they are.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings()
    {
        var expression = One("Microsoft.Web/sites").At("properties", "siteConfig").Text("appSettings");
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match setting in Setting().Matches(expression))
            if (setting.Groups["value"].Value is not "''") Assert.True(found.TryAdd(setting.Groups["name"].Value, setting.Groups["value"].Value.Trim('\'')));
        return found;
    }

    [GeneratedRegex(@"createObject\('name', '(?<name>[^']+)', 'value', (?<value>'[^']*'|[^']*'[^']*')")]
    private static partial Regex Setting();
}

internal static class Json
{
    public static JsonNode At(this JsonNode node, params string[] path) =>
        path.Aggregate(node, (at, name) => at[name] ?? throw new InvalidOperationException($"{at.GetPath()} has no {name}"));

    public static string Text(this JsonNode node, string name) => node.At(name).GetValue<string>();

    /// <summary>The last part of a name like <c>namespace/topic/subscription</c>.</summary>
    public static string Leaf(this JsonNode node, int fromEnd = 1) => node.Text("name").Split('/')[^fromEnd];
}
