using System.Numerics;

namespace CrmServerless.Local.Sqlite;

/// <summary>How much there is to do.</summary>
public sealed partial class SqliteBus
{
    private readonly List<TaskCompletionSource> _idle = [];

    // Messages times stages that wait or are in flight.
    private long _active;
    private long _known;

    /// <summary>What each stage has before it, in the order of the stages; cheap enough to be asked every second.</summary>
    public IReadOnlyList<StageDepth> Depths()
    {
        lock (_gate)
        {
            return [.. _options.Stages.Select(stage =>
            {
                var queue = _queues[stage.Name];
                var oldest = queue.OldestWaiting();
                foreach (var delivery in _leases)
                {
                    if (delivery.Queue == queue && !(oldest <= delivery.Message.At)) oldest = delivery.Message.At;
                }

                return new StageDepth(
                    stage.Name, queue.Count - queue.InFlight, queue.InFlight, queue.Delayed,
                    oldest is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, queue.Dead);
            })];
        }
    }

    /// <summary>Completes when nothing waits or is in flight in any stage; what is not due yet does not count.</summary>
    public Task WhenIdle(CancellationToken ct)
    {
        lock (_gate)
        {
            if (_active == 0) return Task.CompletedTask;
            var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _idle.Add(idle);
            return idle.Task.WaitAsync(ct);
        }
    }

    private void LeaveAll(Message message) => Leave(BitOperations.PopCount((ulong)(message.Pending & _known)));

    private void Leave(int count)
    {
        _active -= count;
        if (_active > 0) return;
        foreach (var idle in _idle) idle.SetResult();
        _idle.Clear();
    }
}
