using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Reports;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Stats;

/// <summary>The stage <c>stats</c>: one small row a fact, in batches. A row for an earlier day marks that day for rebuilding.</summary>
public sealed class CountFacts(IDocuments documents, ReportBook reports, Progress progress, TimeProvider clock)
{
    public async Task Handle(IReadOnlyList<StageDelivery> batch, CancellationToken ct)
    {
        var today = Shanghai.Day(clock.GetUtcNow());
        var oldest = today.AddDays(-StatsTable.KeptDays); // what is older would outlive its expiry
        var rows = batch.Select(d => (Account: d.Fact.Account, Fact: d.Fact, At: StatsRow.CountedAt(d.Fact))).Where(r => Shanghai.Day(r.At) > oldest).ToList();
        await documents.Upsert(Collections.Stats,
            [.. rows.Select(r => StatsTable.ToDocument(r.Account, Shanghai.Day(r.At), r.Fact.Id, StatsRow.Of(r.Fact, r.At)))], ct);
        foreach (var delivery in batch)
            if (delivery.Fact.Subject == Subjects.ReplySent) progress.Sent(delivery.Fact.Read(CrmJson.Types.ReplySent).Outcome.ToString().ToLowerInvariant());
        var late = rows.Select(r => (r.Account, Day: Shanghai.Day(r.At))).Where(r => r.Day < today).Distinct();
        foreach (var (account, day) in late) await reports.MarkDirty(account, day, ct);
    }
}
