using System.Security.Cryptography;
using System.Text;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.WeChat.Api;

/// <summary>What an instance does about a token, given what all know.</summary>
internal enum TokenStep
{
    /// <summary>Use the token that is there.</summary>
    Adopt,

    /// <summary>Use it for a moment; somebody renews it, or it cannot be renewed now.</summary>
    GoOn,

    /// <summary>There is none, and why is known: nobody asks for now.</summary>
    Report,

    /// <summary>Take the lease and ask WeChat.</summary>
    Ask,

    /// <summary>Somebody is asking: look again in a moment.</summary>
    Wait,
}

/// <summary>The decisions about tokens, without any input or output. Times are those of the instances' clocks.</summary>
internal static class TokenRules
{
    /// <summary>How long before its expiry a token is renewed; WeChat keeps old and new valid together that long.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Between two questions whose answer would be the same: near its end stable_token returns the same token again,
    /// and without a pause every caller would ask. Also the first pause after a wrong secret.
    /// </summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>Longest pause after a wrong secret, an address that is not allowed and the like.</summary>
    public static readonly TimeSpan PauseMost = TimeSpan.FromMinutes(10);

    /// <summary>The same for a wrong secret in WeCom, which bans an address for many of them, and with it every other account there.</summary>
    public static readonly TimeSpan SecretPauseMost = TimeSpan.FromHours(1);

    /// <summary>Between two uses of force_refresh over all instances; WeChat asks for 30 s and allows 20 a day.</summary>
    public static readonly TimeSpan ForceEvery = TimeSpan.FromMinutes(5);

    private const int ForceMostADay = 20;
    private const int MaxMessage = 200;

    /// <summary>How long the others wait for who asks WeChat: one call and what it has to write before and after it.</summary>
    public static TimeSpan Lease(WeChatApiOptions options) =>
        options.Timeout + (2 * PatientState.Limit) is var needed && needed > TimeSpan.FromSeconds(10) ? needed : TimeSpan.FromSeconds(10);

    /// <summary>Tells appid and secret from others, and too short to try secrets against.</summary>
    public static string Fingerprint(AccountCredentials account) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{account.AppId}\n{account.Secret}")).AsSpan(0, 6));

    /// <param name="state">What all know; null: nothing.</param>
    /// <param name="of">Our fingerprint.</param>
    /// <param name="me">This instance.</param>
    /// <param name="failed">The token that WeChat refused to this instance last.</param>
    /// <param name="leaseOver">We have waited long enough for the holder of the lease, whatever its clock says.</param>
    /// <param name="now">Our clock.</param>
    public static TokenStep Decide(SharedToken? state, string of, string me, string? failed, bool leaseOver, DateTimeOffset now)
    {
        if (state is null) return TokenStep.Ask;
        var usable = IsUsable(state, of, failed, now);
        if (usable && now < state.RefreshAt) return TokenStep.Adopt;
        var fault = FaultOf(state, of);
        if (now < fault?.Until) return usable ? TokenStep.GoOn : TokenStep.Report;
        var leased = state.Holder is { } holder && holder != me && now < state.LeaseUntil && !leaseOver;
        if (!leased) return TokenStep.Ask;
        if (usable) return TokenStep.GoOn;
        // Somebody is asking anew after a fault that was remembered: until it is known better, it still stands.
        return fault is { Kind: not ApiFault.Transient } ? TokenStep.Report : TokenStep.Wait;
    }

    public static SharedFault? FaultOf(SharedToken? state, string of) => state?.Fault is { } fault && fault.Of == of ? fault : null;

    /// <summary>The lease for us; the token that failed is forgotten by the same write.</summary>
    public static SharedToken Leased(SharedToken? state, string of, string me, string? failed, DateTimeOffset until)
    {
        var before = state ?? new SharedToken();
        var leased = before with { Holder = me, LeaseUntil = until };
        return before.Of == of && before.Token == failed ? leased with { Of = null, Token = null } : leased;
    }

    public static bool MayForce(SharedToken state, DateTimeOffset now) =>
        state.ForcedAt is not { } last || (now >= last + ForceEvery && (Day(last) != Day(now) || state.ForcedThatDay < ForceMostADay));

    public static SharedToken Forced(SharedToken state, DateTimeOffset now, DateTimeOffset leaseUntil) => state with
    {
        ForcedAt = now, LeaseUntil = leaseUntil,
        ForcedThatDay = state.ForcedAt is { } last && Day(last) == Day(now) ? state.ForcedThatDay + 1 : 1,
    };

    /// <summary>WeChat gave a token.</summary>
    public static SharedToken Succeeded(SharedToken state, string of, string token, TimeSpan life, string? failed, DateTimeOffset now)
    {
        var floor = life / 2 < Pause ? life / 2 : Pause;
        var refresh = life - Ahead > floor ? life - Ahead : floor;
        var insisted = token == failed;
        return state with
        {
            Of = of, Token = token, ExpiresAt = now + life, RefreshAt = now + (insisted ? floor : refresh),
            InsistedUntil = insisted ? now + floor : default, Holder = null, Fault = null,
        };
    }

    /// <summary>WeChat gave none. What fails in the same way for everybody is remembered, so that nobody asks in a loop: WeCom bans addresses for that.</summary>
    public static SharedToken Failed(SharedToken state, string of, ApiResult result, Channel channel, DateTimeOffset now)
    {
        var before = FaultOf(state, of);
        var times = before?.Kind == result.Fault ? before.Times + 1 : 1;
        var pause = result.Fault switch
        {
            // Why one instance gets no answer is not for the others to believe.
            ApiFault.Transient => TimeSpan.Zero,
            ApiFault.Quota => result.ErrCode == ApiErrors.MinuteUsedUp ? TimeSpan.FromMinutes(1) : channel == Channel.WeCom ? TimeSpan.FromHours(1) : PauseMost,
            _ => Growing(Pause, times - 1, channel == Channel.WeCom && result.ErrCode == ApiErrors.BadSecret ? SecretPauseMost : PauseMost),
        };
        var since = before?.Code == result.ErrCode ? before.Since : now;
        var message = result.ErrMsg.Length > MaxMessage ? result.ErrMsg[..MaxMessage] : result.ErrMsg;
        return state with { Holder = null, Fault = new SharedFault(of, result.ErrCode, result.Fault, message, since, now + pause, times) };
    }

    /// <summary>How long an instance leaves WeChat alone after so many calls of its own without an answer in a row: as with any API.</summary>
    public static TimeSpan Circuit(int unanswered, WeChatApiOptions options) =>
        unanswered < options.CircuitFailures ? TimeSpan.Zero : Growing(options.CircuitOpen, unanswered - options.CircuitFailures, options.CircuitOpenMost);

    private static bool IsUsable(SharedToken state, string of, string? failed, DateTimeOffset now) =>
        state is { Token: { } token } && state.Of == of && now < state.ExpiresAt && (token != failed || now < state.InsistedUntil);

    private static TimeSpan Growing(TimeSpan first, int doublings, TimeSpan most)
    {
        var grown = first * Math.Pow(2, Math.Min(doublings, 16));
        return grown < most ? grown : most;
    }

    private static DateTime Day(DateTimeOffset time) => time.ToOffset(TimeSpan.FromHours(8)).Date;
}
