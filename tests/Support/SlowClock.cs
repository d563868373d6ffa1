namespace CrmServerless.Tests.Support;

/// <summary>
/// A clock that runs by itself, ten times as slowly as the real one, from the morning of a Shanghai day: a busy machine
/// meets none of the product's limits of a second or two, and no test meets midnight.
/// </summary>
public sealed class SlowClock : TimeProvider
{
    private const int Slowness = 10;
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 2, 0, 0, TimeSpan.Zero);
    private static readonly long Began = System.GetTimestamp();

    private SlowClock() { }

    /// <summary>The same for all, so that a host finds no future in what its predecessor left.</summary>
    public static SlowClock Instance { get; } = new();

    public override DateTimeOffset GetUtcNow() => Start + (System.GetElapsedTime(Began) / Slowness);

    public override long GetTimestamp() => System.GetTimestamp() / Slowness;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new SlowTimer(System.CreateTimer(callback, state, Real(dueTime), Real(period)));

    private static TimeSpan Real(TimeSpan span) => span == Timeout.InfiniteTimeSpan ? span : span * Slowness;

    private sealed class SlowTimer(ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Real(dueTime), Real(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
