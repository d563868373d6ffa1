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
/// what a person has to repair (allow-list, permission) leaves it alone for a while, for this one;
/// calls without an answer open a circuit, for this one; and our own rates are kept.
/// </summary>
public sealed class ApiGates
{
    /// <summary>How soon an instance learns what another has closed.</summary>
    public static readonly TimeSpan SharedEvery = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Account, string Api), ApiGate> gates = new();
    private readonly ConcurrentDictionary<string, int> reopened = new(StringComparer.Ordinal);
    private readonly SharedClosures closures;
    private readonly ApiRates rates;
    private readonly WeChatApiOptions options;
    private readonly TimeProvider time;

    public ApiGates(ISharedState shared, WeChatApiOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(shared);
        (this.options, this.time) = (options, time);
        var patient = new PatientState(shared);
        closures = new SharedClosures(patient, time, SharedEvery);
        rates = new ApiRates(patient, options, time);
    }

    /// <summary>What is closed now, for health and the page; code <see cref="ApiErrors.OwnLimit"/> where it is by our own limits, of API <c>*</c> if those of all accounts.</summary>
    public IReadOnlyList<ClosedApi> Closed =>
        [.. gates.Select(g => g.Value.Closed is var (code, until) ? new ClosedApi(g.Key.Account, g.Key.Api, code, until) : null)
            .OfType<ClosedApi>().Concat(rates.UsedUp(time.GetUtcNow()))
            .OrderBy(c => c.Account, StringComparer.Ordinal).ThenBy(c => c.Api, StringComparer.Ordinal)];

    /// <summary>Opens what quotas closed, in all instances within <see cref="SharedEvery"/>: after <c>clear_quota</c>, or because a person knows better.</summary>
    /// <exception cref="SharedStateException">It is open here, but the other instances cannot be told.</exception>
    public async Task Reopen(string account, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        OpenAll(account);
        reopened[account] = (await closures.Clear(account).ConfigureAwait(false)).Reopened;
    }

    /// <summary>Learns what other instances have closed, or this one before it was started anew: for health, should nobody call.</summary>
    public async ValueTask Look(AccountCredentials account, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(account);
        if (closures.IsDue(account.Account)) Apply(account, await closures.Read(account.Account, ct).ConfigureAwait(false));
    }

    /// <summary>Not refused: go ahead, then <see cref="Learn"/> what it brought, and <see cref="Leave"/>. Refused: why, and neither.</summary>
    internal async ValueTask<GateEntry> Enter(AccountCredentials account, string api, CancellationToken ct)
    {
        await Look(account, ct).ConfigureAwait(false);
        var gate = Of(account, api);
        var entry = gate.Enter();
        if (entry.Refused is not null) return entry;
        var goes = false;
        try
        {
            var refused = await rates.Take(account, api, ct).ConfigureAwait(false);
            goes = refused is null;
            return goes ? entry : new GateEntry(refused);
        }
        finally
        {
            if (!goes) gate.Leave(entry);
        }
    }

    /// <summary>Only our own limits, for what no gate keeps: null: go ahead.</summary>
    internal ValueTask<ApiResult?> Count(AccountCredentials account, string api, CancellationToken ct) => rates.Take(account, api, ct);

    /// <summary>The call is over. Had it been a trial of which nothing was learned, somebody else makes the next.</summary>
    internal void Leave(AccountCredentials account, string api, GateEntry entry) => Of(account, api).Leave(entry);

    /// <summary>Draws the conclusion of a call; its result, with the time at which it has a chance again. Under nobody's cancellation: the call has been made.</summary>
    internal async ValueTask<ApiResult> Learn(AccountCredentials account, string api, ApiResult result, GateEntry entry = default)
    {
        var (news, notBefore) = Of(account, api).Learn(result, entry);
        if (news is not null) Apply(account, await closures.Add(account.Account, news).ConfigureAwait(false));
        return notBefore is null ? result : result with { NotBefore = notBefore };
    }

    private void Apply(AccountCredentials account, Closures? known)
    {
        if (known is null) return;
        // Who starts now has nothing to forget.
        if (reopened.TryGetValue(account.Account, out var seen) && seen != known.Reopened) OpenAll(account.Account);
        reopened[account.Account] = known.Reopened;
        foreach (var closed in known.Closed) Of(account, closed.Api).CloseAsOthers(closed);
    }

    private void OpenAll(string account)
    {
        foreach (var (key, gate) in gates)
            if (key.Account == account) gate.Reopen();
    }

    private ApiGate Of(AccountCredentials account, string api) => gates.GetOrAdd(
        (account.Account, api), static (key, of) => new ApiGate(key.Api, of.Channel, of.Options, of.Time), (account.Channel, Options: options, Time: time));
}
