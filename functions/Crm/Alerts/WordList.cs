using System.Buffers;
using CrmServerless.Crm.Rules;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.Crm.Alerts;

/// <summary>A sensitive word that occurs in a text, and where in the original.</summary>
public sealed record WordHit(string Word, Rule Rule, AlertAction Action, Range Where);

/// <summary>
/// All sensitive words of all lists. Whether one occurs at all is found in microseconds over ten thousand words; only
/// then a second pass names them.
/// </summary>
public sealed class WordList
{
    private readonly List<(string Word, string Folded, ReadyRule<AlertAction> Rule)> words;
    private readonly SearchValues<string> search;

    private WordList(List<(string, string, ReadyRule<AlertAction>)> words)
    {
        this.words = words;
        search = SearchValues.Create([.. this.words.Select(w => w.Folded).Distinct(StringComparer.Ordinal)], StringComparison.Ordinal);
    }

    public static WordList Empty { get; } = new([]);

    public static WordList Of(IReadOnlyList<ReadyRule<AlertAction>> rules) =>
        new([.. rules.SelectMany(rule => rule.Action.Words.Select(word => (word, FoldedText.Word(word), rule)).Where(w => w.Item2.Length > 0))]);

    /// <summary>Who wrote: what comes to an application of WeCom, staff wrote.</summary>
    public static AlertSide SideOf(string kind) =>
        kind.StartsWith(WeComKinds.Messages, StringComparison.Ordinal) || kind.StartsWith(WeComKinds.Menu, StringComparison.Ordinal)
            ? AlertSide.Staff
            : AlertSide.Customer;

    /// <summary>Every word of the writer's side that occurs, the gravest list first; empty for nearly every text.</summary>
    public IReadOnlyList<WordHit> Find(RuleInput input)
    {
        if (words.Count == 0 || input.Text is not { } text || !text.Folded.AsSpan().ContainsAny(search)) return [];
        var (hits, side) = (new List<WordHit>(), SideOf(input.Event.Kind));
        Dictionary<ReadyRule<AlertAction>, bool> applies = [];
        foreach (var (word, folded, rule) in words)
        {
            if (rule.Action.Side != side || text.Find(folded) is not { } where) continue;
            if (!applies.TryGetValue(rule, out var matches)) applies[rule] = matches = rule.Matcher.Matches(input);
            if (matches) hits.Add(new WordHit(word, rule.Rule, rule.Action, where));
        }

        return [.. hits.OrderByDescending(h => h.Action.Level)];
    }
}
