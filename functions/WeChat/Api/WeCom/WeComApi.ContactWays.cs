namespace CrmServerless.WeChat.Api.WeCom;

public sealed partial class WeComApi
{
    /// <summary>
    /// <c>cgi-bin/externalcontact/add_contact_way</c>: a 「联系我」 code or button; 500,000 in a company, temporary ones 100,000 a day.
    /// Keep the config_id: without it nobody can change or remove it.
    /// Rule: developer.work.weixin.qq.com/document/path/92572.
    /// </summary>
    public Task<ApiResult<NewContactWay>> ExternalContactAddContactWay(
        AccountCredentials account, AddContactWayRequest request, CancellationToken cancellation = default) =>
        Post<NewContactWay>(account, "cgi-bin/externalcontact/add_contact_way", request, repeatable: false, cancellation);

    /// <summary><c>cgi-bin/externalcontact/get_contact_way</c>. Rule: developer.work.weixin.qq.com/document/path/92572.</summary>
    public Task<ApiResult<ContactWayDetail>> ExternalContactGetContactWay(AccountCredentials account, string configId, CancellationToken cancellation = default) =>
        Post<ContactWayDetail>(account, "cgi-bin/externalcontact/get_contact_way", new ContactWayId(configId), repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/list_contact_way</c>: those made since 10 July 2021, without the temporary ones.
    /// Rule: developer.work.weixin.qq.com/document/path/92572.
    /// </summary>
    public Task<ApiResult<ContactWayList>> ExternalContactListContactWay(
        AccountCredentials account, ListContactWayRequest request, CancellationToken cancellation = default) =>
        Post<ContactWayList>(account, "cgi-bin/externalcontact/list_contact_way", request, repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/update_contact_way</c>. Colleagues and departments take the place of all before; an expired temporary one cannot be changed.
    /// Rule: developer.work.weixin.qq.com/document/path/92572.
    /// </summary>
    public Task<ApiResult> ExternalContactUpdateContactWay(AccountCredentials account, UpdateContactWayRequest request, CancellationToken cancellation = default) =>
        Post(account, "cgi-bin/externalcontact/update_contact_way", request, repeatable: true, cancellation);

    /// <summary><c>cgi-bin/externalcontact/del_contact_way</c>. Rule: developer.work.weixin.qq.com/document/path/92572.</summary>
    public Task<ApiResult> ExternalContactDelContactWay(AccountCredentials account, string configId, CancellationToken cancellation = default) =>
        Post(account, "cgi-bin/externalcontact/del_contact_way", new ContactWayId(configId), repeatable: false, cancellation);

    /// <summary>
    /// <c>cgi-bin/externalcontact/close_temp_chat</c>: ends a temporary chat; the customer gets the conclusion that was set.
    /// Rule: developer.work.weixin.qq.com/document/path/92572.
    /// </summary>
    public Task<ApiResult> ExternalContactCloseTempChat(
        AccountCredentials account, string userId, string externalUserId, CancellationToken cancellation = default) =>
        Post(account, "cgi-bin/externalcontact/close_temp_chat", new CloseTempChatRequest(userId, externalUserId), repeatable: false, cancellation);
}
