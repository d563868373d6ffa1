namespace CrmServerless.WeChat.Api.WeCom;

public sealed partial class WeComApi
{
    /// <summary>
    /// <c>cgi-bin/externalcontact/unionid_to_external_userid</c>: joins a follower of the Official Account to the customer. The openid is of the same account as the unionid.
    /// Rule: developer.work.weixin.qq.com/document/path/93274.
    /// </summary>
    public Task<ApiResult<CustomerOfUnionid>> ExternalContactUnionidToExternalUserid(
        AccountCredentials account, string unionId, string? openId = null, CancellationToken cancellation = default) =>
        Post<CustomerOfUnionid>(account, "cgi-bin/externalcontact/unionid_to_external_userid", new UnionidRequest(unionId, openId), repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/convert_to_openid</c>: for payments; customers in WeChat only (wm...).
    /// Rule: developer.work.weixin.qq.com/document/path/92323.
    /// </summary>
    public Task<ApiResult<CustomerOpenid>> ExternalContactConvertToOpenid(AccountCredentials account, string externalUserId, CancellationToken cancellation = default) =>
        Post<CustomerOpenid>(account, "cgi-bin/externalcontact/convert_to_openid", new ConvertToOpenidRequest(externalUserId), repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/batch_to_external_userid</c>: customers by phone numbers, of those that the company imported itself.
    /// Rule: developer.work.weixin.qq.com/document/path/92506.
    /// </summary>
    public Task<ApiResult<CustomersOfMobiles>> ExternalContactBatchToExternalUserid(
        AccountCredentials account, IReadOnlyList<string> mobiles, CancellationToken cancellation = default) =>
        Post<CustomersOfMobiles>(account, "cgi-bin/externalcontact/batch_to_external_userid", new BatchToExternalUseridRequest(mobiles), repeatable: true, cancellation);
}
