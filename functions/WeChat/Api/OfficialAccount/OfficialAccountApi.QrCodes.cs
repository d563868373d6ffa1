namespace CrmServerless.WeChat.Api.OfficialAccount;

public sealed partial class OfficialAccountApi
{
    /// <summary>
    /// <c>cgi-bin/qrcode/create</c>: verified service accounts only (48001).
    /// Rule: developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode.html.
    /// </summary>
    public Task<ApiResult<QrTicket>> QrCodeCreate(AccountCredentials account, QrCode code, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        return transport.Post(account, "cgi-bin/qrcode/create", code, Types.QrCode, Types.QrTicket, repeatable: false, cancellation);
    }
}
