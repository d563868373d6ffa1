namespace CrmServerless.Local.Demo;

/// <summary>
/// A clock that runs at its natural speed while something happens and leaps between the acts: so a day passes in a
/// minute and yet no window, lease or deadline is relaxed.
/// </summary>
public sealed class DemoClock : TimeProvider, IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    private readonly Lock gate = new();
    private readonly PriorityQueue<DemoTimer, long> timers = new();
    private readonly ITimer heart;
    private long origin;
    private long realOrigin = System.GetTimestamp();
    private double rate = 1;

    public DemoClock(DateTimeOffset start)
    {
        origin = start.UtcTicks;
        heart = System.CreateTimer(_ => Fire(), null, Beat, Beat);
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => new(Now(), TimeSpan.Zero);

    public override long GetTimestamp() => Now();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new DemoTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs fast until a time of the demo, taking this long in real time.</summary>
    public async Task LeapTo(DateTimeOffset target, TimeSpan inRealTime, CancellationToken ct)
    {
        var distance = target - GetUtcNow();
        if (distance <= TimeSpan.Zero) return;
        SetRate(distance / inRealTime);
        try
        {
            await Task.Delay(inRealTime, System, ct);
        }
        finally
        {
            SetRate(1);
        }
    }

    public void Dispose() => heart.Dispose();

    private long Now()
    {
        lock (gate) return NowLocked();
    }

    private long NowLocked() => origin + (long)(System.GetElapsedTime(realOrigin).Ticks * rate);

    private void SetRate(double next)
    {
        lock (gate) (origin, realOrigin, rate) = (NowLocked(), System.GetTimestamp(), next);
    }

    private void Schedule(DemoTimer timer, long due)
    {
        lock (gate) timers.Enqueue(timer, due);
    }

    private void Fire()
    {
        while (true)
        {
            DemoTimer due;
            long at;
            lock (gate)
            {
                if (!timers.TryPeek(out due!, out at) || at > NowLocked()) return;
                timers.Dequeue();
            }

            due.Fire(at);
        }
    }

    private sealed class DemoTimer(DemoClock clock, TimerCallback callback, object? state) : ITimer
    {
        private readonly Lock gate = new();
        private long due = long.MaxValue;
        private long period;

        public bool Change(TimeSpan dueTime, TimeSpan every)
        {
            lock (gate)
            {
                period = every == Timeout.InfiniteTimeSpan ? 0 : every.Ticks;
                due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock.Now() + dueTime.Ticks;
                if (due != long.MaxValue) clock.Schedule(this, due);
            }

            return true;
        }

        public void Fire(long at)
        {
            lock (gate)
            {
                if (due != at) return; // changed or disposed since it was put in line
                due = period > 0 ? Math.Max(at + period, clock.Now()) : long.MaxValue;
                if (period > 0) clock.Schedule(this, due);
            }

            ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null);
        }

        public void Dispose()
        {
            lock (gate) due = long.MaxValue;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
