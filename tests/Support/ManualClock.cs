using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Support;

/// <summary>
/// A clock that stands until it is told to go, and knows whether anybody waits for it: who moves it on only then measures
/// the same on every machine, however long the work between the waits takes there.
/// </summary>
public sealed class ManualClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private int waiting;

    /// <summary>Waits of a certain length that are not over: delays and limits. What recurs or is armed later does not count.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        dueTime == Timeout.InfiniteTimeSpan || period != Timeout.InfiniteTimeSpan
            ? base.CreateTimer(callback, state, dueTime, period)
            : new Wait(this, (w, s) => base.CreateTimer(w, s, dueTime, period), callback, state);

    private sealed class Wait : ITimer
    {
        private readonly ManualClock clock;
        private readonly ITimer timer;
        private int over;

        public Wait(ManualClock clock, Func<TimerCallback, object?, ITimer> create, TimerCallback callback, object? state)
        {
            this.clock = clock;
            Interlocked.Increment(ref clock.waiting);
            timer = create(s =>
            {
                callback(s);
                End();
            }, state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            End();
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            End();
            return timer.DisposeAsync();
        }

        private void End()
        {
            if (Interlocked.Exchange(ref over, 1) == 0) Interlocked.Decrement(ref clock.waiting);
        }
    }
}
