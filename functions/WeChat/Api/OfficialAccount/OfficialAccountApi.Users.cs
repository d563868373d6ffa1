namespace CrmServerless.WeChat.Api.OfficialAccount;

public sealed partial class OfficialAccountApi
{
    /// <summary>
    /// <c>cgi-bin/user/info</c>: one follower.
    /// Rule: developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo.html.
    /// </summary>
    public Task<ApiResult<UserInfo>> UserInfo(AccountCredentials account, string openId, CancellationToken cancellation = default) =>
        transport.Get(account, "cgi-bin/user/info", new[] { ("openid", (string?)openId), ("lang", "zh_CN") }, Types.UserInfo, cancellation);
}
