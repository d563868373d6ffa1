using System.Diagnostics;

namespace CrmServerless.Load;

/// <summary>What the disk itself can do: the floor under every durable acknowledgement.</summary>
internal static class Disk
{
    private const int BytesOfACallback = 2048;

    /// <summary>Appends as much as a callback leaves behind, and waits for the disk; times a second.</summary>
    public static double SyncsASecond(string folder, double seconds)
    {
        var path = Path.Combine(folder, "sync.probe");
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        var bytes = new byte[BytesOfACallback];
        var started = Stopwatch.GetTimestamp();
        var syncs = 0;
        for (; Stopwatch.GetElapsedTime(started).TotalSeconds < seconds; syncs++)
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        return syncs / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
