using SQLitePCL;

namespace CrmServerless.Local.Sqlite;

/// <summary>
/// A prepared statement of one connection. Straight on SQLite's C API: on the hot path the ADO.NET layer costs more
/// than SQLite itself. Parameters count from 1, columns from 0.
/// </summary>
internal sealed class Statement(sqlite3 database, sqlite3_stmt handle, string sql) : IDisposable
{
    public Statement Bind(int index, long value) => Check(raw.sqlite3_bind_int64(handle, index, value));

    public Statement Bind(int index, string? value) =>
        Check(value is null ? raw.sqlite3_bind_null(handle, index) : raw.sqlite3_bind_text(handle, index, value));

    public Statement Bind(int index, ReadOnlySpan<byte> blob) => Check(raw.sqlite3_bind_blob(handle, index, blob));

    public Statement BindText(int index, ReadOnlySpan<byte> utf8) => Check(raw.sqlite3_bind_text(handle, index, utf8));

    public Statement BindNull(int index) => Check(raw.sqlite3_bind_null(handle, index));

    /// <summary>
    /// Moves to the next row; false at the end, where the statement resets itself. Who stops before the end calls
    /// <see cref="Reset"/>, else the connection keeps its snapshot and the log cannot be checkpointed.
    /// </summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) return true;
        var fault = code == raw.SQLITE_DONE ? null : SqliteFaults.From(code, database, sql);
        Reset();
        return fault is null ? false : throw fault;
    }

    /// <summary>Runs to the end; the number of rows changed.</summary>
    public int Run()
    {
        while (Step()) { }

        return raw.sqlite3_changes(database);
    }

    // The code of a reset only repeats the fault of the step before it.
    public void Reset() => _ = raw.sqlite3_reset(handle);

    public long Long(int column) => raw.sqlite3_column_int64(handle, column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    public byte[] Blob(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    /// <summary>A long, a string or null.</summary>
    public object? Value(int column) => raw.sqlite3_column_type(handle, column) switch
    {
        raw.SQLITE_NULL => null,
        raw.SQLITE_INTEGER => Long(column),
        _ => Text(column),
    };

    public void Dispose() => handle.Dispose();

    private Statement Check(int code) => code == raw.SQLITE_OK ? this : throw SqliteFaults.From(code, database, sql);
}
