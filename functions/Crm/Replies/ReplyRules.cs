using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Rules;
using CrmServerless.WeChat.Callbacks.WeCom;
using CrmServerless.WeChat.Replies;

namespace CrmServerless.Crm.Replies;

/// <summary>Pull marketing: the customer acts, the first rule that matches answers. Pure.</summary>
public static class ReplyRules
{
    /// <summary>
    /// False for what the customer did not do, and for what we have no interface to answer by afterwards: WeCom's. No rule fires there, and
    /// nothing is noted as not sent.
    /// </summary>
    public static bool CanAnswer(string kind) => Acts.OfCustomer(kind) && !kind.StartsWith(WeComKinds.Channel, StringComparison.Ordinal);

    public static ReadyRule<ReplyAction>? Decide(Envelope fact, CustomerChanged changed, IReadOnlyList<ReadyRule<ReplyAction>> rules)
    {
        if (changed.Event is not { } received || !CanAnswer(received.Kind)) return null;
        var input = RuleInput.Of(fact, received, changed.Customer);
        foreach (var rule in rules)
            if (rule.Matcher.Matches(input)) return rule;
        return null;
    }

    /// <summary>Whether a rule answers in the response to the callback: the event alone tells that it matches, and WeChat takes its answer there.</summary>
    public static bool AnswersAtOnce(ReadyRule<ReplyAction> rule, RuleInput input) =>
        !rule.Rule.When.NeedsCustomer && rule.Matcher.Matches(input) && CanAnswerAtOnce(input.Event.Kind, rule);

    /// <summary>Why an account cannot give a rule's answer now, when the callback is long answered; null if it can.</summary>
    public static string? Obstacle(ReplyWay way, string kind, ReadyRule<ReplyAction> rule) => way switch
    {
        ReplyWay.Api => rule.Action.Transfer is null ? null : SkipReasons.PassiveOnly,
        _ when rule.Rule.When.NeedsCustomer => SkipReasons.NeedsCustomer,
        _ => CanAnswerAtOnce(kind, rule) ? SkipReasons.NotInTime : SkipReasons.NotAnswerable,
    };

    private static bool CanAnswerAtOnce(string kind, ReadyRule<ReplyAction> rule) =>
        rule.Action.AsPassive() is { } reply && PassiveReplyLimits.CanAnswer(kind, reply);

    /// <summary>Why an answer must not be sent whatever the window says; null if nothing stands against it.</summary>
    public static string? Objection(Envelope fact, Customer customer)
    {
        if (fact.Origin != Origins.Live) return SkipReasons.NotLive;
        return customer.Subscribed ? null : SkipReasons.NotSubscribed;
    }
}
