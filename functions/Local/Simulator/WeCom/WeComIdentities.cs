using System.Globalization;
using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// Who a customer is elsewhere, and what an application is. Rules: developer.work.weixin.qq.com/document/path/93274 (unionid),
/// 97285 (telephone numbers), 92292 (openid), 90227 (application).
/// </summary>
public sealed class WeComIdentities(Companies companies) : IWeComFamily
{
    private const int MaxMobiles = 100;

    public IEnumerable<Api> Apis =>
    [
        Api.Post("cgi-bin/externalcontact/unionid_to_external_userid", Fields(Must("unionid", Text), Must("openid", Text), May("subject_type", Number)), ByUnionId),
        Api.Post("cgi-bin/externalcontact/batch_to_external_userid", Fields(Must("mobiles", ListOf(Text))), ByMobiles),
        Api.Post("cgi-bin/externalcontact/convert_to_openid", Fields(Must("external_userid", Text, 41035)), ToOpenId),
        Api.Get("cgi-bin/agent/get", Agent),
    ];

    private Reply ByUnionId(Call call) => companies.Of(call.Account).Contacts.All.FirstOrDefault(c => c.UnionId == call.Body.Text("unionid")) is { } contact
        ? Reply.Done(new JsonObject { ["external_userid"] = contact.Id })
        : Reply.Error(84061, "not external contact");

    private Reply ByMobiles(Call call)
    {
        var (company, mobiles) = (companies.Of(call.Account), call.Body.Texts("mobiles"));
        if (mobiles.Count is 0 or > MaxMobiles) return Reply.Error(40058, "invalid Request Parameter, mobiles");
        var (found, missing) = (new JsonArray(), new JsonArray());
        foreach (var mobile in mobiles)
        {
            // By the numbers that colleagues have written beside a customer.
            if (company.Relations.All.FirstOrDefault(r => r.Mobiles.Contains(mobile)) is { } relation) found.Add((JsonNode)new JsonObject { ["mobile"] = mobile, ["external_userid"] = relation.ExternalId });
            else missing.Add((JsonNode)new JsonObject { ["errcode"] = 60136, ["errmsg"] = "record not found", ["mobile"] = mobile });
        }

        return Reply.Done(new JsonObject { ["success_list"] = found, ["fail_list"] = missing });
    }

    private Reply ToOpenId(Call call) => companies.Of(call.Account).Contacts.Find(call.Body.Text("external_userid")) is { } contact
        ? Reply.Done(new JsonObject { ["openid"] = "oo" + contact.Id[2..] })
        : Reply.Error(40096, "invalid external userid");

    private Reply Agent(Call call)
    {
        var company = companies.Of(call.Account);
        if (!int.TryParse(call.Query("agentid"), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return Reply.Error(41011, "missing agentid");
        if (id != (call.Account.AgentId ?? id)) return company.Apps.Any(a => a.AgentId == id) ? Reply.Error(301002, "no permission of this agent") : Reply.Error(40056, "invalid agentid");
        return Reply.Done(new JsonObject
        {
            ["agentid"] = id, ["name"] = "青禾助手", ["square_logo_url"] = "https://p.qlogo.cn/sim/0", ["description"] = "", ["allow_userinfos"] = new JsonObject { ["user"] = new JsonArray() },
            ["allow_partys"] = new JsonObject { ["partyid"] = Reply.List([1]) }, ["allow_tags"] = new JsonObject { ["tagid"] = new JsonArray() }, ["close"] = 0, ["redirect_domain"] = "",
            ["report_location_flag"] = 0, ["isreportenter"] = 0, ["home_url"] = "", ["customized_publish_status"] = 1,
        });
    }
}
