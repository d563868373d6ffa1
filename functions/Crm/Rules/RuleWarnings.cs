using System.Text.Json;
using CrmServerless.Crm.Accounts;

namespace CrmServerless.Crm.Rules;

/// <summary>What a sound rule will nevertheless not do on some account, so that nobody waits for it. Pure.</summary>
public static class RuleWarnings
{
    /// <summary>Null if there are none.</summary>
    public static IReadOnlyList<string>? Of(string kind, Rule rule, AccountBook accounts)
    {
        if (kind != RuleKind.Replies || rule.Then.Deserialize(CrmJson.Types.ReplyAction) is not { } action) return null;
        var warnings = new List<string>();
        if (rule.When.NeedsCustomer && Names(a => a.Reply == ReplyWay.Passive) is { } passive)
        {
            warnings.Add($"Rule {rule.Id} never answers on {passive}: Reply=Passive answers in the response to the callback, before the customer file is read, "
                + $"which {string.Join(", ", Needs(rule.When))} would need.");
        }

        if (action.AsPassive() is null && Names(a => a.Reply == ReplyWay.Passive) is { } unable)
        {
            warnings.Add($"Rule {rule.Id} never answers on {unable}: Reply=Passive answers in the response to the callback, where then.{action.Type} "
                + "cannot stand; a picture, a recording or a video can, by its mediaId.");
        }

        if (action.Transfer is not null && Names(a => a.Reply == ReplyWay.Api || a.IsWeCom) is { } others)
            warnings.Add($"Rule {rule.Id} never answers on {others}: then.transfer is possible on an Official Account with Reply=Passive only.");
        return warnings.Count > 0 ? warnings : null;

        string? Names(Func<Account, bool> concerned)
        {
            var names = accounts.All.Where(a => concerned(a) && rule.When.Accounts?.Contains(a.Name, StringComparer.Ordinal) != false).Select(a => a.Name).ToList();
            return names.Count > 0 ? string.Join(", ", names) : null;
        }
    }

    private static IEnumerable<string> Needs(RuleCondition when)
    {
        if (when.Tags is not null) yield return "when.tags";
        if (when.Stages is not null) yield return "when.stages";
        if (when.Count is not null) yield return "when.count";
        if (when.FirstTime is not null) yield return "when.firstTime";
    }
}
