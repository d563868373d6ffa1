using System.Text.Json;
using System.Text.RegularExpressions;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Tags;

namespace CrmServerless.Crm.Rules;

/// <summary>Checks a rule before it is stored. Every message says where and why.</summary>
public static partial class RuleValidator
{
    private const int MaxWords = 10_000;

    /// <summary>Reads and checks a rule as sent to the API.</summary>
    public static (Rule? Rule, IReadOnlyList<string> Faults) Read(string kind, string id, ReadOnlySpan<byte> json)
    {
        Rule rule;
        try
        {
            rule = JsonSerializer.Deserialize(json, RuleJson.Types.Rule) ?? throw new JsonException("Expected a rule.");
        }
        catch (JsonException e)
        {
            return (null, [$"{e.Path ?? "$"}: {Reason(e)}"]);
        }

        var faults = Check(kind, rule).ToList();
        if (rule.Id != id) faults.Add($"id: must be \"{id}\", as in the address.");
        return faults.Count == 0 ? (rule, faults) : (null, faults);
    }

    public static IEnumerable<string> Check(string kind, Rule rule)
    {
        if (!RuleId().IsMatch(rule.Id)) yield return "id: 1 to 40 of a-z, 0-9 and -.";
        foreach (var fault in CheckWhen(rule.When)) yield return fault;
        foreach (var fault in CheckThen(kind, rule.Then)) yield return fault;
    }

    private static IEnumerable<string> CheckWhen(RuleCondition when)
    {
        var lists = Lists(when).Where(l => l.Items is { Count: 0 } || l.Items?.Any(string.IsNullOrEmpty) == true)
            .Select(l => $"when.{l.Where}: name at least one and none that is empty, or leave it out.").ToList();
        foreach (var fault in lists) yield return fault;
        if (lists.Count > 0) yield break;
        foreach (var (where, words) in Words(when.Text))
            if (Wordless(words) is { } word) yield return $"when.text.{where}: \"{word}\" has no letter left after folding.";
        if (Unready(when) is { } unready) yield return unready;
        if (when.Text is { Any: null, All: null, None: null, Exact: null, Regex: null }) yield return "when.text: give any, all, none, exact or regex.";
        if (when.Count is { } count && (count.AtLeast is < 1 or > 10_000 || count.Days is < 1 or > 30))
            yield return "when.count: atLeast 1 to 10000, days 1 to 30.";
        if (when.Within is { } area && (Math.Abs(area.Latitude) > 90 || Math.Abs(area.Longitude) > 180 || area.Km is not (> 0 and <= 20_000)))
            yield return "when.within: latitude -90 to 90, longitude -180 to 180, km above 0, at most 20000.";
        if (when.TimeOfDay is { } time && time.From == time.To) yield return "when.timeOfDay: from and to must differ; leave it out for the whole day.";
        if (when.Dates is { } dates && dates.From > dates.To) yield return "when.dates: from must not be after to.";
    }

    private static IEnumerable<(string Where, IReadOnlyList<string>? Items)> Lists(RuleCondition when) =>
    [
        ("accounts", when.Accounts), ("kinds", when.Kinds), ("menuKeys", when.MenuKeys), ("scenes", when.Scenes), ("states", when.States), ("stages", when.Stages),
        ("tags.all", when.Tags?.All), ("tags.none", when.Tags?.None), ("count.kinds", when.Count?.Kinds),
        .. Words(when.Text).Select(w => ("text." + w.Where, w.Items)),
    ];

    private static IEnumerable<(string Where, IReadOnlyList<string>? Items)> Words(TextCondition? text) =>
        [("any", text?.Any), ("all", text?.All), ("none", text?.None), ("exact", text?.Exact)];

    private static string? Wordless(IReadOnlyList<string>? words) => words?.FirstOrDefault(w => FoldedText.Word(w).Length == 0);

    private static string? Unready(RuleCondition when)
    {
        try
        {
            _ = new RuleMatcher(when);
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    private static IEnumerable<string> CheckThen(string kind, JsonElement then)
    {
        var fault = kind switch
        {
            RuleKind.Tags => Parse(then, RuleJson.Types.TagAction, CheckTag),
            RuleKind.Replies => Parse(then, RuleJson.Types.ReplyAction, ReplyCheck.Fault),
            RuleKind.Alerts => Parse(then, RuleJson.Types.AlertAction, CheckAlert),
            _ => $"kind: one of {string.Join(", ", RuleKind.All)}.",
        };
        if (fault is not null) yield return fault;
    }

    private static string? Parse<T>(JsonElement then, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, Func<T, string?> check)
    {
        try
        {
            return then.Deserialize(type) is { } action ? check(action) : "then: missing.";
        }
        catch (JsonException e)
        {
            return $"then{(e.Path ?? "$")[1..]}: {Reason(e)}";
        }
    }

    private static string? CheckTag(TagAction action) =>
        action.Tags is { Count: > 0 } && action.Tags.All(t => t is { Length: >= 1 and <= 30 }) ? null : "then.tags: at least one, each 1 to 30 characters.";

    private static string? CheckAlert(AlertAction action)
    {
        if (action.Words is not { Count: > 0 and <= MaxWords }) return $"then.words: 1 to {MaxWords} words.";
        if (action.Words.Any(string.IsNullOrEmpty)) return "then.words: none may be empty.";
        if (Wordless(action.Words) is { } empty) return $"then.words: \"{empty}\" has no letter left after folding.";
        return action.EscalateAfterMinutes is < 1 or > 10_080 ? "then.escalateAfterMinutes: 1 to 10080." : null;
    }

    // The serializer's text names .NET types and its own position; the first sentence is what a marketer can use.
    private static string Reason(JsonException e) =>
        e.Message.Contains("missing required", StringComparison.Ordinal) ? "something is missing that is needed here: " + e.Message.Split("including: ")[^1]
        : e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? $"'{e.Message.Split('\'')[1]}' is not known here."
        : e.Message.Contains("null values", StringComparison.Ordinal) ? "must not be null."
        : e.Message.Contains("could not be converted", StringComparison.Ordinal) ? "has another form than is expected here." : e.Message.Split(" Path:")[0];

    [GeneratedRegex(@"\A[a-z0-9-]{1,40}\z")]
    private static partial Regex RuleId();
}
