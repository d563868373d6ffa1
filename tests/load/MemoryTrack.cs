namespace CrmServerless.Load;

/// <summary>The resident memory of a process over time, so that a slow growth shows.</summary>
internal sealed class MemoryTrack
{
    private const int Parts = 10;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly List<double> _readings = [];
    private readonly Timer? _timer;

    public MemoryTrack(int? pid) => _timer = pid is null ? null : new Timer(_ => Read(pid), null, TimeSpan.Zero, Every);

    /// <summary>Ends the track and prints the median of each tenth of it.</summary>
    public void Print()
    {
        if (_timer is null) return;
        _timer.Dispose();
        lock (_readings)
        {
            var medians = _readings.Chunk(Math.Max(1, (_readings.Count + Parts - 1) / Parts)).Select(part => Figures.Percentile([.. part.Order()], 50));
            Console.WriteLine($"  resident MiB      {string.Join("  ", medians.Select(m => $"{m:0}"))}");
        }
    }

    private void Read(int? pid)
    {
        var resident = Linux.UsageOf(pid)!.Resident;
        lock (_readings) _readings.Add(resident);
    }
}
