namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>Who answers: the accounts of the customer-service desk. 65400: the desk is not enabled; 65401: no such account.</summary>
public sealed partial class OfficialAccountApi
{
    /// <summary>
    /// <c>cgi-bin/customservice/getkflist</c>: all customer-service accounts.
    /// Rule: developers.weixin.qq.com/doc/service/api/customer/servicermanage/api_getkflist.html.
    /// </summary>
    public Task<ApiResult<KfList>> GetKfList(AccountCredentials account, CancellationToken cancellation = default) =>
        Get(account, "cgi-bin/customservice/getkflist", Types.KfList, cancellation);

    /// <summary>
    /// <c>cgi-bin/customservice/getonlinekflist</c>: those at work.
    /// Rule: developers.weixin.qq.com/doc/service/api/customer/servicermanage/api_getonlinekflist.html.
    /// </summary>
    public Task<ApiResult<OnlineKfList>> GetOnlineKfList(AccountCredentials account, CancellationToken cancellation = default) =>
        Get(account, "cgi-bin/customservice/getonlinekflist", Types.OnlineKfList, cancellation);

    /// <summary>
    /// <c>customservice/kfaccount/add</c>: 100 an account (65405); a nickname of up to 16 characters.
    /// Rule: developers.weixin.qq.com/doc/service/api/customer/servicermanage/api_addkfaccount.html.
    /// </summary>
    public Task<ApiResult> KfAccountAdd(AccountCredentials account, string kfAccount, string nickname, CancellationToken cancellation = default) =>
        Do(account, "customservice/kfaccount/add", new KfAccountRequest(Named(kfAccount), Limits.Characters(nickname, 1, 16)), Types.KfAccountRequest, repeatable: false, cancellation);

    /// <summary>
    /// <c>customservice/kfaccount/update</c>: another nickname.
    /// Rule: developers.weixin.qq.com/doc/service/api/customer/servicermanage/api_updatekfaccount.html.
    /// </summary>
    public Task<ApiResult> KfAccountUpdate(AccountCredentials account, string kfAccount, string nickname, CancellationToken cancellation = default) =>
        Do(account, "customservice/kfaccount/update", new KfAccountRequest(Named(kfAccount), Limits.Characters(nickname, 1, 16)), Types.KfAccountRequest, repeatable: true, cancellation);

    /// <summary>
    /// <c>customservice/kfaccount/inviteworker</c>: invites a WeChat user to work under it; the user must agree on the phone.
    /// Rule: developers.weixin.qq.com/doc/service/api/customer/servicermanage/api_inviteworker.html.
    /// </summary>
    public Task<ApiResult> KfAccountInviteWorker(AccountCredentials account, string kfAccount, string wechatId, CancellationToken cancellation = default) =>
        Do(account, "customservice/kfaccount/inviteworker", new KfAccountRequest(Named(kfAccount), InviteWx: Limits.Filled(wechatId)), Types.KfAccountRequest, repeatable: false, cancellation);

    /// <summary>
    /// <c>customservice/kfaccount/del</c>. After a lost answer the repetition may say that there is no such account (65401): then it is gone.
    /// Rule: developers.weixin.qq.com/doc/service/api/customer/servicermanage/api_delkfaccount.html.
    /// </summary>
    public Task<ApiResult> KfAccountDel(AccountCredentials account, string kfAccount, CancellationToken cancellation = default) =>
        Do(account, "customservice/kfaccount/del", new KfAccountRequest(Named(kfAccount)), Types.KfAccountRequest, repeatable: true, cancellation);

    /// <summary>
    /// <c>customservice/kfaccount/uploadheadimg</c>: its portrait, a JPG; 640 x 640 looks best.
    /// Rule: developers.weixin.qq.com/doc/service/api/customer/servicermanage/api_uploadkfavatar.html.
    /// </summary>
    /// <exception cref="ArgumentException">No JPG, or over 10 MiB.</exception>
    public async Task<ApiResult> KfAccountUploadHeadImg(
        AccountCredentials account, string kfAccount, ReadOnlyMemory<byte> portrait, CancellationToken cancellation = default)
    {
        var kind = MediaKind.Required(portrait.Span);
        if (kind.ContentType != "image/jpeg") throw new ArgumentException("A portrait must be a JPG.", nameof(portrait));
        var request = new ApiRequest(
            "customservice/kfaccount/uploadheadimg", new[] { ("kf_account", (string?)Named(kfAccount)) }, () => MediaForm.Of(portrait, kind), Repeatable: true, Media: true);
        return Status(await transport.Call(account, request, cancellation).ConfigureAwait(false));
    }

    private static string Named(string kfAccount) =>
        kfAccount?.IndexOf('@', StringComparison.Ordinal) is > 0 ? kfAccount : throw new ArgumentException("A customer-service account is prefix@the account's WeChat id.", nameof(kfAccount));
}
