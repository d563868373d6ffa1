namespace CrmServerless.WeChat.Api;

/// <summary>The shared state with an end to patience: a store that hangs counts as one that is down, so that no call to WeChat waits for it.</summary>
internal sealed class PatientState(ISharedState inner, TimeSpan limit) : ISharedState
{
    /// <summary>Real time, as for every other input and output; a store answers in some milliseconds.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public PatientState(ISharedState inner) : this(inner, Limit) { }

    public ValueTask<SharedValue?> Read(string scope, string name, CancellationToken ct) =>
        InTime((scope, name), static (state, key, limited) => state.Read(key.scope, key.name, limited), ct);

    public ValueTask<string?> Write(string scope, string name, ReadOnlyMemory<byte> value, string? etag, CancellationToken ct) =>
        InTime((scope, name, value, etag), static (state, write, limited) => state.Write(write.scope, write.name, write.value, write.etag, limited), ct);

    private async ValueTask<T> InTime<TKey, T>(TKey key, Func<ISharedState, TKey, CancellationToken, ValueTask<T>> call, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(limit);
        try
        {
            return await call(inner, key, limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new SharedStateException($"The shared state does not answer within {limit.TotalSeconds} s.", e);
        }
    }
}
