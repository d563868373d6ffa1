using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CrmServerless.Load;

/// <summary>What .NET has no call for: an exact sleep, a polite end of a process, the memory and CPU time of another one.</summary>
internal static partial class Linux
{
    private const int ClockMonotonic = 1, AbsoluteTime = 1, Terminate = 15;

    /// <summary>Sleeps until a Stopwatch timestamp, some 60 µs late at most: timers of .NET count whole milliseconds.</summary>
    public static void SleepUntil(long timestamp)
    {
        var time = new TimeSpec(timestamp / Stopwatch.Frequency, timestamp % Stopwatch.Frequency * 1_000_000_000 / Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < timestamp)
            _ = ClockNanosleep(ClockMonotonic, AbsoluteTime, time, 0);
    }

    /// <summary>SIGTERM to a process that we started.</summary>
    public static void End(Process child)
    {
        if (!child.HasExited)
            _ = Kill(child.Id, Terminate);
    }

    public static ProcessUsage? UsageOf(int? pid)
    {
        if (pid is null)
            return null;
        if (!Directory.Exists($"/proc/{pid}"))
            throw new UsageException($"There is no process {pid}.");
        var status = File.ReadLines($"/proc/{pid}/status").Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        // The name in field 2 may hold spaces; after its ')' utime and stime are fields 11 and 12 of 100 ticks a second.
        var fields = File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new(Megabytes(status["VmRSS"]), Megabytes(status["VmHWM"]), TimeSpan.FromMilliseconds(ticks * 10));
    }

    /// <summary>How many files, and so connections, this process and those it starts may have open.</summary>
    public static long OpenFiles()
    {
        var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        return long.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], CultureInfo.InvariantCulture, out var files) ? files : long.MaxValue;
    }

    private static double Megabytes(string kilobytes) =>
        double.Parse(kilobytes.AsSpan().Trim()[..^" kB".Length], CultureInfo.InvariantCulture) / 1024;

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, in TimeSpec time, nint remaining);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}

/// <summary>Memory in MiB: now and the highest since the process started.</summary>
internal sealed record ProcessUsage(double Resident, double Peak, TimeSpan Cpu);
