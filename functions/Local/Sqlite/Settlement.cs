namespace CrmServerless.Local.Sqlite;

/// <summary>
/// What has happened to messages in memory and is not in the file yet. Between two commits it gathers: a message that
/// three stages complete in the meantime costs one delete.
/// </summary>
internal sealed class Settlement
{
    private readonly Dictionary<long, long> _pending = [];
    private readonly Dictionary<(long Seq, int Bit), int> _deliveries = [];
    private readonly List<(long Seq, int Bit, int Deliveries, long At)> _dead = [];

    public bool IsEmpty => _pending.Count == 0 && _deliveries.Count == 0 && _dead.Count == 0;

    public void Pending(long seq, long mask) => _pending[seq] = mask;

    public void Deliveries(long seq, int bit, int count) => _deliveries[(seq, bit)] = count;

    public void Dead(long seq, int bit, int deliveries, long at) => _dead.Add((seq, bit, deliveries, at));

    public void Write(Database db)
    {
        // Dead letters first: they copy the body that the mask may delete.
        foreach (var (seq, bit, deliveries, at) in _dead)
        {
            db.Prepare("""
                INSERT INTO dead (bit, message_id, fact_id, key, deliveries, at, bytes)
                SELECT ?, message_id, fact_id, key, ?, ?, bytes FROM body JOIN message USING (seq) WHERE seq = ?
                """).Bind(1, bit).Bind(2, deliveries).Bind(3, at).Bind(4, seq).Run();
        }

        foreach (var (seq, mask) in _pending) BusFile.SetPending(db, seq, mask);
        foreach (var ((seq, bit), count) in _deliveries) BusFile.SetDeliveries(db, seq, bit, count);
    }

    /// <summary>Takes in what came after, after this could not be written.</summary>
    public void Add(Settlement later)
    {
        foreach (var (seq, mask) in later._pending) _pending[seq] = mask;
        foreach (var (key, count) in later._deliveries) _deliveries[key] = count;
        _dead.AddRange(later._dead);
    }
}
