namespace CrmServerless.WeChat.Api.WeCom;

public sealed partial class WeComApi
{
    /// <summary>
    /// <c>cgi-bin/externalcontact/groupchat/list</c>: the ids of groups with customers. Without owners it is all that the
    /// application sees, refused (81017) where that is more than 1000 colleagues.
    /// Rule: developer.work.weixin.qq.com/document/path/92120.
    /// </summary>
    public Task<ApiResult<GroupChatList>> ExternalContactGroupChatList(
        AccountCredentials account, GroupChatListRequest request, CancellationToken cancellation = default) =>
        Post<GroupChatList>(account, "cgi-bin/externalcontact/groupchat/list", request, repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/groupchat/get</c>: a group and who is in it. After an event WeCom may need some seconds until it tells the new state.
    /// Rule: developer.work.weixin.qq.com/document/path/92122.
    /// </summary>
    public Task<ApiResult<GroupChatDetail>> ExternalContactGroupChatGet(
        AccountCredentials account, string chatId, bool needName = true, CancellationToken cancellation = default) =>
        Post<GroupChatDetail>(account, "cgi-bin/externalcontact/groupchat/get", new GroupChatGetRequest(chatId, needName ? 1 : 0), repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/groupchat/transfer</c>: groups of one who has left get a new owner; 300 a day to one colleague.
    /// Those that did not are named with their code (90500 and the following).
    /// Rule: developer.work.weixin.qq.com/document/path/92127.
    /// </summary>
    public Task<ApiResult<GroupChatTransfer>> ExternalContactGroupChatTransfer(
        AccountCredentials account, GroupChatTransferRequest request, CancellationToken cancellation = default) =>
        Post<GroupChatTransfer>(account, "cgi-bin/externalcontact/groupchat/transfer", request, repeatable: false, cancellation);
}
