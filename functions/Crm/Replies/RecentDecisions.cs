namespace CrmServerless.Crm.Replies;

/// <summary>
/// Remembers what was decided on an event while WeChat may deliver it again, so that an edit in between changes nothing.
/// In memory only: bounded in time and number.
/// </summary>
public sealed class RecentDecisions<T>(TimeProvider clock)
{
    /// <summary>WeChat gives up after 5 s and delivers three times more; a little longer than that.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    /// <summary>Decisions kept at most, some 3 MB; beyond them the oldest is forgotten.</summary>
    public const int Most = 20_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, T> known = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, long At)> order = new();

    /// <summary>The first decision on this id: that of whoever comes first, also of two that come together.</summary>
    public T Once(string id, Func<T> decide)
    {
        lock (gate)
        {
            while (order.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At) > Kept) Forget();
            if (known.TryGetValue(id, out var before)) return before;
        }

        var decided = decide(); // outside: an expression in a rule may take its time
        lock (gate)
        {
            if (!known.TryAdd(id, decided)) return known[id];
            if (order.Count == Most) Forget();
            order.Enqueue((id, clock.GetTimestamp()));
            return decided;
        }
    }

    private void Forget() => known.Remove(order.Dequeue().Id);
}
