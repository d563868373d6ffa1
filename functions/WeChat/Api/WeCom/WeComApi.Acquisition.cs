namespace CrmServerless.WeChat.Api.WeCom;

public sealed partial class WeComApi
{
    private const string Acquisition = "cgi-bin/externalcontact/customer_acquisition";

    /// <summary><c>.../customer_acquisition/list_link</c>: the ids of the 获客助手 links that work. Rule: developer.work.weixin.qq.com/document/path/97297.</summary>
    public Task<ApiResult<AcquisitionLinkList>> ExternalContactCustomerAcquisitionListLink(
        AccountCredentials account, int limit = 100, string? cursor = null, CancellationToken cancellation = default) =>
        Post<AcquisitionLinkList>(account, Acquisition + "/list_link", new AcquisitionListRequest(limit, cursor), repeatable: true, cancellation);

    /// <summary><c>.../customer_acquisition/get</c>. Rule: developer.work.weixin.qq.com/document/path/97297.</summary>
    public Task<ApiResult<AcquisitionLinkDetail>> ExternalContactCustomerAcquisitionGet(
        AccountCredentials account, string linkId, CancellationToken cancellation = default) =>
        Post<AcquisitionLinkDetail>(account, Acquisition + "/get", new AcquisitionLinkId(linkId), repeatable: true, cancellation);

    /// <summary><c>.../customer_acquisition/create_link</c>. Rule: developer.work.weixin.qq.com/document/path/97297.</summary>
    public Task<ApiResult<CreatedAcquisitionLink>> ExternalContactCustomerAcquisitionCreateLink(
        AccountCredentials account, CreateLinkRequest request, CancellationToken cancellation = default) =>
        Post<CreatedAcquisitionLink>(account, Acquisition + "/create_link", request, repeatable: false, cancellation);

    /// <summary><c>.../customer_acquisition/update_link</c>: the range takes the place of that before. Rule: developer.work.weixin.qq.com/document/path/97297.</summary>
    public Task<ApiResult> ExternalContactCustomerAcquisitionUpdateLink(
        AccountCredentials account, UpdateLinkRequest request, CancellationToken cancellation = default) =>
        Post(account, Acquisition + "/update_link", request, repeatable: true, cancellation);

    /// <summary><c>.../customer_acquisition/delete_link</c>: it works no more. Rule: developer.work.weixin.qq.com/document/path/97297.</summary>
    public Task<ApiResult> ExternalContactCustomerAcquisitionDeleteLink(AccountCredentials account, string linkId, CancellationToken cancellation = default) =>
        Post(account, Acquisition + "/delete_link", new AcquisitionLinkId(linkId), repeatable: false, cancellation);

    /// <summary><c>.../customer_acquisition/customer</c>: who came by a link. Rule: developer.work.weixin.qq.com/document/path/97298.</summary>
    public Task<ApiResult<AcquiredCustomers>> ExternalContactCustomerAcquisitionCustomer(
        AccountCredentials account, AcquiredCustomersRequest request, CancellationToken cancellation = default) =>
        Post<AcquiredCustomers>(account, Acquisition + "/customer", request, repeatable: true, cancellation);

    /// <summary><c>cgi-bin/externalcontact/customer_acquisition_quota</c>: how many customers are paid for. Rule: developer.work.weixin.qq.com/document/path/97375.</summary>
    public Task<ApiResult<AcquisitionQuota>> ExternalContactCustomerAcquisitionQuota(AccountCredentials account, CancellationToken cancellation = default) =>
        Get<AcquisitionQuota>(account, Acquisition + "_quota", [], cancellation);

    /// <summary><c>.../customer_acquisition/statistic</c>: at most 30 days, of the last 180. Rule: developer.work.weixin.qq.com/document/path/97375.</summary>
    public Task<ApiResult<AcquisitionStatistic>> ExternalContactCustomerAcquisitionStatistic(
        AccountCredentials account, AcquisitionStatisticRequest request, CancellationToken cancellation = default) =>
        Post<AcquisitionStatistic>(account, Acquisition + "/statistic", request, repeatable: true, cancellation);

    /// <summary>
    /// <c>.../customer_acquisition/get_chat_info</c>: who wrote, by the key of an event, which is good for 30 minutes.
    /// Rule: developer.work.weixin.qq.com/document/path/100130.
    /// </summary>
    public Task<ApiResult<AcquisitionChat>> ExternalContactCustomerAcquisitionGetChatInfo(
        AccountCredentials account, string chatKey, CancellationToken cancellation = default) =>
        Post<AcquisitionChat>(account, Acquisition + "/get_chat_info", new AcquisitionChatKey(chatKey), repeatable: true, cancellation);
}
