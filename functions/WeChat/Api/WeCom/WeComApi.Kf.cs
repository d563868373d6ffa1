namespace CrmServerless.WeChat.Api.WeCom;

public sealed partial class WeComApi
{
    /// <summary><c>cgi-bin/kf/account/list</c>: the accounts of WeChat customer service (微信客服). Rule: developer.work.weixin.qq.com/document/path/94661.</summary>
    public Task<ApiResult<KfAccountList>> KfAccountList(AccountCredentials account, int offset = 0, int limit = 100, CancellationToken cancellation = default) =>
        Post<KfAccountList>(account, "cgi-bin/kf/account/list", new KfAccountListRequest(offset, limit), repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/kf/sync_msg</c>: what customers wrote and what happened, of the last 3 days. Go on with the next cursor until
    /// <see cref="KfMessages.HasMore"/> is false: a page may be empty before the last. Keep the cursor of each account.
    /// With the token of the event (10 minutes); without one only a few calls a minute are taken (45009). What was sent by the API is not in it.
    /// Rule: developer.work.weixin.qq.com/document/path/94670.
    /// </summary>
    public Task<ApiResult<KfMessages>> KfSyncMsg(AccountCredentials account, KfSyncMsgRequest request, CancellationToken cancellation = default) =>
        Post<KfMessages>(account, "cgi-bin/kf/sync_msg", request, repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/kf/send_msg</c>: 5 messages within 48 h of the customer's last (95001, 95002), while nobody or the bot serves him (95018).
    /// That it was taken does not say that it arrives: a failure comes as an event msg_send_fail.
    /// Rule: developer.work.weixin.qq.com/document/path/94677.
    /// </summary>
    /// <param name="account">The company.</param>
    /// <param name="toUser">The customer.</param>
    /// <param name="openKfid">The account of customer service.</param>
    /// <param name="message">The message.</param>
    /// <param name="msgId">A name of our own, up to 32 of digits, letters and <c>_-</c>: a second message of that name is refused. Null: WeCom gives one.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<ApiResult<KfSent>> KfSendMsg(
        AccountCredentials account, string toUser, string openKfid, KfOutgoing message, string? msgId = null, CancellationToken cancellation = default) =>
        Post<KfSent>(account, "cgi-bin/kf/send_msg", KfSendRequest.Of(message) with { Touser = toUser, OpenKfid = openKfid, Msgid = msgId }, repeatable: false, cancellation);

    /// <summary>
    /// <c>cgi-bin/kf/send_msg_on_event</c>: one message, a text or a menu, to the code of an event: of entering or ending a session 20 s,
    /// of the queue 48 h; once.
    /// Rule: developer.work.weixin.qq.com/document/path/95122.
    /// </summary>
    /// <exception cref="ArgumentException">Neither a text nor a menu, or over a limit.</exception>
    public Task<ApiResult<KfSent>> KfSendMsgOnEvent(
        AccountCredentials account, string code, KfOutgoing message, string? msgId = null, CancellationToken cancellation = default)
    {
        WeComLimits.Needed(code, "code");
        WeComLimits.Rule(message is KfText or KfMenu, "WeCom takes a text or a menu in answer to an event.", "msgtype");
        return Post<KfSent>(account, "cgi-bin/kf/send_msg_on_event", KfSendRequest.Of(message) with { Code = code, Msgid = msgId }, repeatable: false, cancellation);
    }

    /// <summary><c>cgi-bin/kf/service_state/get</c>: who serves a customer. Rule: developer.work.weixin.qq.com/document/path/94669.</summary>
    public Task<ApiResult<KfServiceState>> KfServiceStateGet(
        AccountCredentials account, string openKfid, string externalUserId, CancellationToken cancellation = default) =>
        Post<KfServiceState>(account, "cgi-bin/kf/service_state/get", new KfServiceStateRequest(openKfid, externalUserId), repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/kf/service_state/trans</c>: hands a customer on. A change that cannot be is 95016; a colleague is needed for state 3.
    /// Rule: developer.work.weixin.qq.com/document/path/94669.
    /// </summary>
    public Task<ApiResult<KfServiceTransition>> KfServiceStateTrans(
        AccountCredentials account, KfServiceStateTransRequest request, CancellationToken cancellation = default) =>
        Post<KfServiceTransition>(account, "cgi-bin/kf/service_state/trans", request, repeatable: false, cancellation);
}
