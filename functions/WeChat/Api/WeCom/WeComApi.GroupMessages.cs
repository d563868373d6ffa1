namespace CrmServerless.WeChat.Api.WeCom;

public sealed partial class WeComApi
{
    /// <summary>
    /// <c>cgi-bin/externalcontact/add_msg_template</c>: a message to many. Nothing is sent before the colleagues confirm it.
    /// A customer or group gets at most as many a month as it has days; an admin may set 7 a week or 1 a day.
    /// Rule: developer.work.weixin.qq.com/document/path/92135.
    /// </summary>
    public Task<ApiResult<AddedMsgTemplate>> ExternalContactAddMsgTemplate(
        AccountCredentials account, AddMsgTemplateRequest request, CancellationToken cancellation = default) =>
        Post<AddedMsgTemplate>(account, "cgi-bin/externalcontact/add_msg_template", request, repeatable: false, cancellation);

    /// <summary><c>cgi-bin/externalcontact/get_groupmsg_list_v2</c>: messages to many of up to a month. Rule: developer.work.weixin.qq.com/document/path/93338.</summary>
    public Task<ApiResult<GroupMsgList>> ExternalContactGetGroupMsgListV2(
        AccountCredentials account, GroupMsgListRequest request, CancellationToken cancellation = default) =>
        Post<GroupMsgList>(account, "cgi-bin/externalcontact/get_groupmsg_list_v2", request, repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/get_groupmsg_task</c>: which colleagues have confirmed. 41063: it is still being handed out.
    /// Rule: developer.work.weixin.qq.com/document/path/93338.
    /// </summary>
    public Task<ApiResult<GroupMsgTask>> ExternalContactGetGroupMsgTask(
        AccountCredentials account, GroupMsgTaskRequest request, CancellationToken cancellation = default) =>
        Post<GroupMsgTask>(account, "cgi-bin/externalcontact/get_groupmsg_task", request, repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/get_groupmsg_send_result</c>: whom a colleague's message has reached. Groups are told only once they have it.
    /// Rule: developer.work.weixin.qq.com/document/path/93338.
    /// </summary>
    public Task<ApiResult<GroupMsgSendResult>> ExternalContactGetGroupMsgSendResult(
        AccountCredentials account, GroupMsgSendResultRequest request, CancellationToken cancellation = default) =>
        Post<GroupMsgSendResult>(account, "cgi-bin/externalcontact/get_groupmsg_send_result", request, repeatable: true, cancellation);

    /// <summary><c>cgi-bin/externalcontact/remind_groupmsg_send</c>: asks the colleagues again, 3 times in 24 h. Rule: developer.work.weixin.qq.com/document/path/97610.</summary>
    public Task<ApiResult> ExternalContactRemindGroupMsgSend(AccountCredentials account, string msgId, CancellationToken cancellation = default) =>
        Post(account, "cgi-bin/externalcontact/remind_groupmsg_send", new GroupMsgId(msgId), repeatable: false, cancellation);

    /// <summary><c>cgi-bin/externalcontact/cancel_groupmsg_send</c>: nobody needs to confirm it any more. Rule: developer.work.weixin.qq.com/document/path/97611.</summary>
    public Task<ApiResult> ExternalContactCancelGroupMsgSend(AccountCredentials account, string msgId, CancellationToken cancellation = default) =>
        Post(account, "cgi-bin/externalcontact/cancel_groupmsg_send", new GroupMsgId(msgId), repeatable: true, cancellation);
}
