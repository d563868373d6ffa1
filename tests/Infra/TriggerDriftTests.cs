using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ThePipeline = CrmServerless.Crm.Pipeline;

namespace CrmServerless.Tests.Infra;

/// <summary>The triggers of functions/App, read from their sources, listen to the subscriptions that are deployed.</summary>
[Collection(InfraCollection.Name)]
public sealed partial class TriggerDriftTests(PredictionFixture predictions)
{
    private static readonly string Sources = string.Join('\n', Repository.Sources("App"));

    private static string? NoApp => Sources.Contains("ServiceBusTrigger", StringComparison.Ordinal) ? null : "functions/App has no triggers yet.";

    [AppFact]
    public void Each_stage_has_its_trigger_and_no_other_is_there()
    {
        var triggers = Trigger().Matches(Sources).Select(t => (
            Name(t.Groups["stage"].Value), Others: t.Groups["rest"].Value)).ToList();
        Assert.Equal(
            ThePipeline.Stages.Select(s => (s.Name, s.Sessions, Batched: s.BatchSize > 1)).Order(),
            triggers.Select(t => (t.Item1, Sessions().IsMatch(t.Others), Batched().IsMatch(t.Others))).Order());
        // The prefix of the settings ServiceBus__...
        Assert.All(triggers, t => Assert.Contains("Connection = \"ServiceBus\"", t.Others, StringComparison.Ordinal));
        // One word everywhere; of the functions without a subscription, alerts and README name these.
        Assert.Empty(ThePipeline.Stages.Select(s => s.Name).Concat(["receive", "report", "upkeep"]).Except(Functions()));
    }

    [WarmFact]
    public void Instances_are_kept_warm_for_functions_that_exist()
    {
        var warm = predictions.By["prod"].One("Microsoft.Web/sites").At("properties", "functionAppConfig", "scaleAndConcurrency", "alwaysReady")
            .AsArray().Select(g => g!.Text("name")).Where(g => g != "http").Select(g => g.Split(':')[1]);
        Assert.Empty(warm.Except(Functions()));
    }

    [BicepFact]
    public void Whoever_waits_for_an_answer_finds_a_warm_instance_in_prod()
    {
        static IEnumerable<string> Warm(JsonNode app) => app.At("properties", "functionAppConfig", "scaleAndConcurrency", "alwaysReady").AsArray().Select(g => g!.Text("name"));
        Assert.Equal(["http", "function:customer", "function:reply", "function:alert"], Warm(predictions.By["prod"].One("Microsoft.Web/sites")));
        Assert.Empty(Warm(predictions.By["dev"].One("Microsoft.Web/sites")));
    }

    private static HashSet<string> Functions() => Function().Matches(Sources).Select(f => Name(f.Groups["name"].Value)).ToHashSet(StringComparer.Ordinal);

    // A literal, or a nameof or constant whose last word is the name.
    private static string Name(string argument) => Word().Match(argument).Value;

    [GeneratedRegex(@"ServiceBusTrigger\(\s*[\w.""%]+\s*,\s*(?<stage>[\w.""()]+?)\s*(,(?<rest>[^)]*))?\)\s*\]")]
    private static partial Regex Trigger();

    [GeneratedRegex(@"\[Function\((?<name>[^\]]+)\)\]")]
    private static partial Regex Function();

    [GeneratedRegex(@"IsSessionsEnabled\s*=\s*true")]
    private static partial Regex Sessions();

    [GeneratedRegex(@"IsBatched\s*=\s*true")]
    private static partial Regex Batched();

    [GeneratedRegex(@"\w+(?=\W*\z)")]
    private static partial Regex Word();

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class AppFactAttribute : FactAttribute
    {
        public AppFactAttribute() => Skip = NoApp;
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class WarmFactAttribute : FactAttribute
    {
        public WarmFactAttribute() => Skip = NoApp ?? Bicep.Missing;
    }
}
