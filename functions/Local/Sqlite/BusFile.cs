using CrmServerless.Crm.Messaging;

namespace CrmServerless.Local.Sqlite;

/// <summary>
/// The tables of the broker and every statement on them. One row a message, whose bit mask names the stages that have
/// yet to complete it; bodies apart, so that a change of the mask does not rewrite them; message ids apart, since they
/// outlive the messages.
/// </summary>
internal sealed class BusFile
{
    private const int Version = 1;

    private readonly long _window;
    private long _lastSeq;
    private long _purgeFrom;

    public BusFile(Database db, TimeSpan duplicateWindow)
    {
        _window = (long)duplicateWindow.TotalMilliseconds;
        db.Execute("""
            CREATE TABLE IF NOT EXISTS stage (bit INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
            CREATE TABLE IF NOT EXISTS message (
              seq INTEGER PRIMARY KEY, pending INTEGER NOT NULL, at INTEGER NOT NULL, due INTEGER NOT NULL, key TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS body (
              seq INTEGER PRIMARY KEY, message_id TEXT NOT NULL, fact_id TEXT NOT NULL, bytes BLOB NOT NULL);
            CREATE TABLE IF NOT EXISTS delivery (
              seq INTEGER NOT NULL, bit INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (seq, bit)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS seen (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS dead (
              n INTEGER PRIMARY KEY AUTOINCREMENT, bit INTEGER NOT NULL, message_id TEXT NOT NULL, fact_id TEXT NOT NULL,
              key TEXT NOT NULL, deliveries INTEGER NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL);
            CREATE TABLE IF NOT EXISTS clean_stop (at INTEGER NOT NULL);
            """);
        var found = int.Parse(db.Scalar("PRAGMA user_version"), null);
        if (found > Version) throw new InvalidOperationException($"The broker's file is of a newer version ({found}).");
        _lastSeq = long.Parse(db.Scalar("SELECT coalesce(max(seq), 0) FROM message"), null);
        CleanStop = found == 0 || db.Scalar("SELECT count(*) FROM clean_stop") != "0";
        db.Execute($"""
            DELETE FROM clean_stop;
            DELETE FROM delivery WHERE seq NOT IN (SELECT seq FROM message);
            PRAGMA user_version = {Version};
            """);
    }

    /// <summary>False if the last owner died, so that what it had in flight is not known.</summary>
    public bool CleanStop { get; }

    /// <summary>The bit of each stage; a name keeps its bit for ever, whatever stages come and go.</summary>
    /// <exception cref="InvalidOperationException">More than 63 names over the life of the file.</exception>
    public static int[] Bits(Database db, IEnumerable<string> names) => [.. names.Select(name =>
    {
        var known = db.Prepare("SELECT bit FROM stage WHERE name = ?").Bind(1, name);
        if (known.Step())
        {
            var bit = (int)known.Long(0);
            known.Reset();
            return bit;
        }

        var next = int.Parse(db.Scalar("SELECT coalesce(max(bit), -1) + 1 FROM stage"), null);
        if (next > 62) throw new InvalidOperationException("A broker's file holds at most 63 stage names.");
        db.Prepare("INSERT INTO stage (bit, name) VALUES (?, ?)").Bind(1, next).Bind(2, name).Run();
        return next;
    })];

    /// <summary>All messages in their order.</summary>
    public static IEnumerable<Message> Load(Database db, int lanes)
    {
        var rows = db.Prepare("SELECT seq, pending, at, due, key FROM message ORDER BY seq");
        while (rows.Step())
            yield return new Message(rows.Long(0), rows.Long(1), Lanes.Of(rows.Text(4), lanes), rows.Long(2), rows.Long(3));
    }

    public static IEnumerable<(long Seq, int Bit, int Count)> LoadDeliveries(Database db)
    {
        var rows = db.Prepare("SELECT seq, bit, count FROM delivery");
        while (rows.Step()) yield return (rows.Long(0), (int)rows.Long(1), (int)rows.Long(2));
    }

    public static int CountDead(Database db, int bit) =>
        int.Parse(db.Scalar($"SELECT count(*) FROM dead WHERE bit = {bit}"), null);

    public static Dictionary<long, MessageBody> ReadBodies(Database db, long from, int take)
    {
        var bodies = new Dictionary<long, MessageBody>(take);
        var rows = db.Prepare("SELECT seq, message_id, fact_id, bytes FROM body WHERE seq >= ? ORDER BY seq LIMIT ?")
            .Bind(1, from).Bind(2, take);
        while (rows.Step()) bodies.Add(rows.Long(0), new MessageBody(rows.Text(1), rows.Text(2), rows.Blob(3)));
        return bodies;
    }

