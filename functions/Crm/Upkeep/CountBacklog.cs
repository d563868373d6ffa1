using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Reports;

namespace CrmServerless.Crm.Upkeep;

/// <summary>Measures what waits for somebody or something: the gauges that people are woken by.</summary>
public sealed class CountBacklog(DeadLetters letters, Spill spill, AlertBook alerts, BuildReport reports, Progress progress, TimeProvider clock)
{
    private const int MaxLetters = 200;

    public async Task Run(CancellationToken ct) => progress.Waiting(new Backlog(
        (await letters.Page(null, null, MaxLetters, ct)).Items.Count, await spill.Count(ct),
        await alerts.Overdue(clock.GetUtcNow(), ct), await reports.Missing(ct)));
}
