namespace CrmServerless.WeChat.Api;

/// <summary>
/// The documented error codes of the Official Account API.
/// Rule: developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html.
/// </summary>
public static class ApiErrors
{
    /// <summary>What to do about <paramref name="errcode"/>; a code that is not listed counts as our bug.</summary>
    public static ApiFault Classify(int errcode) => errcode switch
    {
        0 => ApiFault.None,
        // Busy; token invalid or expired even after the one renewal (another program took it); per-minute limit, over within the minute.
        -1 or 40014 or 42001 or 45011 => ApiFault.Transient,
        45009 => ApiFault.Quota,
        45015 => ApiFault.WindowClosed,
        45047 => ApiFault.WindowUsedUp,
        // Bad openid; must follow; blacklisted; refused a subscription; refuses messages; openid of another account.
        40003 or 43004 or 43019 or 43101 or 48002 or 49003 => ApiFault.Recipient,
        // Secret, appid, allow-list, frozen secret, API not granted, API banned, account limited, approval of the caller's address by an admin.
        40001 or 40013 or 40125 or 40164 or 40243 or 48001 or 48004 or 50002 or 89503 or 89506 or 89507 => ApiFault.Configuration,
        _ => ApiFault.Request,
    };

    /// <summary>Whether the access token is at fault, so that a new one may heal the call.</summary>
    internal static bool IsTokenFault(int errcode) => errcode is 40001 or 40014 or 42001;
}
