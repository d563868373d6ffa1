using System.IO.Pipelines;

namespace CrmServerless.Crm.Receive;

/// <summary>A body that has not arrived whole.</summary>
internal sealed class UnfinishedBody(PipeReader body)
{
    /// <summary>What has arrived of it.</summary>
    public int Bytes { get; set; }

    public ITimer? Limit { get; set; }

    /// <summary>Where it waits; null once it is whole or cut.</summary>
    public LinkedListNode<UnfinishedBody>? Place { get; set; }

    /// <summary>Ends the wait for more.</summary>
    public void Cut() => body.CancelPendingRead();
}

/// <summary>
/// The calls whose body is still to come. Each is cut after a time, without a thread that waits; and all together hold
/// no more than a few megabytes: the one that has waited longest is cut first. A genuine body arrives within a moment, so
/// it is never among the oldest, however many slow ones there are.
/// </summary>
public sealed class UnfinishedBodies(ReceiveOptions options, TimeProvider clock)
{
    private readonly LinkedList<UnfinishedBody> oldestFirst = [];
    private long bytes;

    /// <summary>How many are waited for.</summary>
    public int Count
    {
        get
        {
            lock (oldestFirst) return oldestFirst.Count;
        }
    }

    internal UnfinishedBody Add(PipeReader body, int arrived)
    {
        var waiting = new UnfinishedBody(body);
        lock (oldestFirst) waiting.Place = oldestFirst.AddLast(waiting);
        waiting.Limit = clock.CreateTimer(w => Cut((UnfinishedBody)w!), waiting, options.BodyLimit, Timeout.InfiniteTimeSpan);
        Grew(waiting, arrived);
        return waiting;
    }

    /// <summary>So much of it is there by now.</summary>
    internal void Grew(UnfinishedBody waiting, int arrived)
    {
        lock (oldestFirst)
        {
            if (waiting.Place is null) return; // cut already
            bytes += arrived - waiting.Bytes;
            waiting.Bytes = arrived;
            while (bytes > options.UnfinishedBytes && oldestFirst.First?.Value is { } oldest) Cut(oldest);
        }
    }

    /// <summary>False if it was cut: then its connection must not be used again, since the cut may strike there only later.</summary>
    internal bool TryRemove(UnfinishedBody waiting)
    {
        waiting.Limit?.Dispose();
        lock (oldestFirst) return Forget(waiting);
    }

    // Under the lock, and only while it waits: a server uses the reader again for the next call on the connection.
    private void Cut(UnfinishedBody waiting)
    {
        lock (oldestFirst)
            if (Forget(waiting)) waiting.Cut();
    }

    private bool Forget(UnfinishedBody waiting)
    {
        if (waiting.Place is null) return false;
        oldestFirst.Remove(waiting.Place);
        waiting.Place = null;
        bytes -= waiting.Bytes;
        return true;
    }
}
