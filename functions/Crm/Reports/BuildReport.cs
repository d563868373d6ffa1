using System.Globalization;
using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Stats;

namespace CrmServerless.Crm.Reports;

/// <summary>A report was stored.</summary>
public sealed record ReportBuilt(DateOnly Date, ReportState State);

/// <summary>
/// The stage <c>report</c>, driven by a timer: builds yesterday's report soon after midnight in Shanghai, catches up on
/// days missed, and builds a day again when facts for it arrived late.
/// </summary>
public sealed class BuildReport(AccountBook accounts, ReportBook reports, StatsTable stats, IMessageBus bus, TimeProvider clock)
{
    /// <summary>Facts of the last minutes of a day may still be on their way.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromMinutes(5);

    /// <summary>After so long in the new day somebody should ask where the report is.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private const int CatchUpDays = 7;

    /// <summary>Builds what is due; run every 5 minutes.</summary>
    public async Task BuildDue(CancellationToken ct)
    {
        var yesterday = Shanghai.Day(clock.GetUtcNow() - Settle).AddDays(-1);
        foreach (var account in accounts.All)
        {
            foreach (var (day, etag) in await reports.Dirty(account.Name, ct))
            {
                if (day > yesterday) continue;
                await Build(account.Name, day, ct);
                await reports.Clean(account.Name, day, etag, ct);
            }

            for (var day = yesterday.AddDays(1 - CatchUpDays); day <= yesterday; day = day.AddDays(1))
                if (await IsWanted(account.Name, day, ct)) await Build(account.Name, day, ct);
        }
    }

    /// <summary>How many accounts should have had yesterday's report for an hour and have none.</summary>
    public async Task<int> Missing(CancellationToken ct)
    {
        var yesterday = Shanghai.Day(clock.GetUtcNow() - Grace).AddDays(-1);
        var missing = 0;
        foreach (var account in accounts.All)
            if (await IsWanted(account.Name, yesterday, ct)) missing++;
        return missing;
    }

    /// <summary>Builds, stores and announces the report of a day.</summary>
    public async Task<DailyReport> Build(string account, DateOnly day, CancellationToken ct)
    {
        // Its rows are gone or going: the report that was built from them is all there is.
        if (day < Shanghai.Day(clock.GetUtcNow()).AddDays(-StatsTable.KeptDays) && await reports.Find(account, day, ct) is { } kept) return kept;
        var report = await Compute(account, day, ct);
        await reports.Save(report, ct);
        await bus.Publish(Announcement(report), ct);
        return report;
    }

    /// <summary>The figures of a day as they are now, not stored.</summary>
    public async Task<DailyReport> Compute(string account, DateOnly day, CancellationToken ct)
    {
        var sum = new ReportSum();
        await foreach (var row in stats.Rows(account, day, ct)) sum.Add(row);
        var over = day < Shanghai.Day(clock.GetUtcNow());
        return sum.Total(account, day, over ? ReportState.Final : ReportState.Preliminary);
    }

    private async Task<bool> IsWanted(string account, DateOnly day, CancellationToken ct) =>
        await reports.Find(account, day, ct) is not { State: ReportState.Final } && await HasRows(account, day, ct);

    private async Task<bool> HasRows(string account, DateOnly day, CancellationToken ct)
    {
        await foreach (var _ in stats.Rows(account, day, ct)) return true;
        return false;
    }

    // The same figures have the same id: a report that is built again without a change is not announced again.
    private Envelope Announcement(DailyReport report)
    {
        var content = JsonSerializer.Serialize(report, CrmJson.Types.DailyReport);
        var id = string.Create(CultureInfo.InvariantCulture, $"report.{report.Account}.{report.Date:yyyyMMdd}.{Ids.Hash(content)}");
        var data = NewFacts.Of(Subjects.ReportBuilt, new ReportBuilt(report.Date, report.State), CrmJson.Types.ReportBuilt).Data;
        var now = clock.GetUtcNow();
        return new Envelope
        {
            Id = id, Subject = Subjects.ReportBuilt, Key = Keys.AccountWide(report.Account), Kind = "report.daily",
            OccurredAt = now, PublishedAt = now, Root = id, Data = data,
        };
    }
}
