namespace CrmServerless.Local.Sqlite;

/// <summary>Settling: what becomes of a delivery, in memory at once and in the file with the next commit.</summary>
public sealed partial class SqliteBus
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly ITimer _retryTimer;
    private Settlement _settlement = new();
    private bool _settling;

    internal Task Settle(SqliteDelivery delivery, bool completed)
    {
        lock (_gate)
        {
            if (!EndLease(delivery)) return Task.FromException(new LeaseLostException());
            if (completed) Finish(delivery.Queue, delivery.Message);
            else Redeliver(delivery.Queue, delivery.Message, delivery.DeliveryCount);
            Offer(delivery.Queue);
            NoteSettlement();
            return Task.CompletedTask;
        }
    }

    /// <summary>Takes a delivery back as if it had never gone out.</summary>
    private void Unlease(SqliteDelivery delivery)
    {
        lock (_gate)
        {
            if (!EndLease(delivery)) return;
            delivery.Queue.PutOff(delivery.Message);
            Offer(delivery.Queue);
        }
    }

    private void Finish(StageQueue queue, Message message)
    {
        queue.Finish(message);
        message.Pending &= ~queue.Mask;
        _settlement.Pending(message.Seq, message.Pending);
        if (queue.Deliveries.Remove(message.Seq)) _settlement.Deliveries(message.Seq, queue.Bit, 0);
        if ((message.Pending & _known) == 0) _bodies.Remove(message.Seq);
        Leave(1);
    }

    private void Redeliver(StageQueue queue, Message message, int deliveries)
    {
        if (deliveries >= _options.MaxDeliveries)
        {
            queue.Dead++;
            _settlement.Dead(message.Seq, queue.Bit, deliveries, Now);
            Finish(queue, message);
            return;
        }

        CountDelivery(queue, message, deliveries);
        queue.Return(message);
    }

    private void CountDelivery(StageQueue queue, Message message, int deliveries)
    {
        queue.Deliveries[message.Seq] = deliveries;
        _settlement.Deliveries(message.Seq, queue.Bit, deliveries);
    }

    // The last owner died: what may have been out counts as delivered, so that a message which kills the process ends
    // among the dead letters some day. Taken all before the first is returned, and returned last first, so that the
    // order stays.
    private void CountLostDeliveries()
    {
        foreach (var queue in _queues.Values)
        {
            var out_ = new Stack<Message>();
            for (var n = queue.MayHaveBeenOut; n > 0; n--) out_.Push(queue.Take()!);
            foreach (var message in out_) Redeliver(queue, message, queue.Deliveries.GetValueOrDefault(message.Seq) + 1);
        }
    }

    /// <summary>Sees to it that the settlement is written; one item at a time is on its way. Under the lock.</summary>
    private void NoteSettlement()
    {
        if (_settling || _disposed || _settlement.IsEmpty) return;
        _settling = _writer.Post(new SettleItem(this));
    }

    private void PostSettlement()
    {
        lock (_gate)
        {
            _settling = false;
            NoteSettlement();
        }
    }

    private Settlement TakeSettlement()
    {
        lock (_gate)
        {
            var taken = _settlement;
            _settlement = new();
            return taken;
        }
    }

    private void PutBack(Settlement? taken)
    {
        lock (_gate)
        {
            if (taken is not null)
            {
                taken.Add(_settlement);
                _settlement = taken;
            }

            // Still "settling", so that the next attempt is the timer's and not the next completion's.
            _retryTimer.Change(RetryAfter, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class SettleItem : WriteItem
    {
        private readonly SqliteBus _bus;
        private Settlement? _taken;

        public SettleItem(SqliteBus bus)
        {
            _bus = bus;
            Counted = false;
        }

        // Taken when it runs, not when it was posted: whatever gathered in between goes along.
        public override void Run(Database database) => (_taken ??= _bus.TakeSettlement()).Write(database);

        public override void Committed() => _bus.PostSettlement();

        public override void Failed(Exception fault)
        {
            _bus.PutBack(_taken);
            _bus._options.OnFault?.Invoke(fault);
        }
    }
}
