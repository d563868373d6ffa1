using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Reports;
using CrmServerless.Crm.Upkeep;

namespace CrmServerless.Local.Hosting;

/// <summary>The timers <c>report</c> and <c>upkeep</c>. More often than in Azure, where each run is billed.</summary>
public sealed class Timers(BuildReport report, KeepUp upkeep, TimeProvider clock, ILogger<Timers> log) : BackgroundService
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan UpkeepEvery = TimeSpan.FromSeconds(15);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Every(ReportEvery, "report", report.BuildDue, stoppingToken), Every(UpkeepEvery, "upkeep", upkeep.Run, stoppingToken));

    private async Task Every(TimeSpan period, string name, Func<CancellationToken, Task> run, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(period, clock);
        try
        {
            do await Once(name, run, stopping);
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task Once(string name, Func<CancellationToken, Task> run, CancellationToken stopping)
    {
        try
        {
            await run(stopping);
        }
        catch (TransientException e)
        {
            log.LogWarning("Timer {Timer} tries again at its next time: {Fault}", name, e.Message);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            // As in Azure: a failed run is an error in the log, and the next one comes.
            log.LogError(e, "Timer {Timer} failed", name);
        }
    }
}
