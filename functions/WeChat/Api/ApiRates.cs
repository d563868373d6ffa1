using System.Collections.Concurrent;
using System.Text.Json;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.WeChat.Api;

/// <summary>
/// Keeps our own limits of calls, see <see cref="ApiRateLimits"/>, over all instances: windows are minutes and hours of
/// the clock; an instance draws calls in chunks of 2 % of a limit (at least 1) from counters in the shared state.
/// WeCom counts by company and API, so all accounts of one corpid draw from the same; an Official Account is counted alone.
/// </summary>
/// <remarks>
/// The error: in no window are more calls made than a limit allows; fewer may be, since each instance may be left with
/// one chunk for each API and window unspent, and with one for each account and window of the limits that all share.
/// Instances whose clocks differ draw from the window of the clock that is ahead. While the state does not answer, each
/// instance allows itself a tenth of every limit in a window, so up to ten keep it.
/// The limits that all accounts share are shared fairly, see <see cref="RateRules.Fair"/>; an account that did not call
/// in the last window gets what is left in its first.
/// </remarks>
internal sealed class ApiRates(ISharedState shared, WeChatApiOptions options, TimeProvider time)
{
    private const string Counters = "rates";
    private const int MaxAttempts = 20;
    private const int MaxDraws = 3;

    private readonly ConcurrentDictionary<(string Account, string Api), RatePurse> own = new();
    private readonly ConcurrentDictionary<(string Owner, string Api), RatePurse> purses = new();
    private readonly ConcurrentDictionary<(string Account, Channel Channel), RatePurse> all = new();

    /// <summary>Takes one call from the limits; null: go ahead. Else <see cref="ApiErrors.OwnLimit"/> and when there is room again.</summary>
    public ValueTask<ApiResult?> Take(AccountCredentials account, string api, CancellationToken ct)
    {
        var limits = account.Channel == Channel.WeCom ? options.WeComRates : options.OfficialAccountRates;
        var mine = limits is { PerMinute: <= 0, PerHour: <= 0 } ? null : own.GetOrAdd(
            (account.Account, api), static (key, a) => a.Rates.purses.GetOrAdd(
                (Owner(a.Account), key.Api), static (key, l) => new RatePurse(key.Owner, "", key.Api, l.PerMinute, l.PerHour), a.Limits),
            (Rates: this, Account: account, Limits: limits));
        var everybodys = limits is { AllPerMinute: <= 0, AllPerHour: <= 0 } ? null : all.GetOrAdd(
            (account.Account, account.Channel), static (key, l) => new RatePurse(ISharedState.AllAccounts, $"{key.Channel}.", key.Account, l.AllPerMinute, l.AllPerHour), limits);
        return mine is null && everybodys is null ? default : Take(mine, everybodys, ct);
    }

    /// <summary>What is used up now: of an API, for each account that has called it here; or of an account as a whole (<c>*</c>).</summary>
    public IEnumerable<ClosedApi> UsedUp(DateTimeOffset now)
    {
        foreach (var (key, purse) in own)
            if (purse.SpentUntil(now) is { } until) yield return new ClosedApi(key.Account, key.Api, ApiErrors.OwnLimit, until);
        foreach (var (key, purse) in all)
            if (purse.SpentUntil(now) is { } until) yield return new ClosedApi(key.Account, "*", ApiErrors.OwnLimit, until);
    }

    private async ValueTask<ApiResult?> Take(RatePurse? mine, RatePurse? everybodys, CancellationToken ct)
    {
        var stamp = 0L;
        if (mine is not null)
        {
            (var refused, stamp) = await Spend(mine, ct).ConfigureAwait(false);
            if (refused is not null) return refused;
        }

        if (everybodys is null) return null;
        var granted = false;
        try
        {
            var (refused, _) = await Spend(everybodys, ct).ConfigureAwait(false);
            granted = refused is null;
            return refused;
        }
        finally
        {
            if (!granted) mine?.GiveBack(stamp);
        }
    }

    private async ValueTask<(ApiResult? Refused, long Stamp)> Spend(RatePurse purse, CancellationToken ct)
    {
        for (var lost = 0; lost < MaxDraws;)
        {
            var now = time.GetUtcNow();
            if (purse.SpentUntil(now) is { } until) return (ApiResult.Withheld(ApiErrors.OwnLimit, ApiFault.Quota, until + Jitter(until - now)), 0);
            if (purse.Spend(now, out var stamp)) return (null, stamp);
            // Not under this caller's cancellation: what is drawn belongs to all who wait.
            if (!await purse.Draw(Draw).WaitAsync(ct).ConfigureAwait(false)) lost++;
        }

        return (ApiResult.Withheld(ApiErrors.OwnLimit, ApiFault.Quota, time.GetUtcNow() + TimeSpan.FromSeconds(1)), 0);
    }

    /// <summary>False: others were faster again and again.</summary>
    private async Task<bool> Draw(RatePurse purse)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            try
            {
                var stored = await shared.Read(purse.Scope, Counters, CancellationToken.None).ConfigureAwait(false);
                var counters = (stored is null ? null : WeChatJson.Read(stored.Value.Span, SharedStateJson.Default.DictionaryStringRateCounter)) ?? [];
                var drawn = purse.Ask(counters, fair: purse.Scope == ISharedState.AllAccounts, time.GetUtcNow());
                var changed = false;
                foreach (var (counter, next, _) in drawn)
                {
                    changed |= !ReferenceEquals(counters.GetValueOrDefault(counter), next);
                    counters[counter] = next;
                }

                var value = changed ? JsonSerializer.SerializeToUtf8Bytes(counters, SharedStateJson.Default.DictionaryStringRateCounter) : null;
                if (value is null || await shared.Write(purse.Scope, Counters, value, stored?.Etag, CancellationToken.None).ConfigureAwait(false) is not null)
                {
                    purse.Credit(drawn);
                    return true;
                }
            }
            catch (SharedStateException)
            {
                purse.GoAlone(time.GetUtcNow());
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 10 * attempt)), time).ConfigureAwait(false);
        }

        return false;
    }

    // A third-party suite would act for many companies, each with limits of its own: then the corpid has to come with the call.
    private static string Owner(AccountCredentials account) =>
        account.Channel == Channel.WeCom ? ISharedState.Company(account.AppId) : account.Account;

    // So that not everything that waits comes in the same second.
    private static TimeSpan Jitter(TimeSpan wait) =>
        TimeSpan.FromSeconds(Random.Shared.NextDouble() * Math.Clamp(wait.TotalSeconds / 20, 1, 10));
}
