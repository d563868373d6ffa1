using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.WeChat.Api;

/// <summary>
/// The documented error codes of both APIs. Never match on errmsg: it changes.
/// Rules: developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html and developer.work.weixin.qq.com/document/path/90313.
/// </summary>
public static class ApiErrors
{
    /// <summary>The day's quota of the API; WeCom: too many calls in a minute or an hour.</summary>
    public const int QuotaUsedUp = 45009;

    /// <summary>Too many calls in this minute.</summary>
    public const int MinuteUsedUp = 45011;

    /// <summary>Of a call for a token: the secret is wrong. Of an Official Account's other calls: the token is.</summary>
    public const int BadSecret = 40001;

    /// <summary>The appid or corpid does not exist.</summary>
    public const int WrongAppId = 40013;

    /// <summary>The secret is wrong, as the Official Account says it.</summary>
    public const int WrongSecret = 40125;

    /// <summary>
    /// Not WeChat's: the call was not made, because it would go over the limits that we set ourselves, <see cref="ApiRateLimits"/>.
    /// WeChat's codes are -1, 0 and above; the negative ones of its callback samples are -40001 to -40011.
    /// </summary>
    public const int OwnLimit = -45009;

    /// <summary>What to do about <paramref name="errcode"/>; a code that is not listed counts as our bug.</summary>
    public static ApiFault Classify(int errcode, Channel channel = Channel.OfficialAccount) => errcode switch
    {
        0 => ApiFault.None,
        // Busy; token expired even after the one renewal (another program took it).
        -1 or 40014 or 42001 => ApiFault.Transient,
        QuotaUsedUp or MinuteUsedUp or OwnLimit => ApiFault.Quota,
        // The secret; of an Official Account also a token that is invalid even after the renewal.
        BadSecret or WrongAppId or WrongSecret or 50002 => ApiFault.Configuration,
        _ => channel == Channel.WeCom ? OfWeCom(errcode) : OfOfficialAccount(errcode),
    };

    /// <summary>
    /// Whether the access token is at fault, so that a new one may heal the call. WeCom says 40001 of a secret only:
    /// there it is a matter of configuration and must not loop.
    /// </summary>
    internal static bool IsTokenFault(int errcode, Channel channel) =>
        errcode is 40014 or 42001 || (errcode == BadSecret && channel == Channel.OfficialAccount);

    private static ApiFault OfOfficialAccount(int errcode) => errcode switch
    {
        45015 => ApiFault.WindowClosed,
        45047 => ApiFault.WindowUsedUp,
        // Bad openid; must follow; blacklisted; refused a subscription; refuses messages; openid of another account.
        40003 or 43004 or 43019 or 43101 or 48002 or 49003 => ApiFault.Recipient,
        // Allow-list, frozen secret, API not granted, API banned, approval of the caller's address by an admin.
        40164 or 40243 or 48001 or 48004 or 89503 or 89506 or 89507 => ApiFault.Configuration,
        _ => ApiFault.Request,
    };

    private static ApiFault OfWeCom(int errcode) => errcode switch
    {
        // Calls at the same time, per application; a message to many that is still being handed out; a welcome that another application is just sending.
        45033 or 41063 or 41096 => ApiFault.Transient,
        // Customer service: no window, or a colleague serves him or nobody does any more; count used up.
        95002 or 95018 => ApiFault.WindowClosed,
        95001 => ApiFault.WindowUsedUp,
        // A welcome code that is over or used; in a chat already: nobody can be welcomed any more.
        41050 or 41051 => ApiFault.WindowClosed,
        // Bad userid or external_userid; not bound; no relation, not a customer of this colleague; no real name; not activated; nobody to send to.
        40003 or 43004 or 60111 or 81013 or 84061 or 84084 or 40096 or 40097 or 40098 or 41054 => ApiFault.Recipient,
        // The caller's address, no permission for the API, outside the application's visible range, not granted by the company.
        60020 or 60011 or 48002 or 48004 or 84074 or 301002 => ApiFault.Configuration,
        _ => ApiFault.Request,
    };
}
