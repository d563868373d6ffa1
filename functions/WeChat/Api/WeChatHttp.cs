namespace CrmServerless.WeChat.Api;

/// <summary>The connection to WeChat as every host makes it. Tokens and WeCom's secret stand in addresses there, and an address must not travel.</summary>
public static class WeChatHttp
{
    /// <summary>
    /// Follows no redirect, which would hand the token to whoever is named in it; keeps no cookies, which would tie
    /// accounts together; makes no span and no trace header of its own, since its spans carry addresses
    /// (<see cref="ApiMeter"/> tells the API's path only). Connections are renewed every 5 minutes, so that a change of
    /// WeChat's addresses is noticed.
    /// </summary>
    /// <param name="proxy">Goes through the machine's proxy, if it has one.</param>
    public static SocketsHttpHandler Handler(bool proxy = true) => new()
    {
        AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null, UseProxy = proxy,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };
}