    /// <summary>Stores a fact; null if its message id was seen inside the window or no stage takes it.</summary>
    public Message? Insert(Database db, Incoming fact, long now)
    {
        if (!See(db, fact.Body.MessageId, now) || fact.Pending == 0) return null;
        return Put(db, fact, now);
    }

    /// <summary>Stores a message without asking whether it was seen.</summary>
    public Message Put(Database db, Incoming fact, long now)
    {
        var message = new Message(++_lastSeq, fact.Pending, fact.Lane, now, fact.Due > now ? fact.Due : 0);
        var body = fact.Body;
        db.Prepare("INSERT INTO message (seq, pending, at, due, key) VALUES (?, ?, ?, ?, ?)")
            .Bind(1, message.Seq).Bind(2, message.Pending).Bind(3, message.At).Bind(4, message.Due).Bind(5, fact.Key).Run();
        db.Prepare("INSERT INTO body (seq, message_id, fact_id, bytes) VALUES (?, ?, ?, ?)")
            .Bind(1, message.Seq).Bind(2, body.MessageId).Bind(3, body.FactId).Bind(4, body.Bytes).Run();
        return message;
    }

    /// <summary>A delayed message is due: it gets its place at the end of the topic.</summary>
    public long Join(Database db, long seq, long now)
    {
        var next = ++_lastSeq;
        db.Prepare("UPDATE message SET seq = ?, at = ?, due = 0 WHERE seq = ?").Bind(1, next).Bind(2, now).Bind(3, seq).Run();
        db.Prepare("UPDATE body SET seq = ? WHERE seq = ?").Bind(1, next).Bind(2, seq).Run();
        return next;
    }

    public static void SetPending(Database db, long seq, long pending)
    {
        if (pending != 0)
        {
            db.Prepare("UPDATE message SET pending = ? WHERE seq = ?").Bind(1, pending).Bind(2, seq).Run();
            return;
        }

        db.Prepare("DELETE FROM message WHERE seq = ?").Bind(1, seq).Run();
        db.Prepare("DELETE FROM body WHERE seq = ?").Bind(1, seq).Run();
    }

    /// <summary>Notes how often a message was delivered to a stage; 0 forgets it.</summary>
    public static void SetDeliveries(Database db, long seq, int bit, int count)
    {
        if (count == 0)
            db.Prepare("DELETE FROM delivery WHERE seq = ? AND bit = ?").Bind(1, seq).Bind(2, bit).Run();
        else
            db.Prepare("INSERT OR REPLACE INTO delivery (seq, bit, count) VALUES (?, ?, ?)")
                .Bind(1, seq).Bind(2, bit).Bind(3, count).Run();
    }

    public static void MarkCleanStop(Database db, long now) =>
        db.Prepare("INSERT INTO clean_stop (at) VALUES (?)").Bind(1, now).Run();

    private bool See(Database db, string id, long now)
    {
        if (db.Prepare("INSERT OR IGNORE INTO seen (id, at) VALUES (?, ?)").Bind(1, id).Bind(2, now).Run() == 1)
        {
            Purge(db, now);
            return true;
        }

        var hit = db.Prepare("SELECT at FROM seen WHERE id = ?").Bind(1, id);
        hit.Step();
        var age = Math.Abs(now - hit.Long(0));
        hit.Reset();
        if (age < _window) return false;
        // REPLACE gives it a new n, so that n stays in the order of at and the purge finds the oldest in front.
        db.Prepare("INSERT OR REPLACE INTO seen (id, at) VALUES (?, ?)").Bind(1, id).Bind(2, now).Run();
        return true;
    }

    // Two out for one in: the table shrinks to one window's ids without ever stopping for a large delete.
    private void Purge(Database db, long now)
    {
        if (now < _purgeFrom) return;
        var purged = db.Prepare("DELETE FROM seen WHERE n IN (SELECT n FROM seen ORDER BY n LIMIT 2) AND at <= ?")
            .Bind(1, now - _window).Run();
        if (purged == 2) return;
        var oldest = db.Prepare("SELECT at FROM seen ORDER BY n LIMIT 1");
        _purgeFrom = (oldest.Step() ? oldest.Long(0) : now) + _window;
        oldest.Reset();
    }
}
