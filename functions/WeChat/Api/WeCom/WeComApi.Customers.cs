namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>The customers of a colleague.</summary>
public sealed record ExternalContactList : WireRecord
{
    public IReadOnlyList<string> ExternalUserid { get; init; } = [];
}

public sealed partial class WeComApi
{
    /// <summary>84061: the colleague has no customers.</summary>
    private const int NoCustomers = 84061;

    /// <summary>
    /// <c>cgi-bin/externalcontact/list</c>: the customers of a colleague; empty when he has none.
    /// Rule: developer.work.weixin.qq.com/document/path/92113.
    /// </summary>
    public async Task<ApiResult<ExternalContactList>> ExternalContactList(AccountCredentials account, string userId, CancellationToken cancellation = default)
    {
        var found = await transport.Get(
            account, "cgi-bin/externalcontact/list", new[] { ("userid", (string?)userId) }, Types.ExternalContactList, cancellation).ConfigureAwait(false);
        return found.ErrCode == NoCustomers ? ApiResult<ExternalContactList>.Success(new ExternalContactList()) : found;
    }
}
