using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Reports;
using CrmServerless.Crm.Stats;
using CrmServerless.Crm.Tags;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Callbacks.WeCom;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Stages;

public sealed class ReportTests : IDisposable
{
    private static readonly DateOnly Monday = new(2026, 3, 2);

    private readonly TempStore store = new();
    private readonly FakeTimeProvider clock = new(Some.Shanghai("2026-03-02 12:00"));
    private readonly MemoryBus bus = new();
    private readonly ReportBook book;
    private readonly CountFacts stats;
    private readonly BuildReport reports;

    public ReportTests()
    {
        book = new ReportBook(store.Documents);
        stats = new CountFacts(store.Documents, book, new Progress(clock), clock);
        reports = new BuildReport(new AccountBook([Some.Account]), book, new StatsTable(store.Documents), bus, clock);
    }

    [Fact]
    public async Task What_WeCom_calls_about_is_counted_in_its_own_lines()
    {
        await Count(
            Some.Event(WeComKinds.CustomerHalfAdded, Monday9(1)), Some.Event(WeComKinds.CustomerAdded, Monday9(2)), Some.Event(WeComKinds.CustomerAdded, Monday9(3)),
            Some.Event(WeComKinds.CustomerLost, Monday9(4)), Some.Event(WeComKinds.CustomerDeleted, Monday9(5)), Some.Event(WeComKinds.TagCreated, Monday9(6)));
        var report = await reports.Compute("main", Monday, default);
        Assert.Equal(new ContactFigures(2, 1, 1, 1), report.Contacts);
        Assert.Equal((new FollowerFigures(0, 0, 0), 6, 1), (report.Followers, report.Events.Total, report.Events.ByKind["wecom.tag.created"]));
        Assert.Contains("企业微信客户,新添加,2\r\n", ReportPage.ToCsv(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_figures_are_those_added_by_hand()
    {
        await Count(
            Some.Event(Kinds.Subscribe, Monday9(1)), Some.Event(Kinds.Subscribe, Monday9(2)), Some.Event(Kinds.Subscribe, Monday9(3)), Some.Event(Kinds.Unsubscribe, Monday9(61)),
            Some.Text("a", Monday9(4)), Some.Text("b", Monday9(59)), Some.Event(Kinds.Scan, Monday9(60)),
            Reply(SendOutcome.Sent, null, null), Reply(SendOutcome.Sent, null, null), Reply(SendOutcome.Skipped, "window-closed", null), Reply(SendOutcome.Refused, null, 45047), Reply(SendOutcome.Unknown, null, null),
            Tagged("vip", true), Tagged("vip", true), Tagged("vip", false), Tagged("new", true),
            Alerted(Subjects.AlertRaised, AlertLevel.High, "维权", "315"), Alerted(Subjects.AlertRaised, AlertLevel.Low, "维权"), Alerted(Subjects.AlertEscalated, AlertLevel.High, "维权"), Alerted(Subjects.AlertClosed, AlertLevel.High, "维权"));

        var report = await reports.Compute("main", Monday, default);

        Assert.Equal(new FollowerFigures(3, 1, 2), report.Followers);
        Assert.Null(report.Contacts);
        Assert.Equal(7, report.Events.Total);
        Assert.Equal([("oa.message.text", 2), ("oa.scan", 1), ("oa.subscribe", 3), ("oa.unsubscribe", 1)], report.Events.ByKind.Select(k => (k.Key, k.Value)));
        Assert.Equal((5, 2, 7), (report.Events.ByHour[9], report.Events.ByHour[10], report.Events.ByHour.Sum()));
        Assert.Equal((2, 1, 1, 1), (report.Replies.Sent, report.Replies.Skipped, report.Replies.Refused, report.Replies.Unknown));
        Assert.Equal([("45047", 1), ("window-closed", 1)], report.Replies.ByReason.Select(k => (k.Key, k.Value)));
        Assert.Equal(5, report.Replies.ByRule["rule-1"]);
        Assert.Equal([("new", 1), ("vip", 2)], report.Tags.Given.Select(k => (k.Key, k.Value)));
        Assert.Equal(1, report.Tags.Taken["vip"]);
        Assert.Equal((2, 1, 1), (report.Alerts.Raised, report.Alerts.Escalated, report.Alerts.Closed));
        Assert.Equal([("high", 1), ("low", 1)], report.Alerts.ByLevel.Select(k => (k.Key, k.Value)));
        Assert.Equal([("315", 1), ("维权", 2)], report.Alerts.ByWord.Select(k => (k.Key, k.Value)));
        Assert.Equal(ReportState.Preliminary, report.State);
    }

    [Fact]
    public async Task The_same_rows_in_any_order_are_the_same_bytes()
    {
        var rows = Enumerable.Range(0, 60).Select(n => StatsRow.Of(
            n % 3 == 0 ? Tagged("tag" + (n % 7), n % 2 == 0) : n % 3 == 1 ? Some.Event(n % 2 == 0 ? Kinds.Scan : Kinds.Text, Monday9(n)) : Alerted(Subjects.AlertRaised, AlertLevel.High, "w" + (n % 5), "维权"), Monday9(n * 7))).ToList();
        var expected = Bytes(rows);
        var random = new Random(1);
        for (var n = 0; n < 20; n++) Assert.Equal(expected, Bytes(rows.OrderBy(_ => random.Next())));

        await Count(Some.Text("a", Monday9(1)), Some.Text("b", Monday9(2)));
        var first = JsonSerializer.Serialize(await reports.Compute("main", Monday, default), CrmJson.Types.DailyReport);
        Assert.Equal(first, JsonSerializer.Serialize(await reports.Compute("main", Monday, default), CrmJson.Types.DailyReport));
    }

    [Fact]
    public async Task A_redelivered_fact_is_counted_once()
    {
        var fact = Some.Text("a", Monday9(1));
        await Count(fact);
        await Count(fact, fact);
        Assert.Equal(1, (await reports.Compute("main", Monday, default)).Events.Total);
    }

    [Fact]
    public async Task The_day_ends_at_midnight_in_Shanghai()
    {
        await Count(Some.Text("last", Some.Shanghai("2026-03-02 23:59:59").ToUniversalTime()), Some.Text("next", Some.Shanghai("2026-03-03 00:00:00").ToUniversalTime()));
        var (monday, tuesday) = (await reports.Compute("main", Monday, default), await reports.Compute("main", Monday.AddDays(1), default));
        Assert.Equal((1, 1), (monday.Events.Total, monday.Events.ByHour[23]));
        Assert.Equal((1, 1), (tuesday.Events.Total, tuesday.Events.ByHour[0]));
    }

    [Fact]
    public async Task Yesterdays_report_is_built_five_minutes_after_midnight_once()
    {
        await Count(Some.Text("a", Monday9(1)));
        clock.SetUtcNow(Some.Shanghai("2026-03-03 00:04:59"));
        await reports.BuildDue(default);
        Assert.Null(await book.Find("main", Monday, default));

        clock.SetUtcNow(Some.Shanghai("2026-03-03 00:05:00"));
        await reports.BuildDue(default);
        Assert.Equal(ReportState.Final, (await book.Find("main", Monday, default))!.State);
        var built = Assert.Single(bus.Facts);
        Assert.Equal((Subjects.ReportBuilt, "main:~account"), (built.Subject, built.Key));
        clock.Advance(TimeSpan.FromMinutes(5));
        await reports.BuildDue(default);
        Assert.Single(bus.Sent);
        Assert.Null(await book.Find("main", Monday.AddDays(-1), default)); // nothing happened, no report
    }

    [Fact]
    public async Task A_late_fact_marks_its_day_and_the_day_is_built_again()
    {
        await Count(Some.Text("a", Monday9(1)));
        clock.SetUtcNow(Some.Shanghai("2026-03-03 00:05"));
        await reports.BuildDue(default);
        Assert.Empty(await book.Dirty("main", default));

        await Count(Some.Text("late", Monday9(2)));
        Assert.Equal(Monday, Assert.Single(await book.Dirty("main", default)).Day);
        await reports.BuildDue(default);
        Assert.Equal(2, (await book.Find("main", Monday, default))!.Events.Total);
        Assert.Empty(await book.Dirty("main", default));
        Assert.Equal(2, bus.Sent.Count); // other figures: announced again
    }

    [Fact]
    public async Task A_day_that_gets_more_facts_while_it_is_being_built_stays_marked()
    {
        clock.SetUtcNow(Some.Shanghai("2026-03-03 00:05"));
        await Count(Some.Text("late", Monday9(2)));
        var (day, etag) = Assert.Single(await book.Dirty("main", default));
        await Count(Some.Text("later", Monday9(3)));
        await book.Clean("main", day, etag, default);
        Assert.Single(await book.Dirty("main", default));
    }

    [Fact]
    public async Task Todays_report_on_demand_is_preliminary_and_is_finished_after_the_day()
    {
        await Count(Some.Text("a", Monday9(1)));
        Assert.Equal(ReportState.Preliminary, (await reports.Build("main", Monday, default)).State);
        await Count(Some.Text("b", Monday9(2)));
        clock.SetUtcNow(Some.Shanghai("2026-03-03 00:05"));
        await reports.BuildDue(default);
        var report = (await book.Find("main", Monday, default))!;
        Assert.Equal((ReportState.Final, 2), (report.State, report.Events.Total));
    }

    [Fact]
    public async Task After_six_days_of_downtime_every_missed_day_is_built()
    {
        for (var day = 0; day < 6; day++)
        {
            clock.SetUtcNow(Some.Shanghai("2026-03-02 12:00").AddDays(day));
            await Count(Some.Text("a", clock.GetUtcNow()));
        }

        clock.SetUtcNow(Some.Shanghai("2026-03-08 00:05"));
        await reports.BuildDue(default);
        for (var day = 0; day < 6; day++) Assert.Equal(1, (await book.Find("main", Monday.AddDays(day), default))!.Events.Total);
    }

    [Fact]
    public async Task A_day_of_more_than_a_page_of_rows_is_counted_whole()
    {
        // 8 shards of up to 1000 rows a page: with 9,000 rows one shard at least has a second page.
        for (var n = 0; n < 90; n++) await Count([.. Enumerable.Range(0, 100).Select(i => Some.Event(Kinds.Scan, Monday9(i)))]);
        Assert.Equal(9000, (await reports.Compute("main", Monday, default)).Events.Total);
    }

    public void Dispose() => store.Dispose();

    private static string Bytes(IEnumerable<StatsRow> rows)
    {
        var sum = new ReportSum();
        foreach (var row in rows) sum.Add(row);
        return JsonSerializer.Serialize(sum.Total("main", Monday, ReportState.Final), CrmJson.Types.DailyReport);
    }

    private static DateTimeOffset Monday9(int minute) => Some.Shanghai("2026-03-02 09:00").AddMinutes(minute);

    private static Envelope Reply(SendOutcome outcome, string? reason, int? code) =>
        Some.Fact(Subjects.ReplySent, new ReplySent { RuleId = "rule-1", RuleVersion = 1, Outcome = outcome, Type = "text", Reason = reason, Code = code }, CrmJson.Types.ReplySent, Monday9(5));

    private static Envelope Tagged(string tag, bool given) =>
        Some.Fact(Subjects.CustomerTagged, new CustomerTagged(tag, given, "rule-1", 1), CrmJson.Types.CustomerTagged, Monday9(5));

    private static Envelope Alerted(string subject, AlertLevel level, params string[] words) =>
        Some.Fact(subject, new AlertFact("x", level, "c", "o", words, "rule-1", 1), CrmJson.Types.AlertFact, Monday9(5));

    private Task Count(params Envelope[] facts) => stats.Handle([.. facts.Select(f => new StageDelivery(f, 1))], default);
}
