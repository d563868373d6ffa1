using System.Xml.Linq;
using CrmServerless.Crm.Accounts;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// What an application is told. Rules: developer.work.weixin.qq.com/document/path/92130 (customers, groups, tags).
/// </summary>
public static class WeComEvents
{
    public static string Contact(Account app, DateTimeOffset now, string change, string userId, string externalId, params XElement[] more) =>
        Event(app, now, "change_external_contact", change, [PhonePayloads.Text("UserID", userId), PhonePayloads.Text("ExternalUserID", externalId), .. more]);

    public static string Chat(Account app, DateTimeOffset now, string change, string chatId, params XElement[] more) =>
        Event(app, now, "change_external_chat", change, [PhonePayloads.Text("ChatId", chatId), .. more]);

    public static string Tag(Account app, DateTimeOffset now, string change, string id, string type) =>
        Event(app, now, "change_external_tag", change, [PhonePayloads.Text("Id", id), PhonePayloads.Text("TagType", type)]);

    public static string Acquisition(Account app, DateTimeOffset now, string change, string linkId, string state, params XElement[] more) =>
        Event(app, now, "customer_acquisition", change, [PhonePayloads.Text("LinkId", linkId), PhonePayloads.Text("State", state), .. more]);

    private static string Event(Account app, DateTimeOffset now, string name, string change, IEnumerable<XElement> fields) =>
        new XElement("xml",
            PhonePayloads.Text("ToUserName", app.AppId), PhonePayloads.Text("FromUserName", "sys"), new XElement("CreateTime", now.ToUnixTimeSeconds()),
            PhonePayloads.Text("MsgType", "event"), PhonePayloads.Text("Event", name), PhonePayloads.Text("ChangeType", change), fields).ToString(SaveOptions.DisableFormatting);
}
