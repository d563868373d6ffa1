using System.Globalization;
using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// Groups with customers in them. Rules: developer.work.weixin.qq.com/document/path/92120 (list), 92122 (one), 92127
/// (of who has resigned), 95703 (of who works here).
/// </summary>
public sealed class WeComGroups(Companies companies) : IWeComFamily
{
    private const int MaxPage = 1000;
    private const int MaxOwners = 100;
    private const int MaxTransfers = 100;

    private static readonly Shape Handed = Fields(Must("chat_id_list", ListOf(Text)), Must("new_owner", Text));

    public IEnumerable<Api> Apis =>
    [
        Api.Post("cgi-bin/externalcontact/groupchat/list", Fields(May("status_filter", Number), May("owner_filter", Fields(May("userid_list", ListOf(Text)))), May("cursor", Text), Must("limit", Number)), List),
        Api.Post("cgi-bin/externalcontact/groupchat/get", Fields(Must("chat_id", Text), May("need_name", Number)), Get),
        Api.Post("cgi-bin/externalcontact/groupchat/transfer", Handed, call => HandOver(call, resigned: true)),
        Api.Post("cgi-bin/externalcontact/groupchat/onjob_transfer", Handed, call => HandOver(call, resigned: false)),
    ];

    private Reply List(Call call)
    {
        var (company, limit) = (companies.Of(call.Account), call.Body.Number("limit") ?? 0);
        var owners = call.Body.Member("owner_filter")?.Texts("userid_list") ?? [];
        if (limit is < 1 or > MaxPage || owners.Count > MaxOwners || call.Body.Number("status_filter") is < 0 or > 3) return Reply.Error(40058, "invalid Request Parameter");
        if (owners.Any(o => company.Working(o) is null)) return Reply.Error(60111, "userid not found");
        var groups = company.Groups.All.Where(g => !g.Dismissed && (owners.Count == 0 || owners.Contains(g.Owner, StringComparer.OrdinalIgnoreCase)) && Matches(company, g, call.Body.Number("status_filter") ?? 0)).OrderBy(g => g.At);
        return Paging.Page(call.Body.TextOrNull("cursor"), (int)limit, "group_chat_list", groups, g => new JsonObject { ["chat_id"] = g.Id, ["status"] = Status(company, g) });
    }

    private Reply Get(Call call)
    {
        var company = companies.Of(call.Account);
        if (company.Groups.Find(call.Body.Text("chat_id")) is not { } group) return Reply.Error(40050, "invalid chatid");
        if (group.Dismissed) return Reply.Error(49008, "the chat has been dismissed");
        var named = call.Body.Number("need_name") == 1;
        return Reply.Done(new JsonObject
        {
            ["group_chat"] = new JsonObject
            {
                ["chat_id"] = group.Id, ["name"] = group.Name, ["owner"] = group.Owner, ["create_time"] = group.At.ToUnixTimeSeconds(), ["notice"] = group.Notice,
                ["member_list"] = Reply.List(group.Members.Select(m => Json(m, named))), ["admin_list"] = new JsonArray(),
                ["member_version"] = group.Version.ToString("x", CultureInfo.InvariantCulture),
            },
        });
    }

    private static JsonObject Json(GroupMember member, bool named)
    {
        var fields = new JsonObject { ["userid"] = member.Id, ["type"] = member.IsStaff ? 1 : 2, ["join_time"] = member.At.ToUnixTimeSeconds(), ["join_scene"] = member.JoinScene, ["group_nickname"] = "" };
        if (named) fields["name"] = member.Name;
        return fields;
    }

    private Reply HandOver(Call call, bool resigned)
    {
        var (company, ids) = (companies.Of(call.Account), call.Body.Texts("chat_id_list"));
        if (ids.Count is 0 or > MaxTransfers) return Reply.Error(40058, "invalid Request Parameter, chat_id_list");
        if (company.Working(call.Body.Text("new_owner")) is not { } owner) return Reply.Error(60111, "userid not found");
        if (!owner.Active) return Reply.Error(40098, "user is not real-name verified");
        var failed = new JsonArray();
        foreach (var id in ids)
        {
            var group = company.Groups.Find(id);
            var code = group is null || group.Dismissed ? 40050 : resigned && company.Working(group.Owner) is not null ? 90500 : !resigned && company.Working(group.Owner) is null ? 90501 : 0;
            if (code == 0) company.Groups.Put(group! with { Owner = owner.UserId, Version = group.Version + 1 });
            else failed.Add((JsonNode)new JsonObject { ["chat_id"] = id, ["errcode"] = code, ["errmsg"] = code == 90500 ? "the owner of this chat is not resigned" : "the chat cannot be handed over" });
        }

        return Reply.Done(new JsonObject { ["failed_chat_list"] = failed });
    }

    // 0 has an owner who works here, 1 the owner has resigned: 2 and 3 are the ways between, which take no time here.
    private static int Status(Company company, GroupChat group) => company.Working(group.Owner) is null ? 1 : 0;

    private static bool Matches(Company company, GroupChat group, long filter) => filter switch
    {
        0 => true,
        1 => Status(company, group) == 1,
        _ => false,
    };
}
