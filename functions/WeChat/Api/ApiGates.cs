using System.Collections.Concurrent;

namespace CrmServerless.WeChat.Api;

/// <summary>An API that is not called for the moment.</summary>
/// <param name="Account">Our name of the account.</param>
/// <param name="Api">The API's path.</param>
/// <param name="Code">WeChat's errcode; -1 where it did not answer.</param>
/// <param name="Until">When it is tried again.</param>
public sealed record ClosedApi(string Account, string Api, int Code, DateTimeOffset Until);

/// <summary>
/// Which API of which account may be called now: one gate each. A quota closes it until its reset, for all instances;
/// calls without an answer open a circuit, for this one; and our own rates are kept.
/// </summary>
public sealed class ApiGates
{
    /// <summary>How soon an instance learns what another has closed.</summary>
    public static readonly TimeSpan SharedEvery = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Account, string Api), ApiGate> gates = new();
    private readonly SharedClosures closures;
    private readonly ApiRates rates;
    private readonly WeChatApiOptions options;
    private readonly TimeProvider time;

    public ApiGates(ISharedState shared, WeChatApiOptions options, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        closures = new SharedClosures(shared, time, SharedEvery);
        rates = new ApiRates(shared, options, time);
    }

    /// <summary>What is closed now, for health and the page.</summary>
    public IReadOnlyList<ClosedApi> Closed
    {
        get
        {
            var now = time.GetUtcNow();
            return [.. gates.Select(g => g.Value.Closed(now) is var (code, until) ? new ClosedApi(g.Key.Account, g.Key.Api, code, until) : null)
                .OfType<ClosedApi>().OrderBy(c => c.Account, StringComparer.Ordinal).ThenBy(c => c.Api, StringComparer.Ordinal)];
        }
    }

    /// <summary>Opens what quotas closed: after <c>clear_quota</c>, or because a person knows better.</summary>
    public async Task Reopen(string account, CancellationToken ct = default)
    {
        foreach (var (key, gate) in gates)
            if (key.Account == account) gate.Reopen();
        await closures.Clear(account, ct).ConfigureAwait(false);
    }

    /// <summary>Null: go ahead, and then either <see cref="Learn"/> or <see cref="Leave"/>. Else why not.</summary>
    internal async ValueTask<ApiResult?> Enter(AccountCredentials account, string api, CancellationToken ct)
    {
        if (closures.IsDue(account.Account))
        {
            foreach (var closed in await closures.Read(account.Account, ct).ConfigureAwait(false))
                Of(account.Account, closed.Api).CloseAsOthers(closed);
        }

        return Of(account.Account, api).Enter(time.GetUtcNow()) ?? await rates.Take(account, api, ct).ConfigureAwait(false);
    }

    /// <summary>The call was not made after all.</summary>
    internal void Leave(AccountCredentials account, string api) => Of(account.Account, api).Leave();

    /// <summary>Draws the conclusion of a call that was made; its result, with the time at which it has a chance again.</summary>
    internal async ValueTask<ApiResult> Learn(AccountCredentials account, string api, ApiResult result, CancellationToken ct)
    {
        var closed = Of(account.Account, api).Learn(result, account.Channel, options, time.GetUtcNow());
        if (closed is null) return result;
        if (result.Fault == ApiFault.Quota) await closures.Add(account.Account, closed with { Api = api }, ct).ConfigureAwait(false);
        return result with { NotBefore = closed.Until };
    }

    private ApiGate Of(string account, string api) => gates.GetOrAdd((account, api), static _ => new ApiGate());
}
