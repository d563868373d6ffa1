namespace CrmServerless.WeChat.Api.OfficialAccount;

public sealed partial class OfficialAccountApi
{
    /// <summary>Messages of one <see cref="MsgRecordGetMsgList"/>.</summary>
    public const int MostServiceRecords = 10_000;

    /// <summary>
    /// <c>customservice/kfsession/create</c>: gives a customer to a colleague who is at work (65415 if not) and to whom nobody else gave him (65414).
    /// Rule: developers.weixin.qq.com/doc/service/api/customer/messctrl/api_createkfsession.html.
    /// </summary>
    public Task<ApiResult> KfSessionCreate(AccountCredentials account, string kfAccount, string openId, CancellationToken cancellation = default) =>
        Do(account, "customservice/kfsession/create", new KfSessionRequest(Named(kfAccount), Limits.Filled(openId)), Types.KfSessionRequest, repeatable: false, cancellation);

    /// <summary>
    /// <c>customservice/kfsession/close</c>. After a lost answer the repetition may say that there is no conversation (65413): then it is closed.
    /// Rule: developers.weixin.qq.com/doc/service/api/customer/messctrl/api_closekfsession.html.
    /// </summary>
    public Task<ApiResult> KfSessionClose(AccountCredentials account, string kfAccount, string openId, CancellationToken cancellation = default) =>
        Do(account, "customservice/kfsession/close", new KfSessionRequest(Named(kfAccount), Limits.Filled(openId)), Types.KfSessionRequest, repeatable: true, cancellation);

    /// <summary>
    /// <c>customservice/kfsession/getsession</c>: with whom a customer talks.
    /// Rule: developers.weixin.qq.com/doc/service/api/customer/messctrl/api_getkfsession.html.
    /// </summary>
    public Task<ApiResult<KfSession>> KfSessionGetSession(AccountCredentials account, string openId, CancellationToken cancellation = default) =>
        transport.Get(account, "customservice/kfsession/getsession", new[] { ("openid", (string?)Limits.Filled(openId)) }, Types.KfSession, cancellation);

    /// <summary>
    /// <c>customservice/kfsession/getsessionlist</c>: with whom a colleague talks.
    /// Rule: developers.weixin.qq.com/doc/service/api/customer/messctrl/api_getkfsessionlist.html.
    /// </summary>
    public Task<ApiResult<KfSessionList>> KfSessionGetSessionList(AccountCredentials account, string kfAccount, CancellationToken cancellation = default) =>
        transport.Get(account, "customservice/kfsession/getsessionlist", new[] { ("kf_account", (string?)Named(kfAccount)) }, Types.KfSessionList, cancellation);

    /// <summary>
    /// <c>customservice/kfsession/getwaitcase</c>: who waits for somebody.
    /// Rule: developers.weixin.qq.com/doc/service/api/customer/messctrl/api_getwaitcase.html.
    /// </summary>
    public Task<ApiResult<KfWaiting>> KfSessionGetWaitCase(AccountCredentials account, CancellationToken cancellation = default) =>
        Get(account, "customservice/kfsession/getwaitcase", Types.KfWaiting, cancellation);

    /// <summary>
    /// <c>customservice/msgrecord/getmsglist</c>: what was said at the desk within a span of at most 24 hours, a page at a time.
    /// Rule: developers.weixin.qq.com/doc/service/api/customer/message/api_getmsglist.html.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="from">Begin of the span; whole seconds count.</param>
    /// <param name="to">Its end.</param>
    /// <param name="msgId">Where the page begins: 1, then the <see cref="ServiceRecordPage.Msgid"/> of the page before.</param>
    /// <param name="number">Most messages of the page.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<ApiResult<ServiceRecordPage>> MsgRecordGetMsgList(
        AccountCredentials account, DateTimeOffset from, DateTimeOffset to, long msgId = 1, int number = MostServiceRecords, CancellationToken cancellation = default)
    {
        if (to < from || to - from > TimeSpan.FromHours(24)) throw new ArgumentException("From begin to end WeChat takes 24 hours at most.", nameof(to));
        var request = new ServiceRecordRequest(
            from.ToUnixTimeSeconds(), to.ToUnixTimeSeconds(), Limits.Range(msgId, 1, long.MaxValue, "as a message"), Limits.Range(number, 1, MostServiceRecords, "messages"));
        return Ask(account, "customservice/msgrecord/getmsglist", request, Types.ServiceRecordRequest, Types.ServiceRecordPage, cancellation);
    }
}
