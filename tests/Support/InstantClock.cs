using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Support;

/// <summary>A clock on which every wait is over at once, moves time by as much, and is written down.</summary>
public sealed class InstantClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    public List<TimeSpan> Waits { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Waits.Add(dueTime);
        ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        return timer;
    }
}
