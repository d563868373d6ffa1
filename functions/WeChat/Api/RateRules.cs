namespace CrmServerless.WeChat.Api;

/// <summary>What has been drawn from a limit in one window of the clock, as the instances share it.</summary>
internal sealed record RateCounter
{
    /// <summary>Which window: whole minutes or hours since the year 1.</summary>
    public long Window { get; init; }

    /// <summary>Calls drawn, by API or by account; 0 of who came and got none.</summary>
    public IReadOnlyDictionary<string, int> Taken { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Who drew in the window before.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];
}

/// <summary>The decisions about limits of calls, without any input or output.</summary>
internal static class RateRules
{
    /// <summary>Clocks of instances may differ by this much; a counter that is further ahead is an error and begins anew.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public static long Window(DateTimeOffset now, TimeSpan length) => now.UtcTicks / length.Ticks;

    public static DateTimeOffset End(long window, TimeSpan length) => new((window + 1) * length.Ticks, TimeSpan.Zero);

    /// <summary>How much an instance draws at once: 2 % of the limit, so that the store sees one write for so many calls.</summary>
    public static int Chunk(int limit) => Math.Max(1, limit / 50);

    /// <summary>The counter for a window. One that is ahead is kept: then our clock is behind, and what is drawn counts there.</summary>
    public static RateCounter At(RateCounter? stored, long window, TimeSpan length)
    {
        if (stored is not null && stored.Window >= window && stored.Window - window <= Math.Max(1, Skew.Ticks / length.Ticks)) return stored;
        return new RateCounter { Window = window, Before = stored?.Window == window - 1 ? [.. stored.Taken.Keys.Order(StringComparer.Ordinal)] : [] };
    }

    /// <summary>What may be drawn from a limit of one's own.</summary>
    public static int Own(RateCounter counter, string name, int limit) =>
        Math.Clamp(limit - counter.Taken.GetValueOrDefault(name), 0, Chunk(limit));

    /// <summary>
    /// What one may draw from a limit that all share: what is left, less what the others who drew in this window or the
    /// last still lack to an equal share. So nobody's share is taken by somebody who is faster, and what nobody claims is used.
    /// </summary>
    public static int Fair(RateCounter counter, string name, int limit)
    {
        var others = counter.Taken.Keys.Union(counter.Before, StringComparer.Ordinal).Where(o => o != name).ToList();
        var share = limit / (others.Count + 1);
        long left = limit;
        foreach (var taken in counter.Taken.Values) left -= taken;
        foreach (var other in others) left -= Math.Max(0, share - counter.Taken.GetValueOrDefault(other));
        return (int)Math.Clamp(left, 0, Chunk(limit));
    }

    /// <summary>The counter after a draw; itself if it says that already.</summary>
    public static RateCounter Draw(RateCounter counter, string name, int drawn)
    {
        if (drawn == 0 && counter.Taken.ContainsKey(name)) return counter;
        return counter with
        {
            Taken = new Dictionary<string, int>(counter.Taken, StringComparer.Ordinal) { [name] = counter.Taken.GetValueOrDefault(name) + drawn },
        };
    }
}
