using System.Text.Json.Nodes;
using System.Xml.Linq;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// Template messages (模板消息), whose end is told by TEMPLATESENDJOBFINISH, and subscribe messages (订阅通知), each of
/// which the customer has agreed to. Rules: developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage.html
/// and api/notify/notify/api_sendnewsubscribemsg.html.
/// </summary>
public sealed class OaTemplates(OaAccounts all, MessageIds ids) : IOaFamily
{
    /// <summary>How long a <c>client_msg_id</c> keeps a message from being sent again.</summary>
    public static readonly TimeSpan ClientIdLife = TimeSpan.FromMinutes(10);

    private static readonly Shape Program = Fields(Must("appid", Text), May("pagepath", Text));
    private static readonly Shape Data = MapOf(Fields(Must("value", Text), May("color", Text)));
    private static readonly Shape Template = Fields(
        Must("touser", Text, 40003), Must("template_id", Text, 40037), May("url", Text), May("miniprogram", Program), Must("data", Data, 47003), May("client_msg_id", Text));
    private static readonly Shape Subscribe = Fields(
        Must("touser", Text, 40003), Must("template_id", Text, 40037), May("page", Text), May("miniprogram", Program), Must("data", Data, 47003));


    public IEnumerable<Api> Apis =>
    [
        Api.Post("cgi-bin/message/template/send", Template, SendTemplate),
        Api.Post("cgi-bin/message/subscribe/bizsend", Subscribe, SendSubscribe),
        Api.Get("cgi-bin/template/get_all_private_template", _ => Reply.Of(new JsonObject { ["template_list"] = Reply.List(MessageTemplate.Templates.Select(Listed)) })),
        Api.Get("wxaapi/newtmpl/gettemplate", _ => Reply.Done(new JsonObject { ["data"] = Reply.List(MessageTemplate.Subscriptions.Select(ListedSubscription)) })),
    ];

    private Reply SendTemplate(Call call)
    {
        var (state, body, openId) = (all.Of(call.Account), call.Body, call.Body.Text("touser"));
        if (!OaAccounts.IsOpenId(openId) || !all.IsOurs(state, openId)) return Reply.Error(40003, "invalid openid");
        if (MessageTemplate.Templates.FirstOrDefault(t => t.Id == body.Text("template_id")) is not { } template) return Reply.Error(40037, "invalid template_id");
        if (template.Fault(body.GetProperty("data")) is { } fault) return Reply.Error(47003, $"argument invalid! {fault}");
        if (body.TextOrNull("client_msg_id") is { } clientId)
        {
            // Sent already: the same answer, and no second message.
            if (state.SentByClientId.TryGetValue($"{openId}|{clientId}", out var sent) && call.Now - sent.At < ClientIdLife) return Sent(sent.MsgId);
            foreach (var over in state.SentByClientId.Where(s => call.Now - s.Value.At >= ClientIdLife).Select(s => s.Key).ToList()) state.SentByClientId.Remove(over);
        }

        if (!all.Follower(state, openId, call.Now).Subscribed) return Reply.Error(43004, "require subscribe");
        var msgId = ids.Next(call.Now);
        if (body.TextOrNull("client_msg_id") is { } id) state.SentByClientId[$"{openId}|{id}"] = (msgId, call.Now);
        // Who has put the account on mute gets nothing, and only the event says so.
        var blocked = state.Note(openId).Blocked;
        if (!blocked) call.Deliver(Shown(call, openId, "template", template, body.TextOrNull("url")));
        call.Tell(call.Account, PhonePayloads.Event(call.Account, openId, call.Now, "TEMPLATESENDJOBFINISH",
            new XElement("MsgID", msgId), PhonePayloads.Text("Status", blocked ? "failed:user block" : "success")));
        return Sent(msgId);
    }

    private Reply SendSubscribe(Call call)
    {
        var (state, body, openId) = (all.Of(call.Account), call.Body, call.Body.Text("touser"));
        if (!OaAccounts.IsOpenId(openId) || !all.IsOurs(state, openId)) return Reply.Error(40003, "invalid openid");
        if (MessageTemplate.Subscriptions.FirstOrDefault(t => t.Id == body.Text("template_id")) is not { } template) return Reply.Error(40037, "invalid template_id");
        if (template.Fault(body.GetProperty("data")) is { } fault) return Reply.Error(47003, $"argument invalid! {fault}");
        if (body.TextOrNull("page") is { Length: > 0 } page && !Uri.TryCreate(page, UriKind.Absolute, out _)) return Reply.Error(41030, "invalid page");
        if (state.Consents.Find(Consent.Of(openId, template.Id)) is not { Left: > 0 } consent) return Reply.Error(43101, "user refuse to accept the msg");
        state.Consents.Put(consent with { Left = consent.Left - 1 });
        var msgId = ids.Next(call.Now);
        call.Deliver(Shown(call, openId, "subscribe", template, body.TextOrNull("page")));
        call.Tell(call.Account, PhonePayloads.Event(call.Account, openId, call.Now, "subscribe_msg_sent_event", new XElement("SubscribeMsgSentEvent",
            new XElement("List", PhonePayloads.Text("TemplateId", template.Id), new XElement("MsgID", msgId), new XElement("ErrorCode", 0), PhonePayloads.Text("ErrorStatus", "success")))));
        return Reply.Ok;
    }

    private static Reply Sent(long msgId) => Reply.Done(new JsonObject { ["msgid"] = msgId });

    private static PhoneMessage Shown(Call call, string openId, string type, MessageTemplate template, string? url) =>
        new(call.Account.Name, openId, type, null, null, call.Now)
        {
            Title = template.Title, Url = url is { Length: > 0 } ? url : null, AppId = call.Body.Member("miniprogram")?.TextOrNull("appid"), PagePath = call.Body.Member("miniprogram")?.TextOrNull("pagepath"),
            Fields = [.. template.Fields.Select(f => new PhoneField(f.Label, call.Body.GetProperty("data").GetProperty(f.Key).Text("value")))],
        };

    private static JsonObject Listed(MessageTemplate template) => new()
    {
        ["template_id"] = template.Id, ["title"] = template.Title, ["primary_industry"] = "餐饮", ["deputy_industry"] = "餐饮", ["content"] = template.Content, ["example"] = template.Content,
    };

    private static JsonObject ListedSubscription(MessageTemplate template) => new()
    {
        ["priTmplId"] = template.Id, ["title"] = template.Title, ["content"] = template.Content, ["example"] = template.Content, ["type"] = 2,
    };
}
