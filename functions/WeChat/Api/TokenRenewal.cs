using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.WeChat.Api;

/// <summary>
/// One renewal of one account's token: adopts what another instance has fetched, or takes the lease and asks WeChat,
/// or waits for who has it. Runs once an instance at a time, under nobody's cancellation.
/// </summary>
internal sealed class TokenRenewal(
    TokenSlot slot, AccountCredentials account, string me, TokenStore store, TokenEndpoint endpoint, WeChatApiOptions options, TimeProvider time)
{
    /// <summary>Between two looks at what another instance fetches: first and longest; each with up to half of it more.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50), LookMost = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the old token is used before the next look at what became of its renewal.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly string of = TokenRules.Fingerprint(account);
    private readonly TimeSpan lease = TokenRules.Lease(options);
    private readonly long started = time.GetTimestamp();
    private (string Holder, DateTimeOffset Until, long Seen)? watched;
    private SharedFault? faultBefore;
    private bool waited;

    public async Task<ApiResult<string>> Run()
    {
        for (var look = Look; ; look = look * 1.5 < LookMost ? look * 1.5 : LookMost)
        {
            if (await Try().ConfigureAwait(false) is { } result) return result;
            // Others cannot keep us waiting for ever by dying one after the other.
            if (time.GetElapsedTime(started) > lease * 3 && Fail(ApiResult.Unanswered("no instance brings a token", outcomeUnknown: false)) is { } failure) return failure;
            await Task.Delay(Jittered(look), time).ConfigureAwait(false);
        }
    }

    /// <summary>Null: look again in a moment.</summary>
    private async Task<ApiResult<string>?> Try()
    {
        var failed = slot.Failed;
        var view = await store.Read(slot, account.Account).ConfigureAwait(false);
        var state = view.State;
        var fault = TokenRules.FaultOf(state, of);
        switch (TokenRules.Decide(state, of, me, failed, view.Alone || LeaseOver(state), time.GetUtcNow()))
        {
            case TokenStep.Adopt:
                return Use(state!, state!.RefreshAt);
            case TokenStep.GoOn:
                return Use(state!, fault is not null && fault.Until > time.GetUtcNow() ? fault.Until : time.GetUtcNow() + Jittered(Moment));
            case TokenStep.Report:
                return Remember(fault!);
            case TokenStep.Ask when waited && fault is not null && fault != faultBefore:
                // The call that we waited for has just failed: to the callers it is as if they had made it.
                return Fail(fault.AsResult());
            case TokenStep.Ask:
                return await Lead(view, failed).ConfigureAwait(false);
            default:
                if (!waited) (waited, faultBefore) = (true, fault);
                return slot.Usable(account, time.GetTimestamp()) is { } old ? Keep(old, Moment) : null;
        }
    }

    private async Task<ApiResult<string>?> Lead(TokenStore.View view, string? failed)
    {
        var leased = TokenRules.Leased(view.State, of, me, failed, time.GetUtcNow() + lease);
        if (await store.Write(slot, account.Account, view, leased).ConfigureAwait(false) is not { } held) return null;
        var answer = await endpoint.Ask(account, force: false).ConfigureAwait(false);
        // What failed while we asked counts too: the answer may have crossed with it.
        failed = slot.Failed;
        if (answer.Status.Ok && answer.Token == failed && account.Channel == Channel.OfficialAccount && TokenRules.MayForce(held.State!, time.GetUtcNow()))
        {
            var now = time.GetUtcNow();
            if (await store.Write(slot, account.Account, held, TokenRules.Forced(held.State!, now, now + lease)).ConfigureAwait(false) is not { } forced) return null;
            held = forced;
            answer = await endpoint.Ask(account, force: true).ConfigureAwait(false);
        }

        var next = answer.Status.Ok
            ? TokenRules.Succeeded(held.State!, of, answer.Token, answer.Life, failed, time.GetUtcNow())
            : TokenRules.Failed(held.State!, of, answer.Status, account.Channel, time.GetUtcNow());
        var kept = await store.Write(slot, account.Account, held, next).ConfigureAwait(false);
        slot.Unanswered = answer.Status.Fault == ApiFault.Transient ? slot.Unanswered + 1 : 0;
        if (next.Fault is { } fault)
        {
            var until = fault.Until + TokenRules.Circuit(slot.Unanswered, options);
            return until > time.GetUtcNow() ? Remember(fault with { Until = until }) : Fail(answer.Status);
        }

        // Who took the lease over was given more time than it needs: what it stored counts, and is looked at soon.
        return Use(next, kept is null ? time.GetUtcNow() + Jittered(Moment) : next.RefreshAt);
    }

    /// <summary>Clocks differ: a lease is also over when it has been seen unchanged for its whole length.</summary>
    private bool LeaseOver(SharedToken? state)
    {
        if (state?.Holder is not { } holder)
        {
            watched = null;
            return false;
        }

        var now = time.GetTimestamp();
        if (watched is not { } seen || seen.Holder != holder || seen.Until != state.LeaseUntil) watched = (holder, state.LeaseUntil, now);
        return time.GetElapsedTime(watched.Value.Seen, now) >= lease;
    }

    private ApiResult<string>? Use(SharedToken state, DateTimeOffset refreshAt)
    {
        var (now, wall) = (time.GetTimestamp(), time.GetUtcNow());
        var expires = After(now, state.ExpiresAt - wall);
        var token = new HeldToken(ApiResult<string>.Success(state.Token!), account, Math.Min(After(now, refreshAt - wall), expires), expires);
        return slot.Settle(token, Told(state.Fault), evenIfFailed: wall < state.InsistedUntil) ? token.Result : null;
    }

    private ApiResult<string>? Keep(HeldToken old, TimeSpan span) => Keep(old, span, slot.Fault);

    // A fault does not displace a token that is still valid.
    private ApiResult<string>? Keep(HeldToken old, TimeSpan span, SharedFault? because)
    {
        var later = old with { RefreshAt = Math.Min(After(time.GetTimestamp(), Jittered(span)), old.ExpiresAt) };
        return slot.Settle(later, because, evenIfFailed: false) ? later.Result : null;
    }

    private ApiResult<string>? Remember(SharedFault fault)
    {
        var (now, wall) = (time.GetTimestamp(), time.GetUtcNow());
        // Somebody asks anew, if its time is over already: look again soon.
        var left = fault.Until > wall ? fault.Until - wall : Moment;
        if (slot.Usable(account, now) is { } old) return Keep(old, left, fault);
        var held = new HeldToken(fault.AsResult() with { NotBefore = wall + left }, account, After(now, left), After(now, left));
        slot.Settle(held, fault, evenIfFailed: false);
        return held.Result;
    }

    private ApiResult<string>? Fail(ApiResult result)
    {
        if (slot.Usable(account, time.GetTimestamp()) is { } old) return Keep(old, TokenRules.Pause);
        slot.Settle(null, slot.Fault, evenIfFailed: false);
        return ApiResult<string>.Failure(result);
    }

    // Passing faults are nobody's business until they are remembered.
    private SharedFault? Told(SharedFault? fault) => fault is not null && fault.Of == of && fault.Until > fault.Since ? fault : null;

    private long After(long now, TimeSpan span) => now + (long)(span.TotalSeconds * time.TimestampFrequency);

    private static TimeSpan Jittered(TimeSpan span) => span * (1 + (Random.Shared.NextDouble() / 2));
}
