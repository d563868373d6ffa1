using CrmServerless.Crm.Accounts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrmServerless.Crm.Rules;

/// <summary>
/// Reads the rules in the background for accounts that answer in the response to a callback, where no store is read.
/// The first time before the host listens, so that no rule of another day answers.
/// </summary>
public sealed class RuleWatch(RuleBook rules, AccountBook accounts, TimeProvider clock, ILogger<RuleWatch> log) : BackgroundService
{
    /// <summary>A store that is down at the start must not keep the host from receiving.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (accounts.All.Any(a => a.Reply == ReplyWay.Passive)) await Read(StartLimit, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (accounts.All.All(a => a.Reply != ReplyWay.Passive)) return; // nobody looks, and every read costs
        using var timer = new PeriodicTimer(RuleBook.Reload, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await Read(RuleBook.Reload, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task Read(TimeSpan limit, CancellationToken ct)
    {
        try
        {
            await rules.Refresh(ct).AsTask().WaitAsync(limit, clock, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // What was read before stays in force.
            log.LogWarning("The rules could not be read for passive answers; tried again in {Seconds} s: {Fault}", RuleBook.Reload.TotalSeconds, e.Message);
        }
    }
}
