using System.Runtime.InteropServices;
using SQLitePCL;

namespace CrmServerless.Local.Sqlite;

/// <summary>
/// One connection with its prepared statements, which live as long as it does. Used by one thread at a time.
/// </summary>
internal sealed class Database : IDisposable
{
    /// <summary>How long a connection waits for another process to release the file, in milliseconds.</summary>
    private const int BusyMilliseconds = 5000;

    /// <summary>How often a connection waits for others that are changing a new file at the same moment.</summary>
    private const int MaxTries = 100;

    /// <summary>SQLITE_FCNTL_HAS_MOVED (https://sqlite.org/c3ref/c_fcntl_begin_atomic_write.html).</summary>
    private const int HasMovedControl = 20;

    private readonly sqlite3 _handle;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    private Database(sqlite3 handle) => _handle = handle;

    /// <summary>Opens, or creates, a file for writing: write-ahead log, every commit on the disk before it returns.</summary>
    /// <exception cref="Crm.Messaging.TransientException">The file cannot be opened or another process holds it.</exception>
    public static Database OpenWriter(string path)
    {
        var database = Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        try
        {
            database.UseLog();
            // NORMAL would not sync the log on commit: an acknowledged event could be lost with the power.
            database.Execute("PRAGMA synchronous=FULL");
            database.Execute("PRAGMA wal_autocheckpoint=4000");
            database.Execute("PRAGMA journal_size_limit=67108864");
            database.Execute("PRAGMA cache_size=-32000");
            database.Execute("PRAGMA temp_store=MEMORY");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Opens an existing file for reading.</summary>
    public static Database OpenReader(string path) => Open(path, raw.SQLITE_OPEN_READONLY);

    /// <summary>True between BEGIN and COMMIT; SQLite rolls back by itself on some errors.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>
    /// True if the path at which the file was opened leads to no file any more, or to another: what is committed then is
    /// in no folder. Windows lets nobody move a file that is open, so there it is never true.
    /// </summary>
    public bool HasMoved
    {
        get
        {
            var moved = 0;
            return FileControl(_handle, 0, HasMovedControl, ref moved) == raw.SQLITE_OK && moved != 0;
        }
    }

    /// <summary>Rows changed by the last statement.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>The statement for a text, prepared on first use.</summary>
    public Statement Prepare(string sql)
    {
        if (_statements.TryGetValue(sql, out var known)) return known;
        var code = raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle);
        if (code != raw.SQLITE_OK) throw SqliteFaults.From(code, _handle, sql);
        return _statements[sql] = new Statement(_handle, handle, sql);
    }

    /// <summary>Runs a statement that is not worth keeping.</summary>
    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(_handle, sql);
        if (code != raw.SQLITE_OK) throw SqliteFaults.From(code, _handle, sql);
    }

    /// <summary>The one value of a pragma or query, as text; empty if there is none.</summary>
    public string Scalar(string sql)
    {
        var statement = Prepare(sql);
        var value = statement.Step() ? statement.Text(0) : "";
        statement.Reset();
        return value;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _statements.Clear();
        _handle.Dispose();
    }

    // While others change a new file to a log, SQLite does not wait for them but says "busy" at once
    // (https://sqlite.org/c3ref/busy_handler.html: waiting might be a deadlock). The beginning of a transaction does wait.
    private void UseLog()
    {
        for (var tries = 1; ; tries++)
        {
            var code = raw.sqlite3_exec(_handle, "PRAGMA journal_mode=WAL");
            if (code == raw.SQLITE_OK) return;
            if ((code & 0xff) != raw.SQLITE_BUSY || tries == MaxTries) throw SqliteFaults.From(code, _handle, "PRAGMA journal_mode=WAL");
            Execute("BEGIN IMMEDIATE");
            Execute("ROLLBACK");
        }
    }

    private static Database Open(string path, int flags)
    {
        Batteries_V2.Init();
        var code = raw.sqlite3_open_v2(path, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
        {
            var fault = SqliteFaults.From(code, handle, $"opening {path}");
            handle?.Dispose();
            throw fault;
        }

        _ = raw.sqlite3_busy_timeout(handle, BusyMilliseconds);
        return new Database(handle);
    }

    // Not among the wrapper's calls. Without a name of a database it means the main one.
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_file_control")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int FileControl(sqlite3 database, nint name, int operation, ref int result);
}
