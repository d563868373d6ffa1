using CrmServerless.Crm;

namespace CrmServerless.Local.Sqlite;

/// <summary>What waits for one stage. Not thread-safe: the bus calls it under its lock.</summary>
internal abstract class StageQueue(Stage stage, int bit, int index)
{
    public Stage Stage { get; } = stage;

    /// <summary>Its place in the list of stages, which may change; <see cref="Bit"/> does not.</summary>
    public int Index { get; } = index;

    /// <summary>The stage's bit in <see cref="Message.Pending"/>.</summary>
    public long Mask { get; } = 1L << bit;

    public int Bit { get; } = bit;

    /// <summary>Messages in the queue, in flight or not.</summary>
    public int Count { get; protected set; }

    public int InFlight { get; set; }

    public int Delayed { get; set; }

    public int Dead { get; set; }

    /// <summary>Deliveries so far of messages that failed, by seq.</summary>
    public Dictionary<long, int> Deliveries { get; } = [];

    /// <summary>Who waits for a message.</summary>
    public Queue<TaskCompletionSource<SqliteDelivery>> Receivers { get; } = [];

    public static StageQueue For(Stage stage, int bit, int index, int lanes) =>
        stage.Sessions ? new LaneQueue(stage, bit, index, lanes) : new OpenQueue(stage, bit, index);

    /// <summary>Adds at the end.</summary>
    public abstract void Add(Message message);

    /// <summary>The next message that may go out, now out; null if there is none.</summary>
    public abstract Message? Take();

    /// <summary>What is out is finished.</summary>
    public abstract void Finish(Message message);

    /// <summary>What is out comes back, to the head.</summary>
    public abstract void Return(Message message);

    /// <summary>What is out could not be read and comes back: behind others where that is allowed, so that it holds up nobody.</summary>
    public abstract void PutOff(Message message);

    /// <summary>Earliest <see cref="Message.At"/> of what waits; what is out may be left out.</summary>
    public abstract long? OldestWaiting();

    /// <summary>How many of those that are next may have been out when the process died.</summary>
    public abstract int MayHaveBeenOut { get; }
}

/// <summary>A stage with sessions: of each lane one message at a time, in order.</summary>
internal sealed class LaneQueue(Stage stage, int bit, int index, int lanes) : StageQueue(stage, bit, index)
{
    // The head of a lane stays in its queue while it is out: that is what blocks the lane.
    private readonly Queue<Message>[] _lanes = [.. Enumerable.Range(0, lanes).Select(_ => new Queue<Message>())];
    private readonly Queue<int> _ready = [];

    public override void Add(Message message)
    {
        var lane = _lanes[message.Lane];
        lane.Enqueue(message);
        Count++;
        if (lane.Count == 1) _ready.Enqueue(message.Lane);
    }

    public override Message? Take() => _ready.TryDequeue(out var lane) ? _lanes[lane].Peek() : null;

    public override void Finish(Message message)
    {
        var lane = _lanes[message.Lane];
        lane.Dequeue();
        Count--;
        if (lane.Count > 0) _ready.Enqueue(message.Lane);
    }

    public override void Return(Message message) => _ready.Enqueue(message.Lane);

    // The head of its lane all the same, but the other lanes come first.
    public override void PutOff(Message message) => Return(message);

    public override long? OldestWaiting()
    {
        long? oldest = null;
        foreach (var lane in _lanes)
        {
            if (lane.TryPeek(out var head) && !(oldest <= head.At)) oldest = head.At;
        }

        return oldest;
    }

    public override int MayHaveBeenOut => _ready.Count;
}

/// <summary>A stage without sessions: whatever waits, in parallel.</summary>
internal sealed class OpenQueue(Stage stage, int bit, int index) : StageQueue(stage, bit, index)
{
    // More than a host has out at a time; they go out in order, so what was out is near the head.
    private const int MostOut = 128;

    private readonly Queue<Message> _waiting = [];
    private readonly Stack<Message> _returned = [];

    public override void Add(Message message)
    {
        _waiting.Enqueue(message);
        Count++;
    }

    public override Message? Take() =>
        _returned.TryPop(out var message) || _waiting.TryDequeue(out message) ? message : null;

    public override void Finish(Message message) => Count--;

    public override void Return(Message message) => _returned.Push(message);

    public override void PutOff(Message message) => _waiting.Enqueue(message);

    public override long? OldestWaiting()
    {
        long? oldest = _waiting.TryPeek(out var head) ? head.At : null;
        foreach (var message in _returned)
        {
            if (!(oldest <= message.At)) oldest = message.At;
        }

        return oldest;
    }

    public override int MayHaveBeenOut => Math.Min(_waiting.Count, MostOut);
}
