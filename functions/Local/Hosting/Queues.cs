using CrmServerless.Crm.Api;
using CrmServerless.Local.Sqlite;

namespace CrmServerless.Local.Hosting;

/// <summary>The broker's depths as health shows them.</summary>
public static class Queues
{
    public static IReadOnlyList<StageHealth> Of(SqliteBus bus, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return [.. bus.Depths().Select(d => new StageHealth(
            d.Stage, d.Waiting, d.InFlight, d.Delayed, d.Dead, d.Oldest is { } oldest ? Math.Max(0, Math.Round((now - oldest).TotalSeconds, 1)) : 0))];
    }
}
