using System.Diagnostics;
using CrmServerless.Crm.Messaging;
using Microsoft.Extensions.Logging;

namespace CrmServerless.Crm.Receive;

/// <summary>How long each store may take before the next is tried. Together they stay inside WeChat's 5 seconds.</summary>
public sealed record ReceiveOptions
{
    public TimeSpan BusLimit { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan SpillLimit { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Bus failures in a row after which events go straight to the spill.</summary>
    public int BreakAfter { get; init; } = 5;

    /// <summary>How long they do.</summary>
    public TimeSpan BreakFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Allowed difference between a callback's timestamp and now, both ways.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>When nothing took the event, the call is held until this long after its arrival, so that WeChat times out and delivers it again.</summary>
    public TimeSpan HoldUntil { get; init; } = TimeSpan.FromSeconds(5.5);

    /// <summary>Calls held at once; beyond that the answer comes at once.</summary>
    public int MaxHeld { get; init; } = 200;

    /// <summary>How long a body may take to arrive; WeChat itself gives up after as long.</summary>
    public TimeSpan BodyLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How much of bodies that have not arrived whole is kept, in bytes; beyond that the one that waits longest is cut.</summary>
    public long UnfinishedBytes { get; init; } = 32 * 1024 * 1024;
}

public enum Taken
{
    ByBus,
    BySpill,
    ByNothing,
}

/// <summary>Puts an event where it survives: on the bus, else into the spill.</summary>
public sealed class DurablePublisher(IMessageBus bus, Spill spill, ReceiveOptions options, TimeProvider clock, ILogger<DurablePublisher> log)
{
    private int failures;
    private long openUntil;
    private long refused;
    private int refusing;

    public async Task<Taken> Publish(Envelope fact)
    {
        using var span = Telemetry.Source.StartActivity("receive", ActivityKind.Producer);
        if (span is not null) fact = fact with { TraceParent = span.Id };
        var open = Open;
        var fault = open ? null : await Try(options.BusLimit, ct => bus.Publish(fact, ct));
        if (!open && fault is null)
        {
            Volatile.Write(ref failures, 0);
            return IsTaken(Taken.ByBus);
        }

        if (!open && Interlocked.Increment(ref failures) >= options.BreakAfter)
        {
            var now = clock.GetUtcNow();
            // Calls that were already on their way open it again: said once.
            if (Interlocked.Exchange(ref openUntil, (now + options.BreakFor).Ticks) <= now.Ticks)
                log.LogWarning("The bus took nothing {Failures} times in a row; for {Seconds} s events go to the spill at once: {Fault}", options.BreakAfter, options.BreakFor.TotalSeconds, fault!.Message);
        }

        fault = await Try(options.SpillLimit, ct => spill.Add(fact, ct).AsTask());
        if (fault is null) return IsTaken(Taken.BySpill);
        Interlocked.Increment(ref refused);
        // Once, not for every call: there may be hundreds a second.
        if (Interlocked.Exchange(ref refusing, 1) == 0)
            log.LogError("Neither the bus nor the spill takes events: callbacks are answered with 503, so that WeChat delivers them again: {Fault}", fault.Message);
        return Taken.ByNothing;
    }

    /// <summary>Events that nothing took, since the start: WeChat was told so, and delivers them again for a while.</summary>
    public long RefusedCount => Volatile.Read(ref refused);

    /// <summary>True from an event that nothing took to the next that something took.</summary>
    public bool Refusing => Volatile.Read(ref refusing) != 0;

    /// <summary>True while events go straight to the spill.</summary>
    public bool Open => Volatile.Read(ref failures) >= options.BreakAfter && clock.GetUtcNow().Ticks < Volatile.Read(ref openUntil);

    private Taken IsTaken(Taken by)
    {
        if (Volatile.Read(ref refusing) != 0 && Interlocked.Exchange(ref refusing, 0) != 0)
            log.LogWarning("Events are taken again; {Refused} were refused since the start", RefusedCount);
        return by;
    }

    // Whatever goes wrong with one store is an answer here, also what its port does not promise: the next one is tried,
    // and if none is left WeChat is told. An exception that got past would be a 500 for an event that could be kept.
    private async Task<Exception?> Try(TimeSpan limit, Func<CancellationToken, Task> publish)
    {
        using var timeout = new CancellationTokenSource(limit, clock);
        try
        {
            // The store may hang without looking at its token.
            await publish(timeout.Token).WaitAsync(limit, clock);
            return null;
        }
        catch (Exception e)
        {
            if (e is not (TransientException or TimeoutException or OperationCanceledException))
                log.LogError(e, "A store failed to take an event in a way that it should not");
            return e;
        }
    }
}
