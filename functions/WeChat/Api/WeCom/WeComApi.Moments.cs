namespace CrmServerless.WeChat.Api.WeCom;

public sealed partial class WeComApi
{
    /// <summary>
    /// <c>cgi-bin/externalcontact/add_moment_task</c>: something for the customers' Moments (朋友圈), which the colleagues publish; 10 a minute in a company.
    /// The answer is a job: see <see cref="ExternalContactGetMomentTaskResult"/>. Media come from <see cref="MediaUploadAttachment"/>.
    /// Rule: developer.work.weixin.qq.com/document/path/95094.
    /// </summary>
    public Task<ApiResult<MomentJob>> ExternalContactAddMomentTask(AccountCredentials account, AddMomentTaskRequest request, CancellationToken cancellation = default) =>
        Post<MomentJob>(account, "cgi-bin/externalcontact/add_moment_task", request, repeatable: false, cancellation);

    /// <summary><c>cgi-bin/externalcontact/get_moment_task_result</c>: for 24 h. Rule: developer.work.weixin.qq.com/document/path/95094.</summary>
    public Task<ApiResult<MomentTaskResult>> ExternalContactGetMomentTaskResult(AccountCredentials account, string jobId, CancellationToken cancellation = default) =>
        Get<MomentTaskResult>(account, "cgi-bin/externalcontact/get_moment_task_result", [("jobid", jobId)], cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/get_moment_list</c>: what was published in up to 30 days, without what was deleted.
    /// Rule: developer.work.weixin.qq.com/document/path/93333.
    /// </summary>
    public Task<ApiResult<MomentList>> ExternalContactGetMomentList(AccountCredentials account, MomentListRequest request, CancellationToken cancellation = default) =>
        Post<MomentList>(account, "cgi-bin/externalcontact/get_moment_list", request, repeatable: true, cancellation);

    /// <summary><c>cgi-bin/externalcontact/get_moment_task</c>: who has published what the company made. Rule: developer.work.weixin.qq.com/document/path/93333.</summary>
    public Task<ApiResult<MomentTask>> ExternalContactGetMomentTask(AccountCredentials account, MomentTaskRequest request, CancellationToken cancellation = default) =>
        Post<MomentTask>(account, "cgi-bin/externalcontact/get_moment_task", request, repeatable: true, cancellation);

    /// <summary><c>cgi-bin/externalcontact/get_moment_customer_list</c>: the customers for whom it was meant. Rule: developer.work.weixin.qq.com/document/path/93333.</summary>
    public Task<ApiResult<MomentCustomers>> ExternalContactGetMomentCustomerList(
        AccountCredentials account, MomentCustomersRequest request, CancellationToken cancellation = default) =>
        Post<MomentCustomers>(account, "cgi-bin/externalcontact/get_moment_customer_list", request, repeatable: true, cancellation);

    /// <summary><c>cgi-bin/externalcontact/get_moment_send_result</c>: the customers who can see it. Rule: developer.work.weixin.qq.com/document/path/93333.</summary>
    public Task<ApiResult<MomentCustomers>> ExternalContactGetMomentSendResult(
        AccountCredentials account, MomentSendResultRequest request, CancellationToken cancellation = default) =>
        Post<MomentCustomers>(account, "cgi-bin/externalcontact/get_moment_send_result", request, repeatable: true, cancellation);

    /// <summary><c>cgi-bin/externalcontact/get_moment_comments</c>: comments and likes, not their words. Rule: developer.work.weixin.qq.com/document/path/93333.</summary>
    public Task<ApiResult<MomentComments>> ExternalContactGetMomentComments(
        AccountCredentials account, string momentId, string userId, CancellationToken cancellation = default) =>
        Post<MomentComments>(account, "cgi-bin/externalcontact/get_moment_comments", new MomentCommentsRequest(momentId, userId), repeatable: true, cancellation);
}
