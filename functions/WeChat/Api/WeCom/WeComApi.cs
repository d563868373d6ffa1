namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>
/// The server API of WeCom (企业微信), method names after the API paths, one file a family. The token stands in the
/// address here, which is therefore never logged.
/// Answers, network errors and timeouts come back as results; only the caller's own cancellation is thrown.
/// </summary>
public sealed partial class WeComApi(WeChatTransport transport)
{
    private static WeComJson Types => WeComJson.Types;
}
