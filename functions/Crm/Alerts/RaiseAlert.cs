using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Rules;

namespace CrmServerless.Crm.Alerts;

/// <summary>Who gets alerts whose list names nobody.</summary>
public sealed record AlertOptions(string DefaultOwner = "店长");

/// <summary>
/// The stage <c>alert</c>: sensitive words in, one alert a message out; escalation when nobody has acknowledged it in
/// time. Creating the alert document is the commit; what follows has deterministic ids and may be published again.
/// </summary>
public sealed class RaiseAlert(AlertBook alerts, RuleBook rules, AlertOptions options, IMessageBus bus, TimeProvider clock)
{
    private const string Stage = "alert";

    public Task Handle(StageDelivery delivery, CancellationToken ct) => delivery.Fact.Subject switch
    {
        Subjects.EventReceived => Raise(delivery, ct),
        Subjects.AlertDue => Escalate(delivery.Fact, ct),
        var subject => throw new InvalidOperationException($"The alert stage does not take {subject}."),
    };

    private async Task Raise(StageDelivery delivery, CancellationToken ct)
    {
        var fact = delivery.Fact;
        var received = fact.Read(CrmJson.Types.EventReceived);
        if (received.Text is null) return;
        var words = (await rules.Current(ct)).Alerts;
        var input = RuleInput.Of(fact, received, null);
        var decided = AlertRules.Decide(fact, input, words, options.DefaultOwner, clock.GetUtcNow());
        if (decided is null && delivery.Count == 1 && !fact.Resume) return;
        // A predecessor may have raised it by the words of its time: then that alert counts.
        var alert = decided is not null && await alerts.Create(decided, ct)
            ? decided
            : await alerts.Find(fact.Account, AlertRules.Id(fact), ct) ?? decided;
        if (alert is null) return;
        delivery.Committed = true;
        await bus.Publish(Follow(fact, alert), ct);
    }

    private IEnumerable<Envelope> Follow(Envelope fact, Alert alert)
    {
        var now = clock.GetUtcNow();
        var raised = NewFacts.Of(Subjects.AlertRaised, alert.Describe(), CrmJson.Types.AlertFact);
        yield return fact.Child(Stage, 0, raised.Subject, raised.Data, now, byRule: true);
        if (alert.DueAt is not { } due) yield break;
        var later = NewFacts.Of(Subjects.AlertDue, new AlertDue(alert.Id), CrmJson.Types.AlertDue);
        yield return fact.Child(Stage, 1, later.Subject, later.Data, now, byRule: false) with { OccurredAt = due, CountedAt = null, NotBefore = due };
    }

    private async Task Escalate(Envelope fact, CancellationToken ct)
    {
        var due = fact.Read(CrmJson.Types.AlertDue);
        var now = clock.GetUtcNow();
        var change = await alerts.Change(fact.Account, due.AlertId,
            a => a.State == AlertState.Open && a.EscalatedAt is null ? a with { EscalatedAt = now } : a, ct);
        if (change?.After.EscalatedAt is null) return;
        var escalated = NewFacts.Of(Subjects.AlertEscalated, change.Value.After.Describe(), CrmJson.Types.AlertFact);
        await bus.Publish(fact.Child(Stage, 0, escalated.Subject, escalated.Data, now, byRule: true), ct);
    }
}
