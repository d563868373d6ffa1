using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Rules;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.Crm.Replies;

/// <summary>Pull marketing: the customer acts, the first rule that matches answers. Pure.</summary>
public static class ReplyRules
{
    /// <summary>False for what we have no interface to answer by: WeCom's. No rule fires there, and nothing is noted as not sent.</summary>
    public static bool CanAnswer(string kind) => !kind.StartsWith(WeComKinds.Channel, StringComparison.Ordinal);

    public static ReadyRule<ReplyAction>? Decide(Envelope fact, CustomerChanged changed, IReadOnlyList<ReadyRule<ReplyAction>> rules)
    {
        if (changed.Event is not { } received || !CanAnswer(received.Kind)) return null;
        var input = RuleInput.Of(fact, received, changed.Customer);
        foreach (var rule in rules)
            if (rule.Matcher.Matches(input)) return rule;
        return null;
    }

    /// <summary>Why an answer must not be sent whatever the window says; null if nothing stands against it.</summary>
    public static string? Objection(Envelope fact, Customer customer)
    {
        if (fact.Origin != Origins.Live) return SkipReasons.NotLive;
        return customer.Subscribed ? null : SkipReasons.NotSubscribed;
    }
}
