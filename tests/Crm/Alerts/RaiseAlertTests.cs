using CrmServerless.Crm;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Stages;

public sealed class RaiseAlertTests : IDisposable
{
    private readonly TempStore store = new();
    private readonly FakeTimeProvider clock = new(Some.Now);
    private readonly MemoryBus bus = new();
    private readonly AlertBook alerts;
    private readonly RuleBook rules;
    private readonly RaiseAlert stage;
    private readonly CloseAlert close;

    public RaiseAlertTests()
    {
        alerts = new AlertBook(store.Documents);
        rules = new RuleBook(store.Documents, clock);
        stage = new RaiseAlert(alerts, rules, new AlertOptions("老板"), bus, clock);
        close = new CloseAlert(alerts, bus, clock);
    }

    [Fact]
    public async Task A_sensitive_word_raises_an_alert_and_sets_its_clock()
    {
        var fact = Some.Text("我要维权");
        await stage.Handle(new StageDelivery(fact, 1), default);

        var alert = Assert.Single(await All());
        Assert.Equal(("老板", AlertState.Open, Some.Now.AddMinutes(15)), (alert.Owner, alert.State, alert.DueAt));
        Assert.Equal([Subjects.AlertRaised, Subjects.AlertDue], bus.Facts.Select(f => f.Subject));
        var (raised, due) = (bus.Facts.First(), bus.Facts.Last());
        Assert.Equal((fact.Id + ".alert.0", 1, Some.Key, null), (raised.Id, raised.Depth, raised.Key, raised.NotBefore));
        Assert.Equal((fact.Id + ".alert.1", Some.Now.AddMinutes(15)), (due.Id, due.NotBefore));
        Assert.Equal(alert.Id, due.Read(CrmJson.Types.AlertDue).AlertId);
    }

    [Fact]
    public async Task Delivered_again_it_is_the_same_alert()
    {
        var fact = Some.Text("我要维权");
        await stage.Handle(new StageDelivery(fact, 1), default);
        clock.Advance(TimeSpan.FromMinutes(3));
        await stage.Handle(new StageDelivery(fact, 2), default);
        var alert = Assert.Single(await All());
        Assert.Equal(Some.Now, alert.RaisedAt);
        Assert.Equal(2, bus.Sent.Count);
    }

    [Fact]
    public async Task A_worker_that_died_before_publishing_is_finished_by_the_next()
    {
        var fact = Some.Text("我要维权");
        await stage.Handle(new StageDelivery(fact, 1), default);
        bus.Sent.Clear();
        var other = new MemoryBus();
        clock.Advance(TimeSpan.FromMinutes(3));
        var delivery = new StageDelivery(fact, 2);
        await new RaiseAlert(alerts, rules, new AlertOptions(), other, clock).Handle(delivery, default);
        Assert.True(delivery.Committed);
        Assert.Equal([Subjects.AlertRaised, Subjects.AlertDue], other.Facts.Select(f => f.Subject));
        Assert.Equal(Some.Now.AddMinutes(15), other.Facts.Last().NotBefore); // due by the first clock
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(1, true)]
    public async Task An_alert_whose_list_is_gone_meanwhile_is_still_announced(int delivery, bool resume)
    {
        var fact = Some.Text("我要维权");
        await stage.Handle(new StageDelivery(fact, 1), default);
        await rules.Remove(RuleKind.Alerts, "rights", default);
        var other = new MemoryBus();
        await new RaiseAlert(alerts, rules, new AlertOptions(), other, clock).Handle(new StageDelivery(fact with { Resume = resume }, delivery), default);
        Assert.Equal([Subjects.AlertRaised, Subjects.AlertDue], other.Facts.Select(f => f.Subject));
    }

    [Fact]
    public async Task A_picture_and_a_friendly_word_raise_nothing()
    {
        await stage.Handle(new StageDelivery(Some.Event(Kinds.Image), 1), default);
        await stage.Handle(new StageDelivery(Some.Text("你好"), 1), default);
        Assert.Empty(await All());
        Assert.Empty(bus.Sent);
    }

