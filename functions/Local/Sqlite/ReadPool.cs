using System.Collections.Concurrent;

namespace CrmServerless.Local.Sqlite;

/// <summary>
/// Read-only connections to one file. A read is a few microseconds, so it runs on the caller's thread and there are
/// never more connections than threads that read at the same time.
/// </summary>
internal sealed class ReadPool(string path) : IDisposable
{
    private readonly ConcurrentBag<Database> _idle = [];
    private volatile bool _disposed;

    /// <summary>Runs a read; <paramref name="state"/> instead of a closure, since point reads are the hot path.</summary>
    public TResult Read<TState, TResult>(TState state, Func<Database, TState, TResult> read)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_idle.TryTake(out var database)) database = Database.OpenReader(path);
        TResult result;
        try
        {
            result = read(database, state);
        }
        catch
        {
            // A statement may be half way through its rows; the connection goes with it.
            database.Dispose();
            throw;
        }

        _idle.Add(database);
        if (_disposed) Dispose();
        return result;
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var database)) database.Dispose();
    }
}
