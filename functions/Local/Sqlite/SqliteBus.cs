using CrmServerless.Crm.Messaging;

namespace CrmServerless.Local.Sqlite;

/// <summary>
/// The topic of the local host: a durable broker in one SQLite file, with what makes Service Bus what it is: lanes
/// (sessions), leases, redelivery, duplicate detection, delayed delivery, dead letters. The file has the truth; memory
/// has the order of what waits and the leases, which is why it has one owner. Lane by lane a stage gets messages in the
/// order in which they were committed.
/// </summary>
/// <remarks>
/// A message belongs to the stages that took its subject when it was published. If a stage is taken off the list, its
/// messages stay in the file until it comes back.
/// </remarks>
public sealed partial class SqliteBus : IMessageBus, IDisposable
{
    private readonly Lock _gate = new();
    private readonly SqliteBusOptions _options;
    private readonly TimeProvider _time;
    private readonly FileOwner _owner;
    private readonly SqliteWriter _writer;
    private readonly ReadPool _reads;
    private readonly BodyCache _bodies;
    private readonly Dictionary<string, StageQueue> _queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _takers = new(StringComparer.Ordinal);
    private BusFile _file = null!;
    private bool _disposed;

    /// <exception cref="FileOwnedException">Another host owns the file.</exception>
    /// <exception cref="TransientException">The file cannot be opened or read.</exception>
    public SqliteBus(SqliteBusOptions options, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Lanes, 1);
        _options = options;
        _time = time;
        _owner = new FileOwner(options.Path);
        _leaseTimer = time.CreateTimer(_ => ExpireLeases(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _dueTimer = time.CreateTimer(_ => JoinDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _retryTimer = time.CreateTimer(_ => PostSettlement(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _reads = new ReadPool(options.Path);
        _bodies = new BodyCache(options.BodyCacheBytes, options.Stages.Count, _reads);
        try
        {
            _writer = new SqliteWriter(options.Path, Load, options.BeforeCommit);
        }
        catch
        {
            DisposeParts();
            throw;
        }

        JoinDue();
    }

    /// <summary>What the writing connection runs with: <c>wal</c> and <c>2</c> (FULL).</summary>
    internal (string JournalMode, string Synchronous) Pragmas => _writer.Pragmas;

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    /// <remarks>A batch is atomic: all facts become visible with one commit, or none.</remarks>
    public Task Publish(IReadOnlyList<OutgoingFact> facts, CancellationToken ct)
    {
        if (facts.Count == 0) return Task.CompletedTask;
        var incoming = new Incoming[facts.Count];
        for (var i = 0; i < incoming.Length; i++) incoming[i] = Prepare(facts[i]);
        return _writer.Run(db => Insert(db, incoming), ct, Enter);
    }

    /// <summary>Completes when everything that was published or settled before is in the file.</summary>
    internal Task Flush() => _writer.Run(_ => true, CancellationToken.None);

    /// <summary>Stops receivers, writes what waits and closes the file. Leases end; their messages count as delivered.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            foreach (var delivery in _leases) CountDelivery(delivery.Queue, delivery.Message, delivery.DeliveryCount);
            EndReceiving();
        }

        _writer.Post(new SettleItem(this));
        _writer.Post(new WriteItem<bool>(
            db =>
            {
                BusFile.MarkCleanStop(db, Now);
                return true;
            }, null, CancellationToken.None) { Counted = false });
        // Before the writer: the last connection to close brings the log into the file, and a reader cannot.
        _reads.Dispose();
        _writer.Dispose();
        DisposeParts();
    }

    /// <summary>For tests: stops like a process that dies.</summary>
    internal void Kill()
    {
        lock (_gate)
        {
            _disposed = true;
            EndReceiving();
        }

        _writer.Kill();
        DisposeParts();
    }

    private void EndReceiving()
    {
        while (_leases.First is { } node) _leases.Remove(node);
        foreach (var queue in _queues.Values)
        {
            while (queue.Receivers.TryDequeue(out var receiver))
                receiver.TrySetException(new ObjectDisposedException(nameof(SqliteBus)));
        }
    }

    private void DisposeParts()
    {
        _leaseTimer.Dispose();
        _dueTimer.Dispose();
        _retryTimer.Dispose();
        _reads.Dispose();
        _owner.Dispose();
    }

    private Incoming Prepare(OutgoingFact outgoing)
    {
        var fact = outgoing.Fact;
        var due = fact.NotBefore?.ToUnixTimeMilliseconds() ?? 0;
        // Rounded up: never before, not even by a part of a millisecond.
        if (fact.NotBefore > DateTimeOffset.FromUnixTimeMilliseconds(due)) due++;
        return new Incoming(
            fact.Key, Lanes.Of(fact.Key, _options.Lanes), _takers.GetValueOrDefault(fact.Subject), due,
            new MessageBody(outgoing.EffectiveMessageId, fact.Id, fact.ToUtf8Bytes()));
    }

    private List<(Message, MessageBody)> Insert(Database db, Incoming[] facts)
    {
        var now = Now;
        var stored = new List<(Message, MessageBody)>(facts.Length);
        foreach (var fact in facts)
        {
            if (_file.Insert(db, fact, now) is { } message) stored.Add((message, fact.Body));
        }

        return stored;
    }

    private void Enter(List<(Message Message, MessageBody Body)> stored)
    {
        foreach (var (message, body) in stored)
        {
            if (message.Due == 0) _bodies.Add(message.Seq, body);
        }

        lock (_gate)
        {
            if (_disposed) return;
            foreach (var (message, _) in stored)
            {
                if (message.Due == 0) Join(message);
                else Delay(message);
            }
        }
    }

    private void Load(Database db)
    {
        _file = new BusFile(db, _options.DuplicateWindow);
        var bits = BusFile.Bits(db, _options.Stages.Select(s => s.Name));
        for (var i = 0; i < bits.Length; i++)
        {
            var queue = StageQueue.For(_options.Stages[i], bits[i], i, _options.Lanes);
            queue.Dead = BusFile.CountDead(db, bits[i]);
            _queues.Add(queue.Stage.Name, queue);
            _known |= queue.Mask;
            foreach (var subject in queue.Stage.Subjects)
                _takers[subject] = _takers.GetValueOrDefault(subject) | queue.Mask;
        }

        foreach (var message in BusFile.Load(db, _options.Lanes))
        {
            if (message.Due == 0) Join(message);
            else Park(message, message.Due);
        }

        foreach (var (seq, bit, count) in BusFile.LoadDeliveries(db))
        {
            if (_queues.Values.FirstOrDefault(q => q.Bit == bit) is { } queue) queue.Deliveries[seq] = count;
        }

        if (_file.CleanStop) return;
        CountLostDeliveries();
        // With this very transaction: a message that kills the process may do so before the next commit.
        TakeSettlement().Write(db);
    }
}
