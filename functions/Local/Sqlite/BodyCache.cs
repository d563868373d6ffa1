using Microsoft.Data.Sqlite;

namespace CrmServerless.Local.Sqlite;

/// <summary>
/// Bodies of messages that wait, up to a bound. When it is full new ones are left out, not old ones thrown out: the
/// oldest are delivered first. What is not here is read from the file, a stretch at a time for each stage.
/// </summary>
internal sealed class BodyCache(long capacity, int stages, ReadPool reads)
{
    private const int Stretch = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, MessageBody> _bodies = [];

    // Read ahead, and replaced as a whole by the next stretch: nobody has to tell which of them are completed by then.
    private readonly Dictionary<long, MessageBody>[] _ahead =
        [.. Enumerable.Range(0, stages).Select(_ => new Dictionary<long, MessageBody>())];

    private long _bytes;

    public void Add(long seq, MessageBody body)
    {
        lock (_gate)
        {
            if (_bytes + Cost(body) > capacity || !_bodies.TryAdd(seq, body)) return;
            _bytes += Cost(body);
        }
    }

    public void Remove(long seq)
    {
        lock (_gate)
        {
            if (_bodies.Remove(seq, out var body)) _bytes -= Cost(body);
        }
    }

    /// <summary>The body of a message that the stage has not completed.</summary>
    /// <exception cref="Crm.Messaging.TransientException">The file could not be read.</exception>
    /// <exception cref="SqliteException">The file is damaged where the body stands.</exception>
    /// <exception cref="InvalidDataException">The body is missing: somebody has changed or repaired the file.</exception>
    public MessageBody Get(long seq, int stage)
    {
        lock (_gate)
        {
            if (_bodies.TryGetValue(seq, out var body) || _ahead[stage].TryGetValue(seq, out body)) return body;
        }

        var read = Read(seq);
        if (!read.TryGetValue(seq, out var found)) throw new InvalidDataException($"Message {seq} has no body: the broker's file is damaged.");
        lock (_gate) _ahead[stage] = read;
        return found;
    }

    private Dictionary<long, MessageBody> Read(long seq)
    {
        try
        {
            return reads.Read(seq, static (db, from) => BusFile.ReadBodies(db, from, Stretch));
        }
        catch (SqliteException)
        {
            // Damage further on in the stretch must not take this one along.
            return reads.Read(seq, static (db, from) => BusFile.ReadBodies(db, from, 1));
        }
    }

    private static int Cost(MessageBody body) => body.Bytes.Length + 200;
}
