namespace CrmServerless.WeChat.Api;

/// <summary>What a caller can do about a refused call.</summary>
public enum ApiFault
{
    /// <summary>It was not refused.</summary>
    None,

    /// <summary>Try again later, with growing delays.</summary>
    Transient,

    /// <summary>The API's quota is used up: not before <see cref="ApiResult.NotBefore"/>. Do not hold anything up for it.</summary>
    Quota,

    /// <summary>The customer's reply window is closed, or they unfollowed.</summary>
    WindowClosed,

    /// <summary>The window's messages are used up: wait for the customer's next one.</summary>
    WindowUsedUp,

    /// <summary>Permanent for this customer.</summary>
    Recipient,

    /// <summary>Secret, allow-list or permissions: a human must act.</summary>
    Configuration,

    /// <summary>The request is wrong: our bug, permanent.</summary>
    Request,
}

/// <summary>WeChat's answer, or why there is none.</summary>
/// <param name="ErrCode">As sent; 0 is success; -1 also stands for "no usable answer"; <see cref="ApiErrors.OwnLimit"/> is ours.</param>
/// <param name="ErrMsg">As sent, for people (it carries the rid that WeChat's support asks for). Never match on it.</param>
/// <param name="Fault">What to do.</param>
public record ApiResult(int ErrCode, string ErrMsg, ApiFault Fault)
{
    /// <summary>Success.</summary>
    public bool Ok => Fault == ApiFault.None;

    /// <summary>
    /// The call may have had its effect although there is no answer: a timeout, a connection lost after sending, an unreadable body.
    /// False when it surely had none: an errcode, no connection.
    /// </summary>
    public bool OutcomeUnknown { get; init; }

    /// <summary>When the call has a chance again, where that is known: the reset of a quota, the next try of a broken circuit.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Nobody has answered, or only to say that it is busy: what a circuit is for.</summary>
    internal bool IsSilence => this is { ErrCode: -1, Fault: ApiFault.Transient };

    /// <summary>Code and fault only.</summary>
    public sealed override string ToString() => $"{ErrCode} {Fault}{(OutcomeUnknown ? ", outcome unknown" : "")}";

    /// <summary>The same without a secret or token that somebody has put into the message: a proxy's page may repeat the address.</summary>
    internal ApiResult Without(string secret)
    {
        var escaped = Uri.EscapeDataString(secret);
        return ErrMsg.Contains(secret, StringComparison.Ordinal) || ErrMsg.Contains(escaped, StringComparison.Ordinal)
            ? this with { ErrMsg = ErrMsg.Replace(secret, "***", StringComparison.Ordinal).Replace(escaped, "***", StringComparison.Ordinal) }
            : this;
    }

    /// <summary>A call that was not made, since it had no chance.</summary>
    internal static ApiResult Withheld(int code, ApiFault fault, DateTimeOffset notBefore) =>
        new(code, "not called: closed for the moment", fault) { NotBefore = notBefore };

    internal static ApiResult Unanswered(string reason, bool outcomeUnknown) =>
        new(-1, reason, ApiFault.Transient) { OutcomeUnknown = outcomeUnknown };
}

/// <summary>An answer with a value, which is there when <see cref="ApiResult.Ok"/>.</summary>
public sealed record ApiResult<T>(int ErrCode, string ErrMsg, ApiFault Fault, T? Value) : ApiResult(ErrCode, ErrMsg, Fault)
{
    /// <summary>The value of a success.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public T Required => Ok ? Value! : throw new InvalidOperationException($"WeChat refused: {this}.");

    internal static ApiResult<T> Success(T value) => new(0, "ok", ApiFault.None, value);

    internal static ApiResult<T> Failure(ApiResult failure) =>
        new(failure.ErrCode, failure.ErrMsg, failure.Fault, default) { OutcomeUnknown = failure.OutcomeUnknown, NotBefore = failure.NotBefore };
}
