using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CrmServerless.Crm.Messaging;
using ThePipeline = CrmServerless.Crm.Pipeline;

namespace CrmServerless.Tests.Infra;

/// <summary>Alerts and workbook ask for what is measured, under the names by which it is measured.</summary>
[Collection(InfraCollection.Name)]
public sealed partial class QueryDriftTests(PredictionFixture predictions)
{
    private static readonly Dictionary<string, string> Queries = Read();

    public static TheoryData<string> Alerts => new(Directory.EnumerateFiles(Repository.Path("infra", "alerts"), "*.kql").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal));

    public static TheoryData<string> Parameters => new(PredictionFixture.Files);

    [TelemetryFact]
    public void What_is_measured_is_what_the_program_says()
    {
        var said = Repository.Sources("Crm").Concat(Repository.Sources("WeChat")).SelectMany(s => Metric().Matches(s).Select(m => m.Groups["name"].Value)).Distinct(StringComparer.Ordinal);
        Assert.Equal(MetricNames.Tags.Keys.Concat(MetricNames.SpanTags).Order(StringComparer.Ordinal), said.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Queries_name_only_what_is_measured_and_everything_that_is()
    {
        var named = Queries.SelectMany(q => Metric().Matches(q.Value).Select(m => m.Groups["name"].Value)).Where(n => !MetricNames.SpanTags.Contains(n, StringComparer.Ordinal)).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(MetricNames.Tags.Keys.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Queries_ask_for_tags_of_the_metrics_that_they_name()
    {
        foreach (var (name, query) in Queries)
        {
            var metrics = Metric().Matches(query).Select(m => m.Groups["name"].Value).ToList();
            var known = metrics.SelectMany(m => MetricNames.Tags.GetValueOrDefault(m) ?? []).Concat(MetricNames.SpanTags);
            var asked = Tag().Matches(query).Select(t => t.Groups["name"].Value);
            Assert.True(!asked.Except(known, StringComparer.Ordinal).Any(), $"{name}: {string.Join(", ", asked.Except(known, StringComparer.Ordinal))}");
        }
    }

    [Fact]
    public void Whatever_a_query_compares_with_exists()
    {
        var subjects = typeof(Subjects).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!);
        string[] functions = ["receive"];
        string[] broker = ["MICROSOFT.SERVICEBUS", "ActiveMessages", "DeadletteredMessages", "ScheduledMessages", "ThrottledRequests", "Size", "/api/wechat/"];
        string[] known = [.. subjects, .. functions, .. broker, .. ThePipeline.Stages.Select(s => s.Name), .. MetricNames.Results, .. MetricNames.Outcomes, .. MetricNames.Tags.Keys];
        foreach (var (name, query) in Queries)
            foreach (Match compared in Compared().Matches(query))
                foreach (Match value in Literal().Matches(compared.Value))
                    Assert.True(known.Contains(value.Groups["value"].Value, StringComparer.Ordinal), $"{name}: {value.Value}");
    }

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void Each_file_is_an_alert_that_somebody_hears(string stage)
    {
        var rules = predictions.By[stage].Of("Microsoft.Insights/scheduledQueryRules");
        Assert.Equal(
            Directory.EnumerateFiles(Repository.Path("infra", "alerts")).Select(File.ReadAllText).Order(StringComparer.Ordinal),
            rules.Select(r => r.At("properties", "criteria", "allOf").AsArray().Single()!.Text("query")).Order(StringComparer.Ordinal));
        Assert.All(rules, r => Assert.Equal($"crm-{stage}-duty", r.At("properties", "actions", "actionGroups").AsArray().Single()!.GetValue<string>().Split('/')[^1]));
        Assert.All(rules, r => Assert.EndsWith(Queries.First(q => q.Value == r.At("properties", "criteria", "allOf")[0]!.Text("query")).Key, r.Text("name"), StringComparison.Ordinal));
    }

    [BicepTheory]
    [MemberData(nameof(Parameters))]
    public void The_workbook_has_a_row_for_each_stage(string stage)
    {
        var workbook = predictions.By[stage].One("Microsoft.Insights/workbooks").At("properties").Text("serializedData");
        var rows = QueriesOf(JsonNode.Parse(workbook)!).First();
        Assert.Contains($"split('{string.Join(',', ThePipeline.Stages.Select(s => s.Name))}', ',')", rows, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Alerts))]
    public void The_readme_says_what_an_alert_means(string alert) =>
        Assert.Contains($"| `{alert}` |", Repository.Text("infra", "README.md"), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Every_bracket_and_quote_of_a_query_is_closed(string alert)
    {
        var code = Literal().Replace(Comment().Replace(Queries[alert], ""), "");
        Assert.DoesNotContain('"', code);
        Assert.Equal(code.Count(c => c == '('), code.Count(c => c == ')'));
        Assert.All(code.Split(';'), statement => Assert.Matches(@"\A\s*(let \w+ = (\w+|toscalar\()|union \w+, \w+|App\w+|Azure\w+)", statement));
    }

    private static Dictionary<string, string> Read()
    {
        var queries = Directory.EnumerateFiles(Repository.Path("infra", "alerts")).ToDictionary(f => Path.GetFileNameWithoutExtension(f), File.ReadAllText, StringComparer.Ordinal);
        var workbook = QueriesOf(JsonNode.Parse(Repository.Text("infra", "workbook.json"))!);
        foreach (var (query, i) in workbook.Select((q, i) => (q, i))) queries[$"workbook {i}"] = query;
        return queries;
    }

    private static IEnumerable<string> QueriesOf(JsonNode workbook) =>
        workbook.At("items").AsArray().Select(i => i!.At("content")["query"]?.GetValue<string>()).OfType<string>();

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class TelemetryFactAttribute : FactAttribute
    {
        public TelemetryFactAttribute() => Skip = File.Exists(Repository.Path("functions", "Crm", "Telemetry.cs")) ? null : "functions/Crm measures nothing yet.";
    }

    [GeneratedRegex(@"[""'](?<name>crm\.[a-z.]+)[""']")]
    private static partial Regex Metric();

    [GeneratedRegex(@"Properties(\.(?<name>\w+)|\[""(?<name>[^""]+)""\])")]
    private static partial Regex Tag();

    // A comparison and what it compares with: == "x", in ("x", "y"), has "x".
    [GeneratedRegex(@"(==|=~|\bhas|\bin~?)\s*(\([^)]*\)|[""'][^""']*[""'])")]
    private static partial Regex Compared();

    [GeneratedRegex(@"([""'])(?<value>[^""']*)\1")]
    private static partial Regex Literal();

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();
}
