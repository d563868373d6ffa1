namespace CrmServerless.WeChat.Api.WeCom;

public sealed partial class WeComApi
{
    /// <summary>
    /// <c>cgi-bin/message/send</c>: the application writes to colleagues. 30 a minute and 1000 an hour to one of them: WeCom drops the
    /// others and answers 0. It answers 0 too where some cannot be reached, and names them; 81013 where nobody can.
    /// Rule: developer.work.weixin.qq.com/document/path/90236.
    /// </summary>
    /// <exception cref="ArgumentException">Over a limit; or the account has no AgentId.</exception>
    public Task<ApiResult<MessageSend>> MessageSend(
        AccountCredentials account, StaffRecipients to, StaffMessage message, StaffSendOptions? options = null, CancellationToken cancellation = default) =>
        Post<MessageSend>(account, "cgi-bin/message/send", MessageSendRequest.Of(AgentId(account), to, message, options ?? new()), repeatable: false, cancellation);

    /// <summary>
    /// <c>cgi-bin/message/recall</c>: within 24 h; what WeChat's plug-in has shown stays there.
    /// Rule: developer.work.weixin.qq.com/document/path/94867.
    /// </summary>
    public Task<ApiResult> MessageRecall(AccountCredentials account, string msgId, CancellationToken cancellation = default) =>
        Post(account, "cgi-bin/message/recall", new MessageRecallRequest(msgId), repeatable: true, cancellation);

    private static int AgentId(AccountCredentials account) =>
        account.AgentId ?? throw new ArgumentException($"The account {account} has no AgentId, which messages to colleagues need.", nameof(account));
}
