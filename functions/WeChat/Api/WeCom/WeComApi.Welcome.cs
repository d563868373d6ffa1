namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>A text and up to 9 attachments, not both empty. The code is in the event of a new customer.</summary>
public sealed record SendWelcomeMsgRequest(string WelcomeCode, TextContent? Text = null, IReadOnlyList<Attachment>? Attachments = null) : WeComRequest
{
    internal override void Check()
    {
        WeComLimits.Needed(WelcomeCode, "welcome_code");
        Attachment.Check(Text, Attachments);
    }
}

public sealed partial class WeComApi
{
    /// <summary>
    /// <c>cgi-bin/externalcontact/send_welcome_msg</c>: within 20 s of the event, and once. 41050: too late or used already;
    /// 41051: they are chatting, or another application was faster. Both close the window (<see cref="ApiFault.WindowClosed"/>).
    /// Rule: developer.work.weixin.qq.com/document/path/92137.
    /// </summary>
    public Task<ApiResult> ExternalContactSendWelcomeMsg(AccountCredentials account, SendWelcomeMsgRequest request, CancellationToken cancellation = default) =>
        Post(account, "cgi-bin/externalcontact/send_welcome_msg", request, repeatable: false, cancellation);
}
