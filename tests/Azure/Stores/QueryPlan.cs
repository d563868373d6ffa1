using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CrmServerless.Tests.Azure.Stores;

/// <summary>
/// What Cosmos DB's gateway answers when the SDK asks how a query is run over several physical partitions: an ordered one
/// is rewritten so that the SDK can merge the parts; the others run as they are. Only for texts of the form that
/// <c>CosmosQuery</c> writes.
/// </summary>
internal static partial class QueryPlan
{
    // The SDK puts here where a partition is to be resumed.
    private const string ResumeHere = "{documentdb-formattableorderbyquery-filter}";

    public static HttpResponseMessage Of(string request)
    {
        var text = (string)JsonNode.Parse(request)!["query"]!;
        var info = new JsonObject
        {
            ["distinctType"] = "None", ["orderBy"] = new JsonArray(), ["orderByExpressions"] = new JsonArray(), ["groupByExpressions"] = new JsonArray(),
            ["groupByAliases"] = new JsonArray(), ["aggregates"] = new JsonArray(), ["groupByAliasToAggregateType"] = new JsonObject(),
            ["rewrittenQuery"] = "", ["hasSelectValue"] = false, ["hasNonStreamingOrderBy"] = false,
        };
        if (Ordered().Match(text) is { Success: true } ordered)
        {
            string Part(string name) => ordered.Groups[name].Value;
            var payload = string.Join(", ", Part("fields").Split(", ").Select(f => $"\"{f[2..]}\": {f}"));
            info["orderBy"]!.AsArray().Add(Part("direction") == "DESC" ? "Descending" : "Ascending");
            info["orderByExpressions"]!.AsArray().Add(Part("by"));
            info["rewrittenQuery"] =
                $$"""SELECT c._rid, [{"item": {{Part("by")}}}] AS orderByItems, {{{payload}}} AS payload FROM c """ +
                $"WHERE ({Part("where")}) AND ({ResumeHere}) ORDER BY {Part("by")} {Part("direction")}";
        }

        return new HttpResponseMessage
        {
            Content = JsonContent.Create(new JsonObject
            {
                ["partitionedQueryExecutionInfoVersion"] = 2,
                ["queryInfo"] = info,
                ["queryRanges"] = new JsonArray(new JsonObject { ["min"] = "", ["max"] = "FF", ["isMinInclusive"] = true, ["isMaxInclusive"] = false }),
            }),
        };
    }

    [GeneratedRegex(@"\ASELECT (?<fields>.+) FROM c WHERE (?<where>.+) ORDER BY (?<by>.+) (?<direction>ASC|DESC)\z")]
    private static partial Regex Ordered();
}
