using System.Threading.Channels;
using CrmServerless.Crm.Messaging;
using Microsoft.Data.Sqlite;

namespace CrmServerless.Local.Sqlite;

/// <summary>
/// The one thread that writes to a file. It commits what waits as one group, so that a disk sync is shared by all who
/// wait for it; a task completes when its group is on the disk.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    /// <summary>Items of one commit.</summary>
    public const int MaxGroup = 512;

    /// <summary>Items that may wait; beyond it callers are held back.</summary>
    public const int Capacity = 65_536;

    // Synchronous continuations are safe: only the writer's thread waits on the reader, and all it does is wake up.
    private readonly Channel<WriteItem> _items = Channel.CreateUnbounded<WriteItem>(
        new() { SingleReader = true, AllowSynchronousContinuations = true });

    private readonly SemaphoreSlim _places = new(Capacity);
    private readonly Database _database;
    private readonly string _path;
    private readonly Action? _beforeCommit;
    private readonly Thread _thread;
    private volatile bool _killed;

    /// <param name="path">The file; its folder is created.</param>
    /// <param name="prepare">Creates the tables; runs in a transaction, on the caller's thread.</param>
    /// <param name="beforeCommit">For tests: runs before each group commit; may block or throw.</param>
    /// <exception cref="TransientException">The file cannot be opened or is locked for over 5 s.</exception>
    /// <exception cref="SqliteException">It is damaged, or no database at all; the message names it.</exception>
    public SqliteWriter(string path, Action<Database> prepare, Action? beforeCommit = null)
    {
        _path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        _beforeCommit = beforeCommit;
        try
        {
            _database = Database.OpenWriter(_path);
            Pragmas = (_database.Scalar("PRAGMA journal_mode"), _database.Scalar("PRAGMA synchronous"));
            _database.Execute("BEGIN IMMEDIATE");
            prepare(_database);
            _database.Execute("COMMIT");
        }
        catch (Exception e)
        {
            _database?.Dispose();
            if (e is SqliteException fault) throw new SqliteException($"{_path}: {fault.Message}", fault.SqliteErrorCode, fault.SqliteExtendedErrorCode);
            throw;
        }

        _thread = new Thread(Loop) { IsBackground = true, Name = $"writer {Path.GetFileName(path)}" };
        _thread.Start();
    }

    /// <summary>What the writing connection runs with: <c>wal</c> and <c>2</c> (FULL).</summary>
    public (string JournalMode, string Synchronous) Pragmas { get; }

    /// <summary>Places taken in the queue, 0 to <see cref="Capacity"/>.</summary>
    public int Waiting => Capacity - _places.CurrentCount;

    /// <summary>
    /// Runs work in the next group commit. Cancelling skips it if it has not begun; later, only the waiting ends.
    /// </summary>
    /// <param name="work">May run twice, so it must only touch the database and return.</param>
    /// <param name="committed">Runs on the writer's thread after the commit, in the order of the commits.</param>
    public async Task<T> Run<T>(Func<Database, T> work, CancellationToken ct, Action<T>? committed = null)
    {
        await _places.WaitAsync(ct);
        var item = new WriteItem<T>(work, committed, ct);
        ObjectDisposedException.ThrowIf(!_items.Writer.TryWrite(item), this);
        return await item.Task.WaitAsync(ct);
    }

    /// <summary>Adds work that nobody waits for, past the bound: for the few items that the adapter makes itself.</summary>
    /// <returns>False if the writer is closed.</returns>
    public bool Post(WriteItem item) => _items.Writer.TryWrite(item);

    /// <summary>Writes what waits, then closes the file.</summary>
    public void Dispose()
    {
        if (!_items.Writer.TryComplete()) return;
        _thread.Join();
        _database.Dispose();
        _places.Dispose();
    }

    /// <summary>For tests: stops like a process that dies, leaving what waits unwritten.</summary>
    public void Kill()
    {
        _killed = true;
        Dispose();
    }

    private void Loop()
    {
        var group = new List<WriteItem>(MaxGroup);
        while (WaitForItems())
        {
            var places = 0;
            while (group.Count < MaxGroup && _items.Reader.TryRead(out var item))
            {
                if (item.Counted) places++;
                if (_killed) item.Failed(new ObjectDisposedException(nameof(SqliteWriter)));
                else if (item.Wanted) group.Add(item);
            }

            if (places > 0) _places.Release(places);
            if (group.Count > 0) Write(group);
            group.Clear();
        }
    }

    private bool WaitForItems()
    {
        var ready = _items.Reader.WaitToReadAsync();
        return ready.IsCompleted ? ready.Result : ready.AsTask().GetAwaiter().GetResult();
    }

    private void Write(List<WriteItem> group)
    {
        if (Try(group, out var fault, out var inItem)) return;
        if (!inItem || group.Count == 1)
        {
            foreach (var item in group) item.Failed(fault!);
            return;
        }

        // One of them is guilty: each in a transaction of its own, so that only that one fails.
        foreach (var item in group)
        {
            if (!Try([item], out fault, out _)) item.Failed(fault!);
        }
    }

    private bool Try(List<WriteItem> group, out Exception? fault, out bool inItem)
    {
        inItem = false;
        try
        {
            _database.Prepare("BEGIN IMMEDIATE").Run();
            inItem = true;
            foreach (var item in group) item.Run(_database);
            inItem = false;
            _beforeCommit?.Invoke();
            // Else it would be acknowledged and gone: the file lives on without a folder until the host ends.
            if (_database.HasMoved)
                throw new TransientException($"{_path} was moved, deleted or replaced under the running host, which takes nothing until it is back: put it back or start the host again.");
            _database.Prepare("COMMIT").Run();
        }
        catch (Exception e)
        {
            // Handed to the callers of the group; the writer itself goes on.
            if (_database.InTransaction) _database.Prepare("ROLLBACK").Run();
            fault = e;
            return false;
        }

        fault = null;
        foreach (var item in group) Complete(item);
        return true;
    }

    private static void Complete(WriteItem item)
    {
        try
        {
            item.Committed();
        }
        catch (Exception e)
        {
            item.Failed(e);
        }
    }
}
