using System.Collections.Concurrent;
using System.Text.Json;

namespace CrmServerless.WeChat.Api;

/// <summary>What quotas have closed, told to all instances: one value an account.</summary>
internal sealed class SharedClosures(ISharedState shared, TimeProvider time, TimeSpan every)
{
    private const string Name = "closed";
    private const int MaxAttempts = 5;

    private readonly ConcurrentDictionary<string, long> read = new(StringComparer.Ordinal);

    /// <summary>True for one caller each time that what is known has become old.</summary>
    public bool IsDue(string account)
    {
        var now = time.GetTimestamp();
        if (!read.TryGetValue(account, out var last)) return read.TryAdd(account, now);
        return time.GetElapsedTime(last, now) >= every && read.TryUpdate(account, now, last);
    }

    /// <summary>What is closed now; nothing if the store does not answer.</summary>
    public async ValueTask<IReadOnlyList<Closure>> Read(string account, CancellationToken ct)
    {
        try
        {
            return Open(await shared.Read(account, Name, ct).ConfigureAwait(false));
        }
        catch (SharedStateException)
        {
            return [];
        }
    }

    public ValueTask Add(string account, Closure closed, CancellationToken ct) =>
        Change(account, known => [.. known.Where(c => c.Api != closed.Api), closed], ct);

    public ValueTask Clear(string account, CancellationToken ct) => Change(account, _ => [], ct);

    private async ValueTask Change(string account, Func<IReadOnlyList<Closure>, Closure[]> change, CancellationToken ct)
    {
        try
        {
            for (var attempt = 1; attempt <= MaxAttempts; attempt++)
            {
                var before = await shared.Read(account, Name, ct).ConfigureAwait(false);
                var next = JsonSerializer.SerializeToUtf8Bytes(change(Open(before)), WeChatJson.Types.ClosureArray);
                if (await shared.Write(account, Name, next, before?.Etag, ct).ConfigureAwait(false) is not null) return;
            }
        }
        catch (SharedStateException)
        {
            // The others will hear it from WeChat itself.
        }
    }

    private Closure[] Open(SharedValue? value) => value is null
        ? []
        : [.. (WeChatJson.Read(value.Value.Span, WeChatJson.Types.ClosureArray) ?? []).Where(c => c.Until > time.GetUtcNow())];
}
