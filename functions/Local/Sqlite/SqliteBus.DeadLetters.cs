namespace CrmServerless.Local.Sqlite;

/// <summary>Messages that were delivered too often, as Service Bus keeps them in the dead-letter queue.</summary>
public sealed partial class SqliteBus
{
    /// <summary>Dead letters of all stages of the file, oldest first.</summary>
    /// <param name="take">At most this many.</param>
    /// <param name="after">Those behind this number; 0 from the start.</param>
    public IReadOnlyList<BrokerDeadLetter> DeadLetters(int take = 100, long after = 0) =>
        _reads.Read((take, after), static (db, page) =>
        {
            var letters = new List<BrokerDeadLetter>();
            var rows = db.Prepare("""
                SELECT n, name, message_id, fact_id, deliveries, at, bytes FROM dead JOIN stage USING (bit)
                WHERE n > ? ORDER BY n LIMIT ?
                """).Bind(1, page.after).Bind(2, page.take);
            while (rows.Step())
            {
                letters.Add(new BrokerDeadLetter(
                    rows.Long(0), rows.Text(1), rows.Text(2), rows.Text(3), (int)rows.Long(4),
                    DateTimeOffset.FromUnixTimeMilliseconds(rows.Long(5)), rows.Blob(6)));
            }

            return letters;
        });

    /// <summary>
    /// Puts a dead letter at the end of its lane, for the stage that gave it up only and with its count at zero; false if
    /// there is no such letter.
    /// </summary>
    public Task<bool> Resubmit(long number, CancellationToken ct)
    {
        Message? message = null;
        MessageBody? body = null;
        return _writer.Run(db =>
        {
            message = null;
            var row = db.Prepare("SELECT bit, key, message_id, fact_id, bytes FROM dead WHERE n = ?").Bind(1, number);
            if (!row.Step()) return false;
            var key = row.Text(1);
            body = new MessageBody(row.Text(2), row.Text(3), row.Blob(4));
            var mask = 1L << (int)row.Long(0);
            row.Reset();
            message = _file.Put(db, new Incoming(key, Crm.Messaging.Lanes.Of(key, _options.Lanes), mask, 0, body), Now);
            return Delete(db, number);
        }, ct, found =>
        {
            if (!found) return;
            CountDead(message!.Pending);
            Enter([(message, body!)]);
        });
    }

    /// <summary>Forgets a dead letter; false if there is no such letter.</summary>
    public Task<bool> Drop(long number, CancellationToken ct)
    {
        var mask = 0L;
        return _writer.Run(db =>
        {
            var row = db.Prepare("SELECT bit FROM dead WHERE n = ?").Bind(1, number);
            if (!row.Step()) return false;
            mask = 1L << (int)row.Long(0);
            row.Reset();
            return Delete(db, number);
        }, ct, found =>
        {
            if (found) CountDead(mask);
        });
    }

    private static bool Delete(Database db, long number) =>
        db.Prepare("DELETE FROM dead WHERE n = ?").Bind(1, number).Run() == 1;

    private void CountDead(long mask)
    {
        lock (_gate)
        {
            foreach (var queue in _queues.Values.Where(q => q.Mask == mask)) queue.Dead--;
        }
    }
}