    [Fact]
    public async Task An_open_alert_is_escalated_once_when_it_is_due()
    {
        var due = await Raise();
        clock.Advance(TimeSpan.FromMinutes(15));
        await stage.Handle(new StageDelivery(due, 1), default);
        await stage.Handle(new StageDelivery(due, 2), default);
        Assert.Equal(Some.Now.AddMinutes(15), Assert.Single(await All()).EscalatedAt);
        var escalated = Assert.Single(bus.Facts, f => f.Subject == Subjects.AlertEscalated);
        Assert.Equal(due.Id + ".alert.0", escalated.Id);
    }

    [Fact]
    public async Task A_closed_or_acknowledged_alert_is_not_escalated()
    {
        var due = await Raise();
        var alert = Assert.Single(await All());
        await alerts.Change("main", alert.Id, a => a with { State = AlertState.Acknowledged, AcknowledgedBy = "li" }, default);
        await stage.Handle(new StageDelivery(due, 1), default);
        await close.Close("main", alert.Id, "li", null, default);
        await stage.Handle(new StageDelivery(due, 2), default);
        Assert.DoesNotContain(bus.Facts, f => f.Subject == Subjects.AlertEscalated);
        Assert.Null(Assert.Single(await All()).EscalatedAt);
    }

    [Fact]
    public async Task An_escalation_that_was_stored_but_not_published_is_published_even_if_it_was_closed_since()
    {
        var due = await Raise();
        await stage.Handle(new StageDelivery(due, 1), default);
        await close.Close("main", Assert.Single(await All()).Id, "li", null, default);
        var other = new MemoryBus();
        await new RaiseAlert(alerts, rules, new AlertOptions(), other, clock).Handle(new StageDelivery(due, 2), default);
        Assert.Equal(Subjects.AlertEscalated, Assert.Single(other.Facts).Subject);
    }

    [Fact]
    public async Task An_alert_that_is_gone_is_not_escalated()
    {
        var gone = Some.Fact(Subjects.AlertDue, new AlertDue("00000000000000~gone"), CrmJson.Types.AlertDue);
        await stage.Handle(new StageDelivery(gone, 1), default);
        Assert.Empty(bus.Sent);
    }

    [Fact]
    public async Task Closing_is_said_once_and_the_first_to_close_stays_named()
    {
        await Raise();
        var id = Assert.Single(await All()).Id;
        bus.Sent.Clear();
        clock.Advance(TimeSpan.FromMinutes(2));
        await close.Close("main", id, "li", "已致电", default);
        clock.Advance(TimeSpan.FromMinutes(2));
        var again = await close.Close("main", id, "wang", "x", default);
        Assert.Equal(("li", Some.Now.AddMinutes(2), "已致电", AlertState.Closed), (again!.Value.After.ClosedBy, again.Value.After.ClosedAt, again.Value.After.Note, again.Value.After.State));
        var closed = Assert.Single(bus.Facts);
        Assert.Equal((Subjects.AlertClosed, id + ".close.0", Some.Key, Some.Now.AddMinutes(2)), (closed.Subject, closed.Id, closed.Key, closed.OccurredAt));
        Assert.Equal("li", closed.Read(CrmJson.Types.AlertFact).By);
        Assert.Null(await close.Close("main", "00000000000000~gone", "li", null, default));
    }

    public void Dispose()
    {
        rules.Dispose();
        store.Dispose();
    }

    private async Task<Envelope> Raise()
    {
        await stage.Handle(new StageDelivery(Some.Text("我要维权"), 1), default);
        return bus.Facts.Single(f => f.Subject == Subjects.AlertDue);
    }

    private async Task<IReadOnlyList<Alert>> All() => (await alerts.Page("main", null, null, 50, default)).Items;
}
