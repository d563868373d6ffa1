using CrmServerless.Crm.Accounts;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// What the account is told of its desk. Rule: developers.weixin.qq.com/doc/service/guide/product/message/Receiving_event_pushes.html.
/// </summary>
public static class DeskEvents
{
    public static string Created(Account account, string openId, string kf, DateTimeOffset now) =>
        PhonePayloads.Event(account, openId, now, "kf_create_session", PhonePayloads.Text("KfAccount", kf));

    public static string Closed(Account account, string openId, string kf, DateTimeOffset now) =>
        PhonePayloads.Event(account, openId, now, "kf_close_session", PhonePayloads.Text("KfAccount", kf));

    public static string Switched(Account account, string openId, string from, string to, DateTimeOffset now) =>
        PhonePayloads.Event(account, openId, now, "kf_switch_session", PhonePayloads.Text("FromKfAccount", from), PhonePayloads.Text("ToKfAccount", to));
}
