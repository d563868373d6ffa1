using CrmServerless.Crm.Messaging;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CrmServerless.Local.Sqlite;

/// <summary>Turns SQLite's result codes into the exceptions that the ports promise.</summary>
internal static class SqliteFaults
{
    /// <summary>
    /// <see cref="TransientException"/> for what may heal (disk full, I/O error, a lock held by another process), else
    /// a <see cref="SqliteException"/>: a fault of this program or a damaged file.
    /// </summary>
    public static Exception From(int code, sqlite3? database, string doing)
    {
        var extended = database is null ? code : raw.sqlite3_extended_errcode(database);
        var reason = database is null ? raw.sqlite3_errstr(code) : raw.sqlite3_errmsg(database);
        var fault = new SqliteException($"SQLite: {reason.utf8_to_string()} ({extended}) while {doing}", code & 0xff, extended);
        return IsTransient(code & 0xff) ? new TransientException(fault.Message, fault) : fault;
    }

    private static bool IsTransient(int code) =>
        code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN
            or raw.SQLITE_NOMEM;
}
