using System.Diagnostics.Metrics;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Reports;
using CrmServerless.Crm.Rules;
using CrmServerless.Crm.Stats;
using CrmServerless.Crm.Upkeep;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Stages;

/// <summary>The gauges that alerts of the machinery look at: they rise when somebody is needed, and fall when he has come.</summary>
public sealed class CountBacklogTests : IDisposable
{
    private static readonly DateOnly Monday = new(2026, 3, 2);

    private readonly TempStore store = new();
    private readonly FakeTimeProvider clock = new(Some.Now);
    private readonly MemoryBus bus = new();
    private readonly ServiceProvider meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener listener = new();
    private readonly Dictionary<string, long> figures = new(StringComparer.Ordinal);
    private readonly AlertBook alerts;
    private readonly BuildReport reports;
    private readonly CountBacklog backlog;
    private readonly Progress progress;

    public CountBacklogTests()
    {
        var factory = meters.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, heard) =>
        {
            if (instrument.Meter.Scope == factory) heard.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => figures[instrument.Name] = value);
        listener.Start();
        alerts = new AlertBook(store.Documents);
        var letters = new DeadLetters(store.Documents, bus, clock);
        reports = new BuildReport(new AccountBook([Some.Account, Some.Account with { Name = "second" }, Some.Account with { Name = "quiet" }]),
            new ReportBook(store.Documents), new StatsTable(store.Documents), bus, clock);
        progress = new Progress(clock, new Telemetry(factory));
        backlog = new CountBacklog(letters, new Spill(store.Documents, bus, letters), alerts, reports, progress, clock);
    }

    [Fact]
    public async Task An_alert_is_overdue_from_its_time_until_somebody_takes_it()
    {
        using var rules = new RuleBook(store.Documents, clock);
        var stage = new RaiseAlert(alerts, rules, new AlertOptions(), bus, clock);
        await stage.Handle(new StageDelivery(Some.Text("我要维权"), 1), default);
        await stage.Handle(new StageDelivery(Some.Text("我要投诉，维权"), 1), default);
        Assert.Equal(0, await Figure(Telemetry.AlertsOverdue));

        clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(2, await Figure(Telemetry.AlertsOverdue));
        // Escalating tells others; nobody has taken it yet.
        foreach (var due in bus.Facts.Where(f => f.Subject == Subjects.AlertDue).ToList()) await stage.Handle(new StageDelivery(due, 1), default);
        Assert.Equal(2, await Figure(Telemetry.AlertsOverdue));

        var (first, second) = (await alerts.Page(null, null, null, 2, default)).Items is [var a, var b] ? (a, b) : throw new InvalidOperationException();
        await alerts.Change("main", first.Id, x => x with { State = AlertState.Acknowledged, AcknowledgedBy = "li" }, default);
        Assert.Equal(1, await Figure(Telemetry.AlertsOverdue));
        await new CloseAlert(alerts, bus, clock).Close("main", second.Id, "li", null, default);
        Assert.Equal(0, await Figure(Telemetry.AlertsOverdue));
    }

    [Fact]
    public async Task An_alert_that_is_never_due_is_never_overdue()
    {
        var input = Some.Text("x");
        await alerts.Create(new Alert
        {
            Id = AlertRules.Id(input), Account = "main", Customer = Some.Key, Level = AlertLevel.Low, Category = "c", Owner = "o", Words = ["x"], Text = "x", Context = [],
            RuleId = "r", RuleVersion = 1, OccurredAt = Some.Now, RaisedAt = Some.Now,
        }, default);
        clock.Advance(TimeSpan.FromDays(9));
        Assert.Equal(0, await Figure(Telemetry.AlertsOverdue));
    }

    [Fact]
    public async Task Yesterdays_report_is_missed_an_hour_after_midnight_for_each_account_that_had_something_to_report()
    {
        await Count(Some.Text("a"));
        await Count(Some.Text("b") with { Key = Keys.Customer("second", "o1") });
        clock.SetUtcNow(Some.Shanghai("2026-03-03 00:59:59"));
        Assert.Equal(0, await Figure(Telemetry.ReportsMissing));
        clock.SetUtcNow(Some.Shanghai("2026-03-03 01:00:00"));
        Assert.Equal(2, await Figure(Telemetry.ReportsMissing));

        // One account's report, announced as often as it likes, is not the other's.
        await reports.Build("main", Monday, default);
        await Count(Some.Text("late"));
        await reports.Build("main", Monday, default);
        Assert.Equal(1, await Figure(Telemetry.ReportsMissing));
        await reports.BuildDue(default);
        Assert.Equal(0, await Figure(Telemetry.ReportsMissing));
    }

    [Fact]
    public async Task Dead_letters_and_spilled_events_are_counted()
    {
        var letters = new DeadLetters(store.Documents, bus, clock);
        await letters.AddUnreadable("customer", "x"u8.ToArray(), default);
        await new Spill(store.Documents, bus, letters).Add(Some.Text("1"), default);
        Assert.Equal((1, 1), (await Figure(Telemetry.DeadLetterCount), await Figure(Telemetry.SpillWaiting)));
    }

    public void Dispose()
    {
        listener.Dispose();
        meters.Dispose();
        store.Dispose();
    }

    private Task Count(Envelope fact) =>
        new CountFacts(store.Documents, new ReportBook(store.Documents), progress, clock).Handle([new StageDelivery(fact, 1)], default);

    private async Task<long> Figure(string name)
    {
        figures.Clear();
        await backlog.Run(default);
        return figures[name];
    }
}
