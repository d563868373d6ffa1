namespace CrmServerless.WeChat.Callbacks;

/// <summary>
/// A customer's data changed, or the consent to use it ended; the kind says which. On a revocation or a cancellation what was
/// authorised must be deleted.
/// </summary>
/// <param name="Kind">One of <c>oa.user.*</c>.</param>
/// <param name="OpenId">The customer: the sender is the platform.</param>
/// <param name="AppId">The account.</param>
/// <param name="RevokeInfo">What was revoked, as sent: 1 to 3 device data, 5 address, 6 mobile number and so on, by list.</param>
public sealed record UserDataEvent(string Kind, string OpenId, string AppId, string? RevokeInfo) : Callback
{
    /// <inheritdoc/>
    public override string Kind { get; } = Kind;

    /// <inheritdoc/>
    public override string Customer => OpenId.Length > 0 ? OpenId : FromUserName;

    // Some of the official samples write openid and appid in lower case.
    internal static UserDataEvent Read(string kind, CallbackFields fields) => new(
        kind, fields.Optional("OpenID") ?? fields.Control("openid"), fields.Optional("AppID") ?? fields.Control("appid"), fields.Optional("RevokeInfo"));
}
