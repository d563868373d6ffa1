namespace CrmServerless.WeChat.Callbacks;

/// <summary>
/// How the account's own verification goes: its qualification, its name, the yearly renewal. The kind says what.
/// It comes from the platform and is about no customer.
/// </summary>
/// <param name="Kind">One of <c>oa.verify.*</c>.</param>
/// <param name="ExpiredTime">Unix seconds: until when it holds, or since when it does not; null for a failure.</param>
/// <param name="FailTime">Unix seconds of a failure.</param>
/// <param name="FailReason">Why, in WeChat's words.</param>
public sealed record VerificationEvent(string Kind, long? ExpiredTime, long? FailTime, string? FailReason) : Callback
{
    /// <inheritdoc/>
    public override string Kind { get; } = Kind;

    /// <inheritdoc/>
    public override string? Customer => null;

    internal static VerificationEvent Read(string kind, CallbackFields fields) =>
        new(kind, fields.Integer("ExpiredTime"), fields.Integer("FailTime"), fields.Optional("FailReason"));
}
