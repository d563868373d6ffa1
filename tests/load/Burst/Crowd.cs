using System.Globalization;
using Microsoft.Data.Sqlite;

namespace CrmServerless.Load;

/// <summary>
/// A store with very many customers. One is made by callbacks, as all real ones are; the others are copies of what the
/// host stored for him, whatever that is in this version, under openids of the same length.
/// </summary>
internal static class Crowd
{
    /// <summary>The part of their openids that names a run of traffic elsewhere.</summary>
    public const string Run = "00000000";

    /// <summary>Fills the documents of a host that has been stopped.</summary>
    public static void Copy(string data, Account account, int customers)
    {
        using var db = new SqliteConnection($"Data Source={Path.Combine(data, "documents.db")};Pooling=False");
        db.Open();
        using var command = db.CreateCommand();
        // The copies need not survive a power cut: they are made anew for every run.
        command.CommandText =
            """
            PRAGMA synchronous = OFF;
            PRAGMA cache_size = -200000;
            WITH RECURSIVE number(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i + 1 < $customers)
            INSERT INTO doc_customers (partition, id, etag, fields, data)
            SELECT replace(partition, $openid, $start || printf('%015d', i)), replace(id, $openid, $start || printf('%015d', i)), etag,
                   replace(fields, $openid, $start || printf('%015d', i)), CAST(replace(CAST(data AS TEXT), $openid, $start || printf('%015d', i)) AS BLOB)
            FROM number JOIN doc_customers ON partition = $key;
            PRAGMA wal_checkpoint(TRUNCATE);
            """;
        command.Parameters.AddWithValue("$customers", customers);
        command.Parameters.AddWithValue("$openid", Traffic.OpenId(Run, 0));
        command.Parameters.AddWithValue("$start", Traffic.OpenId(Run, 0)[..^15]);
        command.Parameters.AddWithValue("$key", $"{account.Name}:{Traffic.OpenId(Run, 0)}");
        command.ExecuteNonQuery();
    }

    /// <summary>Customer documents in the store.</summary>
    public static long Count(string data)
    {
        using var db = new SqliteConnection($"Data Source={Path.Combine(data, "documents.db")};Mode=ReadOnly;Pooling=False");
        db.Open();
        using var command = db.CreateCommand();
        command.CommandText = "SELECT count(DISTINCT partition) FROM doc_customers";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
