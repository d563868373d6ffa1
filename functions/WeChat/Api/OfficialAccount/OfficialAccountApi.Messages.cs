namespace CrmServerless.WeChat.Api.OfficialAccount;

public sealed partial class OfficialAccountApi
{
    /// <summary>
    /// <c>cgi-bin/message/custom/send</c>. Not idempotent: see <see cref="ApiResult.OutcomeUnknown"/>.
    /// Control characters, which JSON could only carry as <c>\uXXXX</c>, are left out.
    /// Rule: developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html.
    /// </summary>
    public Task<ApiResult> CustomSend(AccountCredentials account, CustomMessage message, CancellationToken cancellation = default) =>
        Do(account, "cgi-bin/message/custom/send", CustomSendRequest.Of(message), Types.CustomSendRequest, repeatable: false, cancellation);

    /// <summary>
    /// <c>cgi-bin/message/custom/typing</c>: "正在输入" for 15 s or until a message is sent; the customer must have written within the last 30 s (45080).
    /// Not repeated: late it is worth nothing, and while it shows a second one is refused (45081).
    /// Rule: developers.weixin.qq.com/doc/service/api/customer/message/api_typing.html.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="openId">Who sees it.</param>
    /// <param name="typing">False takes it away.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<ApiResult> CustomTyping(AccountCredentials account, string openId, bool typing = true, CancellationToken cancellation = default) =>
        Do(account, "cgi-bin/message/custom/typing", new TypingRequest(Limits.Filled(openId), typing ? "Typing" : "CancelTyping"), Types.TypingRequest, repeatable: false, cancellation);

    /// <summary>
    /// <c>cgi-bin/message/template/send</c>. Repeated after a passing fault only if <see cref="TemplateMessage.ClientMsgId"/> is set.
    /// Rule: developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage.html.
    /// </summary>
    public Task<ApiResult<TemplateSent>> TemplateSend(AccountCredentials account, TemplateMessage message, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        Check(message.Touser, message.TemplateId, message.Data);
        return transport.Post(
            account, "cgi-bin/message/template/send", message, Types.TemplateMessage, Types.TemplateSent, repeatable: message.ClientMsgId is not null, cancellation);
    }

    /// <summary>
    /// <c>cgi-bin/message/subscribe/bizsend</c>. Not idempotent, and uses up the customer's consent.
    /// Rule: developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html.
    /// </summary>
    public Task<ApiResult> SubscribeBizSend(AccountCredentials account, SubscribeMessage message, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        Check(message.Touser, message.TemplateId, message.Data);
        return Do(account, "cgi-bin/message/subscribe/bizsend", message, Types.SubscribeMessage, repeatable: false, cancellation);
    }

    private static void Check(string touser, string template, IReadOnlyDictionary<string, string> data)
    {
        Limits.Filled(touser);
        Limits.Filled(template);
        ArgumentNullException.ThrowIfNull(data);
        // A name of other characters would leave escaped, which WeChat refuses (40033); its own are of these.
        if (data.Keys.Any(name => name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')))
            throw new ArgumentException("A field's name is of letters, digits and _ only.", nameof(data));
    }
}
