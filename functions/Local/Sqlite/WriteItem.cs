namespace CrmServerless.Local.Sqlite;

/// <summary>A piece of work for <see cref="SqliteWriter"/>.</summary>
internal abstract class WriteItem
{
    /// <summary>False once nobody wants it any more; it is then skipped.</summary>
    public virtual bool Wanted => true;

    /// <summary>True if the item took a place in the bounded queue.</summary>
    public bool Counted { get; init; } = true;

    /// <summary>Writes, inside a transaction. May be called a second time, after a rollback.</summary>
    public abstract void Run(Database database);

    /// <summary>The commit is on the disk. Called on the writer's thread, in the order of the commits.</summary>
    public abstract void Committed();

    /// <summary>It did not commit.</summary>
    public abstract void Failed(Exception fault);
}

/// <summary>Work that somebody awaits.</summary>
internal sealed class WriteItem<T>(Func<Database, T> work, Action<T>? committed, CancellationToken ct) : WriteItem
{
    // Asynchronous continuations: the writer's thread must not run its callers' code.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Task => _done.Task;

    public override bool Wanted
    {
        get
        {
            if (!ct.IsCancellationRequested) return true;
            _done.TrySetCanceled(ct);
            return false;
        }
    }

    public override void Run(Database database) => _result = work(database);

    public override void Committed()
    {
        committed?.Invoke(_result);
        _done.TrySetResult(_result);
    }

    public override void Failed(Exception fault) => _done.TrySetException(fault);
}
