using System.Text.Json;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Tags;

namespace CrmServerless.Crm.Rules;

/// <summary>The three kinds of rules. They share <c>when</c> and differ in <c>then</c>.</summary>
public static class RuleKind
{
    public const string Tags = "tags";
    public const string Replies = "replies";
    public const string Alerts = "alerts";

    public static IReadOnlyList<string> All { get; } = [Tags, Replies, Alerts];
}

/// <summary>A rule ready to be used.</summary>
public sealed record ReadyRule<TAction>(Rule Rule, RuleMatcher Matcher, TAction Action);

/// <summary>All enabled rules of one moment.</summary>
public sealed record RuleSet(
    IReadOnlyList<ReadyRule<TagAction>> Tags,
    IReadOnlyList<ReadyRule<ReplyAction>> Replies,
    WordList Alerts)
{
    public static RuleSet Empty { get; } = new([], [], WordList.Empty);

    /// <param name="rules">Rules by kind; the disabled ones are left out here.</param>
    /// <exception cref="ArgumentException">A rule cannot be used; the message names it and says why.</exception>
    public static RuleSet Of(IEnumerable<(string Kind, Rule Rule)> rules)
    {
        var ordered = rules.Where(r => r.Rule.Enabled)
            .OrderBy(r => r.Rule.Order).ThenBy(r => r.Rule.Id, StringComparer.Ordinal).ToList();
        return new RuleSet(
            [.. ordered.Where(r => r.Kind == RuleKind.Tags).Select(r => Ready(r.Rule, CrmJson.Types.TagAction))],
            [.. ordered.Where(r => r.Kind == RuleKind.Replies).Select(r => Ready(r.Rule, CrmJson.Types.ReplyAction))],
            WordList.Of([.. ordered.Where(r => r.Kind == RuleKind.Alerts).Select(r => Ready(r.Rule, CrmJson.Types.AlertAction))]));
    }

    private static ReadyRule<T> Ready<T>(Rule rule, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return new ReadyRule<T>(rule, new RuleMatcher(rule.When), rule.Then.Deserialize(type)!);
        }
        catch (Exception e) when (e is ArgumentException or JsonException)
        {
            throw new ArgumentException($"Rule {rule.Id}: {e.Message}", e);
        }
    }
}
