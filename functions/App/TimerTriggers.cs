using CrmServerless.Crm.Reports;
using CrmServerless.Crm.Upkeep;
using Microsoft.Azure.Functions.Worker;

namespace CrmServerless.Functions;

/// <summary>Every five minutes; Linux plans know no time zone, so the handlers decide in Shanghai's what is due.</summary>
public sealed class TimerTriggers(BuildReport report, KeepUp upkeep)
{
    private const string EveryFiveMinutes = "0 */5 * * * *";

    [Function("report")]
    public Task Report([TimerTrigger(EveryFiveMinutes)] TimerInfo timer, CancellationToken ct) => report.BuildDue(ct);

    [Function("upkeep")]
    public Task Upkeep([TimerTrigger(EveryFiveMinutes)] TimerInfo timer, CancellationToken ct) => upkeep.Run(ct);
}
