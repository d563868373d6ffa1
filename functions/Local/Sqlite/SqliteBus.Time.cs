namespace CrmServerless.Local.Sqlite;

/// <summary>What happens by time: leases run out, delayed messages become due.</summary>
public sealed partial class SqliteBus
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    // All leases are equally long, so the list is in the order in which they end: a renewal moves to the end.
    private readonly LinkedList<SqliteDelivery> _leases = new();
    private readonly PriorityQueue<Message, (long Due, long Seq)> _delayed = new();
    private readonly ITimer _leaseTimer;
    private readonly ITimer _dueTimer;
    private bool _leaseTimerArmed;

    internal bool TryRenew(SqliteDelivery delivery)
    {
        lock (_gate)
        {
            if (delivery.Node.List is null) return false;
            _leases.Remove(delivery.Node);
            delivery.LeaseUntil = _time.GetUtcNow() + _options.Lease;
            _leases.AddLast(delivery.Node);
            return true;
        }
    }

    private bool EndLease(SqliteDelivery delivery)
    {
        if (delivery.Node.List is null) return false;
        _leases.Remove(delivery.Node);
        delivery.Queue.InFlight--;
        return true;
    }

    private void ExpireLeases()
    {
        lock (_gate)
        {
            _leaseTimerArmed = false;
            if (_disposed) return;
            var now = _time.GetUtcNow();
            while (_leases.First is { } node && node.Value.LeaseUntil <= now)
            {
                var delivery = node.Value;
                EndLease(delivery);
                Redeliver(delivery.Queue, delivery.Message, delivery.DeliveryCount);
                Offer(delivery.Queue);
            }

            NoteSettlement();
            ArmLeaseTimer();
        }
    }

    // Armed for the lease that was first; if it was completed meanwhile the timer rings in vain, once a lease's length.
    private void ArmLeaseTimer()
    {
        if (_leaseTimerArmed || _leases.First is not { } first) return;
        _leaseTimerArmed = true;
        Arm(_leaseTimer, first.Value.LeaseUntil - _time.GetUtcNow());
    }

    private void Delay(Message message)
    {
        Park(message, message.Due);
        ArmDueTimer();
    }

    private void Park(Message message, long until)
    {
        foreach (var queue in _queues.Values)
        {
            if ((message.Pending & queue.Mask) != 0) queue.Delayed++;
        }

        if ((message.Pending & _known) != 0) _delayed.Enqueue(message, (until, message.Seq));
    }

    private void ArmDueTimer()
    {
        if (_delayed.TryPeek(out _, out var first)) Arm(_dueTimer, TimeSpan.FromMilliseconds(first.Due - Now));
    }

    private static void Arm(ITimer timer, TimeSpan wait)
    {
        var least = TimeSpan.FromMilliseconds(1);
        timer.Change(wait < least ? least : wait > LongestTimer ? LongestTimer : wait, Timeout.InfiniteTimeSpan);
    }

    private void JoinDue()
    {
        lock (_gate)
        {
            if (_disposed) return;
            var now = Now;
            while (_delayed.TryPeek(out _, out var first) && first.Due <= now)
            {
                var due = new List<Message>();
                while (due.Count < SqliteWriter.MaxGroup && _delayed.TryPeek(out _, out first) && first.Due <= now)
                    due.Add(_delayed.Dequeue());
                foreach (var message in due) Unpark(message);
                _writer.Post(new JoinItem(this, due));
            }

            ArmDueTimer();
        }
    }

    // From now on it keeps WhenIdle waiting, though it joins its lanes only after the commit.
    private void Unpark(Message message)
    {
        foreach (var queue in _queues.Values)
        {
            if ((message.Pending & queue.Mask) == 0) continue;
            queue.Delayed--;
            _active++;
        }
    }

    private sealed class JoinItem : WriteItem
    {
        private readonly SqliteBus _bus;
        private readonly List<Message> _due;
        private readonly long[] _seqs;
        private long _now;

        public JoinItem(SqliteBus bus, List<Message> due)
        {
            _bus = bus;
            _due = due;
            _seqs = new long[due.Count];
            Counted = false;
        }

        public override void Run(Database database)
        {
            _now = _bus.Now;
            for (var i = 0; i < _seqs.Length; i++) _seqs[i] = _bus._file.Join(database, _due[i].Seq, _now);
        }

        public override void Committed()
        {
            lock (_bus._gate)
            {
                for (var i = 0; i < _seqs.Length; i++)
                {
                    var message = _due[i];
                    (message.Seq, message.At) = (_seqs[i], _now);
                    _bus.Join(message);
                    _bus.LeaveAll(message);
                }
            }
        }

        public override void Failed(Exception fault)
        {
            lock (_bus._gate)
            {
                foreach (var message in _due)
                {
                    _bus.Park(message, _bus.Now + (long)RetryAfter.TotalMilliseconds);
                    _bus.LeaveAll(message);
                }

                if (!_bus._disposed) _bus.ArmDueTimer();
            }

            _bus._options.OnFault?.Invoke(fault);
        }
    }
}
