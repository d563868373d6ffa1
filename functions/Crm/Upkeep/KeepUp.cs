using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Stats;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Upkeep;

/// <summary>The stage <c>upkeep</c>, driven by a timer: what a crash or an outage left behind, and what has had its time.</summary>
public sealed class KeepUp(Spill spill, CustomerCommit commit, StatsTable stats, IDocuments documents, AccountBook accounts, TimeProvider clock)
{
    /// <summary>An outbox older than this has lost its worker.</summary>
    public static readonly TimeSpan StaleOutbox = TimeSpan.FromMinutes(1);

    private const int ExpirySweepDays = 7;

    public async Task Run(CancellationToken ct)
    {
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
            for (var day = last.AddDays(1 - ExpirySweepDays); day <= last; day = day.AddDays(1))
                await stats.DeleteDay(account.Name, day, ct);
    }
}
