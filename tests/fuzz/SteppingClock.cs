namespace CrmServerless.Fuzz;

/// <summary>Time that moves a step a case, so that a seed means the same cases whenever it runs.</summary>
public sealed class SteppingClock : TimeProvider
{
    private DateTimeOffset now = new(2026, 6, 1, 2, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp() => now.Ticks;

    public void Step(TimeSpan by) => now += by;
}
