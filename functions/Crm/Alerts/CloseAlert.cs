using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Crm.Alerts;

/// <summary>Closes an alert for an operator and says so on the topic.</summary>
public sealed class CloseAlert(AlertBook alerts, IMessageBus bus, TimeProvider clock)
{
    public async ValueTask<(Alert Before, Alert After)?> Close(string account, string id, string by, string? note, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var change = await alerts.Change(account, id, alert => alert.State == AlertState.Closed ? alert : alert with
        {
            State = AlertState.Closed, ClosedBy = by, ClosedAt = now, Note = note ?? alert.Note,
        }, ct);
        if (change is not { After: var closed }) return null;
        // Published also when it was closed before: the id is the same, and a first try may have died here.
        var data = NewFacts.Of(Subjects.AlertClosed, closed.Describe(closed.ClosedBy), CrmJson.Types.AlertFact).Data;
        var fact = new Envelope
        {
            Id = Ids.Child(closed.Id, "close", 0), Subject = Subjects.AlertClosed, Key = closed.Customer, Kind = "alert.closed",
            OccurredAt = closed.ClosedAt ?? now, PublishedAt = now, Root = closed.Id, Data = data,
        };
        await bus.Publish(fact, ct);
        return change;
    }
}
