namespace CrmServerless.WeChat.Api;

/// <summary>The shared state with an end to patience: a store that hangs counts as one that is down, so that no call to WeChat waits for it.</summary>
internal sealed class PatientState(ISharedState inner) : ISharedState
{
    /// <summary>Real time, as for every other input and output; a store answers in some milliseconds.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public ValueTask<SharedValue?> Read(string scope, string name, CancellationToken ct) =>
        InTime(inner, (scope, name), static (state, key, limited) => state.Read(key.scope, key.name, limited), ct);

    public ValueTask<string?> Write(string scope, string name, ReadOnlyMemory<byte> value, string? etag, CancellationToken ct) =>
        InTime(inner, (scope, name, value, etag), static (state, write, limited) => state.Write(write.scope, write.name, write.value, write.etag, limited), ct);

    private static async ValueTask<T> InTime<TKey, T>(
        ISharedState state, TKey key, Func<ISharedState, TKey, CancellationToken, ValueTask<T>> call, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        try
        {
            return await call(state, key, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new SharedStateException($"The shared state does not answer within {Limit.TotalSeconds} s.", e);
        }
    }
}
