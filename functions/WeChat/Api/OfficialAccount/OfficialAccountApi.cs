namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>
/// The server API of the Official Account (公众号, 服务号), method names after the API paths, one file a family.
/// Answers, network errors and timeouts come back as results; only the caller's own cancellation is thrown.
/// </summary>
public sealed partial class OfficialAccountApi(WeChatTransport transport)
{
    private static OfficialAccountJson Types => OfficialAccountJson.Types;
}
