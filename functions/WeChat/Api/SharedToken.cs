namespace CrmServerless.WeChat.Api;

/// <summary>What the instances know together about one account's token: the value <c>token</c> of the shared state.</summary>
internal sealed record SharedToken : WireRecord
{
    /// <summary>Of which appid and secret the token is, as a fingerprint: a changed secret voids it.</summary>
    public string? Of { get; init; }

    public string? Token { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>From when on one instance renews it, while the others go on with it.</summary>
    public DateTimeOffset RefreshAt { get; init; }

    /// <summary>WeChat gave this very token again although it had failed: until then it is used as it is, and nobody asks.</summary>
    public DateTimeOffset InsistedUntil { get; init; }

    /// <summary>The instance that is asking WeChat; null: none is.</summary>
    public string? Holder { get; init; }

    /// <summary>When others need no longer wait for it.</summary>
    public DateTimeOffset LeaseUntil { get; init; }

    /// <summary>The last <c>force_refresh</c>.</summary>
    public DateTimeOffset? ForcedAt { get; init; }

    /// <summary>How many there were on the day (China) of the last one.</summary>
    public int ForcedThatDay { get; init; }

    /// <summary>Why there is no new token; null after a success.</summary>
    public SharedFault? Fault { get; init; }
}

/// <summary>Why WeChat gave no token.</summary>
/// <param name="Of">For which appid and secret, as a fingerprint.</param>
/// <param name="Code">WeChat's errcode; -1 where it did not answer.</param>
/// <param name="Kind">What to do about it.</param>
/// <param name="Message">WeChat's errmsg, for people.</param>
/// <param name="Since">Since when it says this.</param>
/// <param name="Until">Until when nobody asks again.</param>
/// <param name="Times">How often in a row.</param>
internal sealed record SharedFault(
    string Of, int Code, ApiFault Kind, string Message, DateTimeOffset Since, DateTimeOffset Until, int Times)
{
    public ApiResult<string> AsResult() => new(Code, Message, Kind, null) { NotBefore = Until };

    /// <summary>Code and kind.</summary>
    public override string ToString() => $"{Code} {Kind}";
}

/// <summary>An account for which WeChat gives no token, for health.</summary>
/// <param name="Account">Our name of the account.</param>
/// <param name="Code">WeChat's errcode; -1 where it does not answer.</param>
/// <param name="Since">Since when it says this.</param>
/// <param name="Until">When it is asked again, if a token is needed then.</param>
public sealed record TokenFault(string Account, int Code, DateTimeOffset Since, DateTimeOffset Until);
