using System.Runtime.CompilerServices;

namespace CrmServerless.WeChat.Api.OfficialAccount;

public sealed partial class OfficialAccountApi
{
    /// <summary>Openids of one <see cref="UserInfoBatchGet"/>.</summary>
    public const int MostInBatchGet = 100;

    /// <summary>
    /// <c>cgi-bin/user/info</c>: one follower.
    /// Rule: developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo.html.
    /// </summary>
    public Task<ApiResult<UserInfo>> UserInfo(AccountCredentials account, string openId, CancellationToken cancellation = default) =>
        transport.Get(account, "cgi-bin/user/info", new[] { ("openid", (string?)openId), ("lang", "zh_CN") }, Types.UserInfo, cancellation);

    /// <summary>
    /// <c>cgi-bin/user/info/batchget</c>: up to <see cref="MostInBatchGet"/> followers.
    /// Rule: developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_batchuserinfo.html.
    /// </summary>
    public Task<ApiResult<UserInfoList>> UserInfoBatchGet(
        AccountCredentials account, IReadOnlyList<string> openIds, CancellationToken cancellation = default)
    {
        var users = Limits.Openids(openIds, MostInBatchGet).Select(id => new BatchGetUser(id, "zh_CN")).ToArray();
        return Ask(account, "cgi-bin/user/info/batchget", new BatchGetRequest(users), Types.BatchGetRequest, Types.UserInfoList, cancellation);
    }

    /// <summary>
    /// <c>cgi-bin/user/get</c>: one page of followers, in the order in which they followed. See <see cref="AllFollowers"/>.
    /// Rule: developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_getfans.html.
    /// </summary>
    /// <param name="account">Whose followers.</param>
    /// <param name="nextOpenId">The <see cref="OpenidPage.NextOpenid"/> of the page before; null: the first page.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<ApiResult<OpenidPage>> UserGet(AccountCredentials account, string? nextOpenId = null, CancellationToken cancellation = default) =>
        transport.Get(account, "cgi-bin/user/get", new[] { ("next_openid", nextOpenId) }, Types.OpenidPage, cancellation);

    /// <summary>
    /// All pages of followers from <paramref name="nextOpenId"/> on. Who notes the <see cref="OpenidPage.NextOpenid"/> of
    /// each page that is done can go on from there. A page that was refused is the last thing that is told.
    /// </summary>
    public async IAsyncEnumerable<ApiResult<OpenidPage>> AllFollowers(
        AccountCredentials account, string? nextOpenId = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            var page = await UserGet(account, nextOpenId, cancellation).ConfigureAwait(false);
            yield return page;
            if (!page.Ok || page.Required.IsLast) yield break;
            nextOpenId = page.Required.NextOpenid;
        }
    }

    /// <summary>
    /// <c>cgi-bin/user/info/updateremark</c>: what the account's staff call a follower, under 30 characters; empty takes it away.
    /// Rule: developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_updateremark.html.
    /// </summary>
    public Task<ApiResult> UserInfoUpdateRemark(AccountCredentials account, string openId, string remark, CancellationToken cancellation = default) =>
        Do(account, "cgi-bin/user/info/updateremark", new RemarkRequest(Limits.Filled(openId), Limits.Characters(remark, 0, 29)), Types.RemarkRequest, repeatable: true, cancellation);
}
