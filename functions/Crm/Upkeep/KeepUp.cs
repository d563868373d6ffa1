using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Stats;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Upkeep;

/// <summary>The stage <c>upkeep</c>, driven by a timer: what a crash or an outage left behind, and what has had its time.</summary>
public sealed class KeepUp(
    CountBacklog backlog, Spill spill, CustomerCommit commit, StatsTable stats, IDocuments documents, AccountBook accounts, TimeProvider clock)
{
    /// <summary>An outbox older than this has lost its worker.</summary>
    public static readonly TimeSpan StaleOutbox = TimeSpan.FromMinutes(1);

    private const string ExpiryMark = "stats";
    private const int FirstSweepDays = 30;

    public async Task Run(CancellationToken ct)
    {
        // First: while the bus is down nothing below gets through, and just then the figures are wanted.
        await backlog.Run(ct);
        await spill.Drain(ct);
        await FlushStaleOutboxes(ct);
        await ExpireStats(ct);
    }

    private async Task FlushStaleOutboxes(CancellationToken ct)
    {
        var before = (clock.GetUtcNow() - StaleOutbox).ToUnixTimeMilliseconds();
        var query = new DocumentQuery { Where = [new("pending", Operator.Below, before)], OrderBy = "pending", Take = 200 };
        var stale = await documents.Query(Collections.Customers, query, ct);
        foreach (var stored in stale.Items) await commit.FlushOutbox(CustomerFiles.Parse(stored), ct);
    }

    private async Task ExpireStats(CancellationToken ct)
    {
        var last = Shanghai.Day(clock.GetUtcNow()).AddDays(-StatsTable.KeptDays);
        foreach (var account in accounts.All)
        {
            // From where the last sweep ended, however long ago that was.
            var mark = await documents.Read(Collections.Work, $"{account.Name}|expiry", ExpiryMark, ct);
            var done = mark is null ? last.AddDays(-FirstSweepDays) : DateOnly.FromDayNumber(JsonSerializer.Deserialize(mark.Data.Span, CrmJson.Types.Int32));
            if (done >= last) continue;
            for (var day = done.AddDays(1); day <= last; day = day.AddDays(1)) await stats.DeleteDay(account.Name, day, ct);
            var upTo = JsonSerializer.SerializeToUtf8Bytes(last.DayNumber, CrmJson.Types.Int32);
            await documents.Upsert(Collections.Work, [new Document($"{account.Name}|expiry", ExpiryMark, upTo)], ct);
        }
    }
}
