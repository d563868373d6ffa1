using System.Diagnostics.CodeAnalysis;
using CrmServerless.Crm.Messaging;
using Microsoft.Data.Sqlite;

namespace CrmServerless.Local.Sqlite;

/// <summary>Receiving: what is ready goes to who waits.</summary>
public sealed partial class SqliteBus
{
    /// <summary>The next message of a stage; waits for one without polling.</summary>
    /// <exception cref="ArgumentException">No such stage.</exception>
    /// <exception cref="ObjectDisposedException">The bus is closed.</exception>
    /// <exception cref="TransientException">The body could not be read; the message stays.</exception>
    public async ValueTask<SqliteDelivery> Receive(string stage, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var queue = Queue(stage);
        SqliteDelivery? ready;
        TaskCompletionSource<SqliteDelivery>? receiver = null;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ready = Lease(queue);
            if (ready is null)
            {
                while (queue.Receivers.TryPeek(out var gone) && gone.Task.IsCompleted) queue.Receivers.Dequeue();
                receiver = new(TaskCreationOptions.RunContinuationsAsynchronously);
                queue.Receivers.Enqueue(receiver);
            }
        }

        return Fill(ready ?? await Wait(receiver!, ct));
    }

    /// <summary>The next message of a stage, if one is ready now.</summary>
    /// <exception cref="ArgumentException">No such stage.</exception>
    public bool TryReceive(string stage, [NotNullWhen(true)] out SqliteDelivery? delivery)
    {
        var queue = Queue(stage);
        lock (_gate) delivery = _disposed ? null : Lease(queue);
        if (delivery is not null) Fill(delivery);
        return delivery is not null;
    }

    /// <summary>Whatever waits for a stage without sessions: waits for one message, then takes up to <paramref name="max"/>.</summary>
    /// <exception cref="ArgumentException">No such stage, or one with sessions.</exception>
    public async ValueTask<IReadOnlyList<SqliteDelivery>> ReceiveBatch(string stage, int max, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        if (Queue(stage).Stage.Sessions) throw new ArgumentException($"Stage {stage} takes one message of a lane at a time.", nameof(stage));
        var batch = new List<SqliteDelivery> { await Receive(stage, ct) };
        try
        {
            while (batch.Count < max && TryReceive(stage, out var next)) batch.Add(next);
        }
        catch (Exception e) when (e is TransientException or SqliteException or InvalidDataException)
        {
            // The next that cannot be read waits for its turn; those that could be are not kept from theirs.
        }

        return batch;
    }

    private StageQueue Queue(string stage) =>
        _queues.TryGetValue(stage, out var queue) ? queue : throw new ArgumentException($"No stage '{stage}'.", nameof(stage));

    private async Task<SqliteDelivery> Wait(TaskCompletionSource<SqliteDelivery> receiver, CancellationToken ct)
    {
        // Under the lock, so that Offer never leases a message to somebody who is gone.
        await using var registration = ct.Register(() =>
        {
            lock (_gate) receiver.TrySetCanceled(ct);
        });
        return await receiver.Task;
    }

    // Outside the lock: it may read the file.
    private SqliteDelivery Fill(SqliteDelivery delivery)
    {
        try
        {
            delivery.Content = _bodies.Get(delivery.Message.Seq, delivery.Queue.Index);
            return delivery;
        }
        catch
        {
            Unlease(delivery);
            throw;
        }
    }

    /// <summary>Leases the next message; null if none is ready. Under the lock.</summary>
    private SqliteDelivery? Lease(StageQueue queue)
    {
        if (queue.Take() is not { } message) return null;
        var delivery = new SqliteDelivery(this, queue, message, queue.Deliveries.GetValueOrDefault(message.Seq) + 1)
        {
            LeaseUntil = _time.GetUtcNow() + _options.Lease,
        };
        queue.InFlight++;
        _leases.AddLast(delivery.Node);
        ArmLeaseTimer();
        return delivery;
    }

    /// <summary>Gives what is ready to those who wait. Under the lock.</summary>
    private void Offer(StageQueue queue)
    {
        while (queue.Receivers.TryPeek(out var receiver))
        {
            if (!receiver.Task.IsCompleted)
            {
                if (Lease(queue) is not { } delivery) return;
                receiver.SetResult(delivery);
            }

            queue.Receivers.Dequeue();
        }
    }

    /// <summary>Puts a message at the end of its queues. Under the lock.</summary>
    private void Join(Message message)
    {
        foreach (var queue in _queues.Values)
        {
            if ((message.Pending & queue.Mask) == 0) continue;
            _active++;
            queue.Add(message);
            Offer(queue);
        }
    }
}
