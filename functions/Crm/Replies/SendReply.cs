using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Rules;

namespace CrmServerless.Crm.Replies;

/// <summary>The stage <c>reply</c>: finds the answer, takes a slot of the window, sends once, says how it went.</summary>
public sealed class SendReply(
    CustomerFiles files, SendLedger ledger, RuleBook rules, AccountBook accounts, SendMessage message, Postponement postponement, IMessageBus bus, TimeProvider clock)
{
    private const string Stage = "reply";
    private const int MaxAttempts = 10;

    public async Task Handle(StageDelivery delivery, CancellationToken ct)
    {
        var fact = delivery.Fact;
        // Only an event can be answered; the other subjects are for rules on tags, stages and follow-ups to come.
        if (fact.Subject != Subjects.CustomerChanged) return;
        var changed = fact.Read(CrmJson.Types.CustomerChanged);
        if (changed.Event is null) return;
        if (changed.Event.Passive is { } passive)
        {
            // The customer has it already: it is noted like any answer, and takes nothing from the window.
            await Report(fact, new Answer(passive.RuleId, passive.Version, passive.Type, passive.Text), SendOutcome.Sent, fact.OccurredAt, null, null, ct, passive: true);
            return;
        }

        if (!ReplyRules.CanAnswer(changed.Event.Kind)) return;
        var replies = (await rules.Current(ct)).Replies;
        var rule = ReplyRules.Decide(fact, changed, replies);
        if (rule is null && delivery.Count == 1 && fact.Only is null) return;

        // A predecessor may have begun: by the rules of its time, in a window that may be over. Its answer is the answer.
        var entry = await ledger.Begun(fact.Key, fact.Root, ct);
        if (entry is null)
        {
            var way = accounts.Find(fact.Account)?.Reply ?? ReplyWay.Api;
            if (rule is not null && fact.Origin == Origins.Live && ReplyRules.Obstacle(way, fact.Kind, rule) is { } obstacle)
            {
                // Follows from the fact and the settings: nothing was begun, so no note is needed.
                await Report(fact, Describe(rule), SendOutcome.Skipped, fact.OccurredAt, null, obstacle, ct);
                return;
            }

            if (fact.Deadline < clock.GetUtcNow())
            {
                delivery.Expired = true;
                return;
            }

            var (slot, reason) = await Reserve(fact, changed, rule, ct);
            if (slot is not null) rule = replies.FirstOrDefault(r => r.Rule.Id == slot.RuleId) ?? rule;
            if (rule is null)
            {
                if (slot is null) return;
                // Decided on, put off, and in the meantime taken out of force: that it is not sent is noted like any other.
                entry = await ledger.Skip(fact.Key, slot.Send, new Answer(slot.RuleId, 0, "text", null), SkipReasons.RuleGone, ct);
                await Finish(delivery, entry, ct);
                return;
            }

            var answer = Describe(rule);
            if (reason == SkipReasons.NotLive)
            {
                // Follows from the fact alone, and an import has a million of them: no note is needed.
                await Report(fact, answer, SendOutcome.Skipped, fact.OccurredAt, null, reason, ct);
                return;
            }

            delivery.Committed = slot is not null;
            if (slot is null) entry = await ledger.Skip(fact.Key, SendLedger.Id(fact.Root, rule.Rule.Id), answer, reason!, ct);
            // Put off, and in the meantime its account was taken out of the settings: nothing that waiting would heal.
            else if (accounts.Find(fact.Account) is null) entry = await ledger.Skip(fact.Key, slot.Send, answer, SkipReasons.AccountGone, ct);
            else
            {
                CallOutcome? later = null;
                entry = await ledger.AtMostOnce(fact.Key, slot.Send, answer, async token =>
                {
                    var outcome = await message.Send(fact.Account, changed.Event.From, rule.Action, token);
                    if (outcome.State is null) later = outcome;
                    return outcome;
                }, ct);
                if (entry is null && await Postponed(fact, later!, ct)) return;
                entry ??= await ledger.Skip(fact.Key, slot.Send, answer, SkipReasons.Of(later!.Code), ct, later.Code);
            }
        }

        await Finish(delivery, entry, ct);
    }

    private async Task Finish(StageDelivery delivery, SendEntry entry, CancellationToken ct)
    {
        var fact = delivery.Fact;
        delivery.Committed = true;
        if (entry.State is SendState.Refused or SendState.Skipped) await Release(fact.Key, fact.Root, ct);
        var at = entry.State == SendState.Skipped ? fact.OccurredAt : entry.FinishedAt ?? clock.GetUtcNow();
        await Report(fact, entry.Answer, Outcome(entry), at, entry.Code, entry.Reason, ct);
    }

    // The reservation is the decision: who comes back finds the slot and keeps to its rule.
    private async Task<(WindowSlot? Slot, string? Reason)> Reserve(
        Envelope fact, CustomerChanged changed, ReadyRule<ReplyAction>? rule, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var file = await files.Read(fact.Key, ct);
            if (file is null || file.Customer.Version < changed.Customer.Version)
                throw new TransientException("The customer file is older than the fact: a stale read.");
            if (Taken(file.Customer, fact.Root) is { } taken) return (taken, null);
            if (rule is null) return (null, null);
            if (ReplyRules.Objection(fact, file.Customer) is { } objection) return (null, objection);
            var send = SendLedger.Id(fact.Root, rule.Rule.Id);
            if (file.Customer.Window.Reserve(send, rule.Rule.Id, clock.GetUtcNow(), out var reason) is not { } window) return (null, reason);
            var next = file.Customer with { Window = window, Version = file.Customer.Version + 1 };
            if (await files.Write(file, next, ct) is not null) return (Taken(next, fact.Root), null);
        }

        throw new TransientException("The customer file kept changing while a slot was being taken.");
    }

    private static WindowSlot? Taken(Customer customer, string root) =>
        customer.Window.Slots.FirstOrDefault(s => s.Send.StartsWith($"send.{root}.", StringComparison.Ordinal));

    private async Task Release(string key, string root, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (await files.Read(key, ct) is not { } file || Taken(file.Customer, root) is not { } taken) return;
            var window = file.Customer.Window.Release(taken.Send);
            if (await files.Write(file, file.Customer with { Window = window, Version = file.Customer.Version + 1 }, ct) is not null) return;
        }

        throw new TransientException("The customer file kept changing while a slot was being given back.");
    }

    /// <summary>Comes back when the quota does, its slot kept; false if the customer's window will be closed by then.</summary>
    private async Task<bool> Postponed(Envelope fact, CallOutcome later, CancellationToken ct)
    {
        var again = later.Again!.Value;
        if (await files.Read(fact.Key, ct) is not { } file || !(again + Postponement.Spread < file.Customer.Window.MessageUntil)) return false;
        await postponement.Until(again, fact, Stage, ct);
        return true;
    }

    private Task Report(
        Envelope fact, Answer answer, SendOutcome outcome, DateTimeOffset at, int? code, string? reason, CancellationToken ct, bool? passive = null)
    {
        var sent = new ReplySent
        {
            RuleId = answer.RuleId, RuleVersion = answer.RuleVersion, Outcome = outcome,
            Type = answer.Type, Text = answer.Text, Passive = passive, Code = code, Reason = reason,
        };
        var data = NewFacts.Of(Subjects.ReplySent, sent, CrmJson.Types.ReplySent).Data;
        var reported = fact.Child(Stage, 0, Subjects.ReplySent, data, clock.GetUtcNow(), byRule: true) with { OccurredAt = at };
        return bus.Publish(reported, ct);
    }

    private static Answer Describe(ReadyRule<ReplyAction> rule) =>
        new(rule.Rule.Id, rule.Rule.Version, rule.Action.Type, rule.Action.Preview);

    private static SendOutcome Outcome(SendEntry entry) => entry.State switch
    {
        SendState.Sent => SendOutcome.Sent,
        SendState.Refused => SendOutcome.Refused,
        SendState.Skipped => SendOutcome.Skipped,
        _ => SendOutcome.Unknown,
    };
}
