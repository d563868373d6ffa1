namespace CrmServerless.WeChat.Api.OfficialAccount;

public sealed partial class OfficialAccountApi
{
    /// <summary>Openids of one <see cref="TagsBatchBlacklist"/>.</summary>
    public const int MostInBatchBlacklist = 20;

    /// <summary>
    /// <c>cgi-bin/tags/members/getblacklist</c>: a page of those who are blocked.
    /// Rule: developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_getblacklist.html.
    /// </summary>
    public Task<ApiResult<OpenidPage>> TagsGetBlacklist(AccountCredentials account, string? beginOpenId = null, CancellationToken cancellation = default) =>
        Ask(account, "cgi-bin/tags/members/getblacklist", new GetBlacklistRequest(beginOpenId ?? ""), Types.GetBlacklistRequest, Types.OpenidPage, cancellation);

    /// <summary>
    /// <c>cgi-bin/tags/members/batchblacklist</c>: blocks up to <see cref="MostInBatchBlacklist"/> followers.
    /// Rule: developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_batchblacklist.html.
    /// </summary>
    public Task<ApiResult> TagsBatchBlacklist(AccountCredentials account, IReadOnlyList<string> openIds, CancellationToken cancellation = default) =>
        Do(account, "cgi-bin/tags/members/batchblacklist", new BlacklistRequest(Limits.Openids(openIds, MostInBatchBlacklist)), Types.BlacklistRequest, repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/tags/members/batchunblacklist</c>: lets up to <see cref="MostInBatchBlacklist"/> in again.
    /// Rule: developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_batchunblacklist.html.
    /// </summary>
    public Task<ApiResult> TagsBatchUnblacklist(AccountCredentials account, IReadOnlyList<string> openIds, CancellationToken cancellation = default) =>
        Do(account, "cgi-bin/tags/members/batchunblacklist", new BlacklistRequest(Limits.Openids(openIds, MostInBatchBlacklist)), Types.BlacklistRequest, repeatable: true, cancellation);
}
