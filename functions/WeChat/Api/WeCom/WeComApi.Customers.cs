namespace CrmServerless.WeChat.Api.WeCom;

public sealed partial class WeComApi
{
    /// <summary>
    /// <c>cgi-bin/externalcontact/get_follow_user_list</c>: the colleagues who may have customers, of those the application sees.
    /// Rule: developer.work.weixin.qq.com/document/path/92571.
    /// </summary>
    public Task<ApiResult<FollowUserList>> ExternalContactGetFollowUserList(AccountCredentials account, CancellationToken cancellation = default) =>
        Get<FollowUserList>(account, "cgi-bin/externalcontact/get_follow_user_list", [], cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/list</c>: the customers of a colleague; empty when he has none (84061).
    /// Rule: developer.work.weixin.qq.com/document/path/92113.
    /// </summary>
    public Task<ApiResult<ExternalContactList>> ExternalContactList(AccountCredentials account, string userId, CancellationToken cancellation = default) =>
        NobodyIsEmpty(Get<ExternalContactList>(account, "cgi-bin/externalcontact/list", [("userid", userId)], cancellation));

    /// <summary>
    /// <c>cgi-bin/externalcontact/get</c>: a customer and the colleagues who have him, 500 of them a page:
    /// see <see cref="CustomerPages.ExternalContactGetAll"/>. 84061 and 84084: no customer (any more).
    /// Rule: developer.work.weixin.qq.com/document/path/92114.
    /// </summary>
    public Task<ApiResult<ExternalContactDetail>> ExternalContactGet(
        AccountCredentials account, string externalUserId, string? cursor = null, CancellationToken cancellation = default) =>
        Get<ExternalContactDetail>(account, "cgi-bin/externalcontact/get", [("external_userid", externalUserId), ("cursor", cursor)], cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/batch/get_by_user</c>: the customers of up to 100 colleagues, a page of up to 100;
    /// whoever is the customer of two colleagues is in it twice. Nobody (84061) is an empty page.
    /// Rule: developer.work.weixin.qq.com/document/path/92994.
    /// </summary>
    public Task<ApiResult<ExternalContactBatch>> ExternalContactBatchGetByUser(
        AccountCredentials account, BatchGetByUserRequest request, CancellationToken cancellation = default) =>
        NobodyIsEmpty(Post<ExternalContactBatch>(account, "cgi-bin/externalcontact/batch/get_by_user", request, repeatable: true, cancellation));

    /// <summary>
    /// <c>cgi-bin/externalcontact/remark</c>: what a colleague has noted about a customer. What is null stays as it is.
    /// Rule: developer.work.weixin.qq.com/document/path/92115.
    /// </summary>
    public Task<ApiResult> ExternalContactRemark(AccountCredentials account, RemarkRequest request, CancellationToken cancellation = default) =>
        Post(account, "cgi-bin/externalcontact/remark", request, repeatable: true, cancellation);
}
