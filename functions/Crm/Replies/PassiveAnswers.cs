using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Rules;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Replies;
using Microsoft.Extensions.Logging;

namespace CrmServerless.Crm.Replies;

/// <summary>What goes back to WeChat instead of the acknowledgement.</summary>
public sealed record PassiveResponse(string Body, string ContentType)
{
    /// <summary>The form only.</summary>
    public override string ToString() => ContentType;
}

/// <summary>
/// Answers in the response to the callback, for accounts without the customer-service interface. From memory: the first
/// rule in force that the event alone decides.
/// </summary>
/// <remarks>
/// WeChat's retry gets the same answer, also if a rule was edited in between: the decision is remembered for as long as
/// WeChat retries, and the rest follows from the event. A retry that comes to another instance, or after a restart, is
/// decided by the rules there. Then what the customer reads may be of another version than what the file says, which is
/// what was published first: the bus drops the second event as the duplicate that it is.
/// </remarks>
public sealed class PassiveAnswers(RuleBook rules, TimeProvider clock, ILogger<PassiveAnswers> log)
{
    /// <summary>Of WeChat's five seconds, what rules may take; most need microseconds.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);

    private readonly RecentDecisions<ReadyRule<ReplyAction>?> recent = new(clock);

    /// <summary>The event with what is answered to it, and the response; a null response acknowledges only.</summary>
    public (Envelope Fact, PassiveResponse? Response) Answer(Account account, Admission admission, CallbackQuery query, Envelope fact, DateTimeOffset now)
    {
        if (admission.Callback is not { } callback || !PassiveReplyLimits.CanAnswer(fact.Kind)) return (fact, null);
        var received = fact.Read(CrmJson.Types.EventReceived);
        if (recent.Once(fact.Id, () => Decide(fact, received)) is not { } rule) return (fact, null);
        if (Write(account, admission.Format, callback, fact, rule) is not { } plain) return (fact, null);

        var answered = received with { Passive = new PassiveAnswer(rule.Rule.Id, rule.Rule.Version, rule.Action.Type, rule.Action.Preview) };
        // What came encrypted is answered encrypted, by the same key: compatible mode would take plain text too, until
        // the console is switched to safe mode and every answer is lost.
        var body = admission.Key is { } key
            ? ReplyEnvelope.Seal(plain, account.Token, key, admission.ReceiveId, now.ToUnixTimeSeconds(), query.Nonce ?? "", admission.Format)
            : plain;
        return (fact with { Data = JsonSerializer.SerializeToElement(answered, CrmJson.Types.EventReceived) },
            new PassiveResponse(body, admission.Format == ReplyFormat.Json ? "application/json; charset=utf-8" : "text/xml; charset=utf-8"));
    }

    private ReadyRule<ReplyAction>? Decide(Envelope fact, EventReceived received)
    {
        var started = clock.GetTimestamp();
        var input = RuleInput.Of(fact, received, null);
        foreach (var rule in rules.Latest?.Replies ?? [])
        {
            if (clock.GetElapsedTime(started) > Budget) return null;
            if (ReplyRules.AnswersAtOnce(rule, input)) return rule;
        }

        return null;
    }

    // The time is the event's own, so that a retry gets the same bytes from whomever.
    private string? Write(Account account, ReplyFormat format, Callback callback, Envelope fact, ReadyRule<ReplyAction> rule)
    {
        var from = callback.ToUserName.Length > 0 ? callback.ToUserName : account.OriginalId ?? account.AppId;
        if (rule.Action.AsPassive() is not { } reply) return null;
        var at = fact.OccurredAt.ToUnixTimeSeconds();
        try
        {
            return format == ReplyFormat.Json
                ? PassiveReplyJson.Write(reply, callback.FromUserName, from, at)
                : PassiveReplyXml.Write(reply, callback.FromUserName, from, at);
        }
        catch (ArgumentException)
        {
            // The rule got past the validator somehow; WeChat would show the customer a fault.
            log.LogError("Rule {Rule} has an answer that WeChat does not take", rule.Rule.Id);
            return null;
        }
    }
}
