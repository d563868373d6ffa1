using System.Reflection;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Reports;
using CrmServerless.Crm.Upkeep;
using CrmServerless.Functions;
using CrmServerless.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace CrmServerless.Tests.Azure.App;

/// <summary>The timers do upkeep and reports, every five minutes.</summary>
public sealed class TimerTriggersTests : IAsyncDisposable
{
    private readonly AppParts parts = new();

    [Fact]
    public void Both_run_every_five_minutes() =>
        Assert.All(
            typeof(TimerTriggers).GetMethods().Where(m => m.GetCustomAttribute<FunctionAttribute>() is not null),
            m => Assert.Equal("0 */5 * * * *", m.GetParameters()[0].GetCustomAttribute<TimerTriggerAttribute>()!.Schedule));

    [Fact]
    public async Task Upkeep_publishes_the_spill_and_report_builds_what_is_due()
    {
        var fact = Some.Text("1", SlowClock.Instance.GetUtcNow().AddDays(-1));
        await parts.Get<PipelineRunner>().Run("stats", fact.ToUtf8Bytes(), 1, default);
        await parts.Get<Spill>().Add(fact, default);
        var timers = new TimerTriggers(parts.Get<BuildReport>(), parts.Get<KeepUp>());
        await timers.Upkeep(new TimerInfo(), default).InTime();
        Assert.Equal(fact.Id, Assert.Single(parts.Bus.Facts).Id);

        await timers.Report(new TimerInfo(), default).InTime();
        Assert.Contains(parts.Bus.Facts, f => f.Subject == Subjects.ReportBuilt);
    }

    [Fact]
    public async Task Both_stop_with_the_host()
    {
        await parts.Get<PipelineRunner>().Run("stats", Some.Text("1", SlowClock.Instance.GetUtcNow().AddDays(-1)).ToUtf8Bytes(), 1, default);
        await parts.Get<Spill>().Add(Some.Text("2"), default);
        var timers = new TimerTriggers(parts.Get<BuildReport>(), parts.Get<KeepUp>());
        var stopped = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => timers.Upkeep(new TimerInfo(), stopped)).InTime();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => timers.Report(new TimerInfo(), stopped)).InTime();
        Assert.Empty(parts.Bus.Facts);
    }

    public ValueTask DisposeAsync() => parts.DisposeAsync();
}
