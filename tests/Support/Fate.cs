namespace CrmServerless.Tests.Support;

/// <summary>
/// What becomes of one process. Each of its acts on the outside has a name, such as <c>replace customers customer</c>,
/// <c>publish ReplySent</c> or <c>call custom/send</c>; at a chosen one it dies, stands still or meets a fault. A dead
/// process does nothing any more.
/// </summary>
public sealed class Fate : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource died = new();
    private readonly List<Turn> turns = [];
    private readonly List<string> acts = [];

    public bool Dead => died.IsCancellationRequested;

    /// <summary>Cancelled by death, so that no code of the process goes on to clean up.</summary>
    public CancellationToken Alive => died.Token;

    /// <summary>The names of all acts so far.</summary>
    public IReadOnlyList<string> Acts
    {
        get
        {
            lock (gate) return [.. acts];
        }
    }

    /// <summary>Dies before the n-th act of this name, in the middle of it (where it has parts) or after it.</summary>
    public Fate Die(Moment moment, string act, int nth = 1) => Add(new Turn(act, nth, moment, null, null));

    /// <summary>The n-th act of this name meets a fault instead of happening.</summary>
    public Fate Fail(string act, Exception fault, int nth = 1) => Add(new Turn(act, nth, Moment.Before, null, fault));

    /// <summary>Stands still before or after the n-th act of this name until it is released.</summary>
    public Pause Hold(Moment moment, string act, int nth = 1)
    {
        var pause = new Pause();
        Add(new Turn(act, nth, moment, pause, null));
        return pause;
    }

    /// <summary>Does an act, or what fate has in store instead.</summary>
    /// <param name="act">Its name; a turn applies to every name that begins with its own.</param>
    /// <param name="whole">The act.</param>
    /// <param name="half">A part of it that may happen alone; null if it has no parts.</param>
    public async Task<T> Do<T>(string act, Func<Task<T>> whole, Func<Task>? half = null)
    {
        Turn? turn = null;
        lock (gate)
        {
            Check();
            acts.Add(act);
            foreach (var candidate in turns)
                if (act.StartsWith(candidate.Act, StringComparison.Ordinal) && ++candidate.Seen == candidate.Nth) turn = candidate;
        }

        if (turn is { Moment: Moment.Before }) await Meet(turn);
        if (turn is { Moment: Moment.Halfway })
        {
            await (half ?? throw new InvalidOperationException($"{act} has no half."))();
            await Meet(turn);
        }

        var result = await whole();
        if (turn is { Moment: Moment.After }) await Meet(turn);
        Check();
        return result;
    }

    public void Dispose() => died.Dispose();

    private Fate Add(Turn turn)
    {
        lock (gate) turns.Add(turn);
        return this;
    }

    private async Task Meet(Turn turn)
    {
        if (turn.Fault is { } fault) throw fault;
        if (turn.Pause is { } pause) await pause.Wait();
        else await died.CancelAsync();
        Check();
    }

    private void Check()
    {
        if (Dead) throw new ProcessDiedException();
    }

    private sealed record Turn(string Act, int Nth, Moment Moment, Pause? Pause, Exception? Fault)
    {
        public int Seen { get; set; }
    }
}

public enum Moment
{
    Before,
    Halfway,
    After,
}

/// <summary>A process that stands still.</summary>
public sealed class Pause
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>It stands there now.</summary>
    public Task Reached => reached.Task;

    public void Release() => released.TrySetResult();

    internal Task Wait()
    {
        reached.TrySetResult();
        return released.Task;
    }
}
