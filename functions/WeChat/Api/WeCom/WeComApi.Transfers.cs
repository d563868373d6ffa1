namespace CrmServerless.WeChat.Api.WeCom;

public sealed partial class WeComApi
{
    /// <summary>
    /// <c>cgi-bin/externalcontact/transfer_customer</c>: customers of a colleague who stays; each at most twice in 90 days.
    /// A 0 of a customer says that it has begun: it takes effect after 24 h, unless the customer refuses.
    /// Rule: developer.work.weixin.qq.com/document/path/92125.
    /// </summary>
    public Task<ApiResult<CustomerTransfer>> ExternalContactTransferCustomer(
        AccountCredentials account, TransferCustomerRequest request, CancellationToken cancellation = default) =>
        Post<CustomerTransfer>(account, "cgi-bin/externalcontact/transfer_customer", request, repeatable: false, cancellation);

    /// <summary><c>cgi-bin/externalcontact/transfer_result</c>: a page of up to 1000. Rule: developer.work.weixin.qq.com/document/path/94088.</summary>
    public Task<ApiResult<CustomerTransferResult>> ExternalContactTransferResult(
        AccountCredentials account, TransferResultRequest request, CancellationToken cancellation = default) =>
        Post<CustomerTransferResult>(account, "cgi-bin/externalcontact/transfer_result", request, repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/resigned/transfer_customer</c>: customers of a colleague who has left; takes effect after 24 h.
    /// Rule: developer.work.weixin.qq.com/document/path/94081.
    /// </summary>
    public Task<ApiResult<CustomerTransfer>> ExternalContactResignedTransferCustomer(
        AccountCredentials account, ResignedTransferCustomerRequest request, CancellationToken cancellation = default) =>
        Post<CustomerTransfer>(account, "cgi-bin/externalcontact/resigned/transfer_customer", request, repeatable: false, cancellation);

    /// <summary><c>cgi-bin/externalcontact/resigned/transfer_result</c>: a page of up to 1000. Rule: developer.work.weixin.qq.com/document/path/94082.</summary>
    public Task<ApiResult<CustomerTransferResult>> ExternalContactResignedTransferResult(
        AccountCredentials account, TransferResultRequest request, CancellationToken cancellation = default) =>
        Post<CustomerTransferResult>(account, "cgi-bin/externalcontact/resigned/transfer_result", request, repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/get_unassigned_list</c>: the customers of those who have left.
    /// Rule: developer.work.weixin.qq.com/document/path/92124.
    /// </summary>
    public Task<ApiResult<UnassignedList>> ExternalContactGetUnassignedList(
        AccountCredentials account, UnassignedListRequest request, CancellationToken cancellation = default) =>
        Post<UnassignedList>(account, "cgi-bin/externalcontact/get_unassigned_list", request, repeatable: true, cancellation);
}
