using System.Collections.Concurrent;
using System.Text.Json;

namespace CrmServerless.WeChat.Api;

/// <summary>The shared value <c>closed</c> of an account.</summary>
/// <param name="Closed">What quotas have closed.</param>
/// <param name="Reopened">How often somebody has opened all: who sees it change forgets what it knew before.</param>
internal sealed record Closures(IReadOnlyList<Closure> Closed, int Reopened)
{
    public static Closures None { get; } = new([], 0);
}

/// <summary>What quotas have closed, told to all instances: one value an account.</summary>
internal sealed class SharedClosures(ISharedState shared, TimeProvider time, TimeSpan every)
{
    private const string Name = "closed";
    private const int MaxAttempts = 10;

    private readonly ConcurrentDictionary<string, long> read = new(StringComparer.Ordinal);

    /// <summary>True for one caller each time that what is known has become old.</summary>
    public bool IsDue(string account)
    {
        var now = time.GetTimestamp();
        if (!read.TryGetValue(account, out var last)) return read.TryAdd(account, now);
        return time.GetElapsedTime(last, now) >= every && read.TryUpdate(account, now, last);
    }

    /// <summary>What is known to all; null if the store does not answer.</summary>
    public async ValueTask<Closures?> Read(string account, CancellationToken ct)
    {
        try
        {
            return Parse(await shared.Read(account, Name, ct).ConfigureAwait(false));
        }
        catch (SharedStateException)
        {
            return null;
        }
    }

    /// <summary>Tells the others; what all know then. Null if the store does not answer: the others will hear it from WeChat itself.</summary>
    public async ValueTask<Closures?> Add(string account, Closure closed)
    {
        try
        {
            return await Change(account, known => known.Closed.Any(c => c.Api == closed.Api && c.Until >= closed.Until)
                ? known
                : known with { Closed = [.. known.Closed.Where(c => c.Api != closed.Api), closed] }).ConfigureAwait(false);
        }
        catch (SharedStateException)
        {
            return null;
        }
    }

    /// <exception cref="SharedStateException">The store does not answer: the other instances still keep closed what was closed.</exception>
    public ValueTask<Closures> Clear(string account) => Change(account, known => new Closures([], known.Reopened + 1));

    // Not under a caller's cancellation: what WeChat has said concerns all.
    private async ValueTask<Closures> Change(string account, Func<Closures, Closures> change)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var before = await shared.Read(account, Name, CancellationToken.None).ConfigureAwait(false);
            var known = Parse(before);
            var next = change(known);
            if (ReferenceEquals(next, known)) return next;
            var value = JsonSerializer.SerializeToUtf8Bytes(next, SharedStateJson.Default.Closures);
            if (await shared.Write(account, Name, value, before?.Etag, CancellationToken.None).ConfigureAwait(false) is not null) return next;
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 10 * attempt)), time).ConfigureAwait(false);
        }

        throw new SharedStateException("Others kept writing.");
    }

    private Closures Parse(SharedValue? value)
    {
        var known = value is null ? null : WeChatJson.Read(value.Value.Span, SharedStateJson.Default.Closures);
        var now = time.GetUtcNow();
        return known is null ? Closures.None : known with { Closed = [.. (known.Closed ?? []).Where(c => c.Until > now)] };
    }
}
