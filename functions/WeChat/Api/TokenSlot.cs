namespace CrmServerless.WeChat.Api;

/// <summary>A token in memory, or the fault that is remembered in its place. Times are timestamps of the clock: no change of the time of day moves them.</summary>
internal sealed record HeldToken(ApiResult<string> Result, AccountCredentials For, long RefreshAt, long ExpiresAt)
{
    public bool IsFor(AccountCredentials account) =>
        ReferenceEquals(For, account) || (For.Secret == account.Secret && For.AppId == account.AppId);

    public override string ToString() => Result.ToString();
}

/// <summary>One account's token in this instance.</summary>
internal sealed class TokenSlot
{
    private readonly Lock gate = new();
    private volatile HeldToken? held;
    private volatile string? failed;
    private volatile SharedFault? fault;
    private Task<ApiResult<string>>? fetch;
    private long? looked;

    /// <summary>The token that WeChat refused last.</summary>
    public string? Failed => failed;

    /// <summary>Why there is no new token; null while all is well.</summary>
    public SharedFault? Fault => fault;

    /// <summary>What the shared state said last, for the time when it does not answer. Only the one renewal that runs touches it.</summary>
    public SharedToken? Mirror { get; set; }

    /// <summary>Token calls of this instance without an answer in a row. Only the one renewal that runs touches it.</summary>
    public int Unanswered { get; set; }

    /// <summary>What callers get without further ado.</summary>
    public ApiResult<string>? Fresh(AccountCredentials account, long now) =>
        held is { } known && now < known.RefreshAt && known.IsFor(account) ? known.Result : null;

    /// <summary>A token that is valid, though it may be time to renew it.</summary>
    public HeldToken? Usable(AccountCredentials account, long now) =>
        held is { Result.Ok: true } known && now < known.ExpiresAt && known.IsFor(account) ? known : null;

    /// <summary>One renewal, however many callers wait; who has a valid token meanwhile does not.</summary>
    public Task<ApiResult<string>> Join(AccountCredentials account, TimeProvider time, Func<Task<ApiResult<string>>> renew)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            if (Fresh(account, now) is { } meanwhile) return Task.FromResult(meanwhile);
            if (fetch is not null && Usable(account, now) is { } old) return Task.FromResult(old.Result);
            // Not under this caller's cancellation: the others wait for the same call.
            return fetch ??= Task.Run(renew);
        }
    }

    /// <summary>True now and then, as long as nobody has asked this instance for a token.</summary>
    public bool MayLook(TimeProvider time)
    {
        lock (gate)
        {
            if (held is not null || failed is not null || fetch is not null || (looked is { } last && time.GetElapsedTime(last) < ApiGates.SharedEvery)) return false;
            looked = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>The renewal has ended. What it brings is kept unless it has failed meanwhile: false then.</summary>
    public bool Settle(HeldToken? outcome, SharedFault? because, bool evenIfFailed)
    {
        lock (gate)
        {
            if (outcome?.Result.Value is { } token && token == failed)
            {
                if (!evenIfFailed) return false;
                // Given again on purpose: it may fail again.
                failed = null;
            }

            fetch = null;
            fault = because;
            if (outcome is not null) held = outcome;
            return true;
        }
    }

    /// <summary>The renewal ended in an exception.</summary>
    public void Abandon()
    {
        lock (gate) fetch = null;
    }

    public void Forget(string failedToken)
    {
        lock (gate)
        {
            if (held is not { Result.Value: { } token } || token != failedToken) return;
            failed = token;
            held = null;
        }
    }
}
