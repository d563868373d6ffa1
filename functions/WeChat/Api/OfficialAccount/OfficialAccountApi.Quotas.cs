namespace CrmServerless.WeChat.Api.OfficialAccount;

public sealed partial class OfficialAccountApi
{
    /// <summary>
    /// <c>cgi-bin/clear_quota</c>: sets the day's counts of all APIs to 0, and opens what they had closed here. 10 times a
    /// month (48006), so it is for a person to decide, and is never repeated.
    /// Rule: developers.weixin.qq.com/doc/service/api/apimanage/api_clearquota.html.
    /// </summary>
    public async Task<ApiResult> ClearQuota(AccountCredentials account, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(account);
        var cleared = await Do(account, "cgi-bin/clear_quota", new AppIdRequest(account.AppId), Types.AppIdRequest, repeatable: false, cancellation).ConfigureAwait(false);
        if (cleared.Ok) await transport.Reopen(account.Account, cancellation).ConfigureAwait(false);
        return cleared;
    }

    /// <summary>
    /// <c>cgi-bin/openapi/quota/get</c>: what is left of an API's quota.
    /// Rule: developers.weixin.qq.com/doc/service/api/apimanage/api_getapiquota.html.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="api">The API's path, as <see cref="ClosedApi.Api"/> tells it.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<ApiResult<ApiQuota>> QuotaGet(AccountCredentials account, string api, CancellationToken cancellation = default) =>
        Ask(account, "cgi-bin/openapi/quota/get", new QuotaRequest("/" + Limits.Filled(api).TrimStart('/')), Types.QuotaRequest, Types.ApiQuota, cancellation);

    /// <summary>
    /// <c>cgi-bin/openapi/rid/get</c>: what became of a call of the last 7 days, by the rid in its error text.
    /// Rule: developers.weixin.qq.com/doc/service/api/apimanage/api_getridinfo.html.
    /// </summary>
    public async Task<ApiResult<RidInfo>> RidGet(AccountCredentials account, string rid, CancellationToken cancellation = default)
    {
        var found = await Ask(account, "cgi-bin/openapi/rid/get", new RidRequest(Limits.Filled(rid)), Types.RidRequest, Types.RidAnswer, cancellation).ConfigureAwait(false);
        return found.Ok ? ApiResult<RidInfo>.Success(found.Required.Request) : ApiResult<RidInfo>.Failure(found);
    }

    /// <summary>
    /// <c>cgi-bin/getcallbackip</c>: the addresses that callbacks come from. They change: ask once a day.
    /// Rule: developers.weixin.qq.com/doc/service/api/base/api_getcallbackip.html.
    /// </summary>
    public Task<ApiResult<IpList>> GetCallbackIp(AccountCredentials account, CancellationToken cancellation = default) =>
        Get(account, "cgi-bin/getcallbackip", Types.IpList, cancellation);

    /// <summary>
    /// <c>cgi-bin/get_api_domain_ip</c>: the addresses of this API, for a firewall in front of us.
    /// Rule: developers.weixin.qq.com/doc/service/api/base/api_getapidomainip.html.
    /// </summary>
    public Task<ApiResult<IpList>> GetApiDomainIp(AccountCredentials account, CancellationToken cancellation = default) =>
        Get(account, "cgi-bin/get_api_domain_ip", Types.IpList, cancellation);
}
