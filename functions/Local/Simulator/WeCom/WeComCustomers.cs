using System.Globalization;
using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// Customers and the colleagues who have them. Rules: developer.work.weixin.qq.com/document/path/92571 (who may), 92113
/// (list), 92114 (one), 92994 (many), 92115 (remark).
/// </summary>
public sealed class WeComCustomers(Companies companies) : IWeComFamily
{
    /// <summary>Colleagues, and customers a page, of <c>batch/get_by_user</c>.</summary>
    public const int MaxBatch = 100;

    private const int MaxRemark = 20;
    private const int MaxDescription = 150;
    private const int FollowersAPage = 500;

    private static readonly Shape Remarked = Fields(
        Must("userid", Text, 41009), Must("external_userid", Text, 41035), May("remark", Text), May("description", Text), May("remark_company", Text), May("remark_mobiles", ListOf(Text)), May("remark_pic_mediaid", Text));

    public IEnumerable<Api> Apis =>
    [
        Api.Get("cgi-bin/externalcontact/get_follow_user_list", call => Reply.Done(new JsonObject { ["follow_user"] = Reply.Texts(companies.Of(call.Account).Followers.Select(s => s.UserId)) })),
        Api.Get("cgi-bin/externalcontact/list", List),
        Api.Get("cgi-bin/externalcontact/get", Get),
        Api.Post("cgi-bin/externalcontact/batch/get_by_user", Fields(Must("userid_list", ListOf(Text)), May("cursor", Text), May("limit", Number)), Batch),
        Api.Post("cgi-bin/externalcontact/remark", Remarked, Remark),
    ];

    private Reply List(Call call)
    {
        var company = companies.Of(call.Account);
        if (call.Query("userid") is not { } userId) return Reply.Error(41009, "missing userid");
        if (company.Working(userId) is not { } staff) return Reply.Error(60111, "userid not found");
        var customers = company.CustomersOf(staff.UserId).OrderBy(r => r.At).Select(r => r.ExternalId).ToList();
        // A colleague without customers is an error to WeCom.
        return customers.Count == 0 ? Reply.Error(84061, "not external contact") : Reply.Done(new JsonObject { ["external_userid"] = Reply.Texts(customers) });
    }

    private Reply Get(Call call)
    {
        var company = companies.Of(call.Account);
        if (call.Query("external_userid") is not { } id) return Reply.Error(41035, "missing external userid");
        if (company.Contacts.Find(id) is not { } contact) return Reply.Error(40096, "invalid external userid");
        var relations = company.Relations.All.Where(r => r.ExternalId == id).OrderBy(r => r.UserId, StringComparer.Ordinal).ToList();
        if (relations.Count == 0) return Reply.Error(84061, "not external contact");
        if (Paging.Start(call.Query("cursor")) is not { } start) return Paging.BadCursor;
        var fields = new JsonObject { ["external_contact"] = Json(contact), ["follow_user"] = Reply.List(relations.Skip(start).Take(FollowersAPage).Select(r => Follow(company, r))) };
        if (start + FollowersAPage < relations.Count) fields["next_cursor"] = Paging.Cursor(start + FollowersAPage);
        return Reply.Done(fields);
    }

    private Reply Batch(Call call)
    {
        var (company, asked) = (companies.Of(call.Account), call.Body.Texts("userid_list"));
        if (asked.Count is 0 or > MaxBatch) return Reply.Error(40058, "invalid Request Parameter, userid_list");
        if (asked.Any(u => company.Working(u) is null)) return Reply.Error(60111, "userid not found");
        var limit = call.Body.Number("limit") ?? 50;
        if (limit is < 1 or > MaxBatch) return Reply.Error(40058, "invalid Request Parameter, limit");
        var users = asked.Select(u => company.Working(u)!.UserId).Distinct(StringComparer.Ordinal).ToList();
        return Paging.Page(call.Body.TextOrNull("cursor"), (int)limit, "external_contact_list", users.SelectMany(u => company.CustomersOf(u).OrderBy(r => r.At)), r => new JsonObject
        {
            ["external_contact"] = Json(company.Contacts.Find(r.ExternalId)!), ["follow_info"] = Info(r),
        });
    }

    private Reply Remark(Call call)
    {
        var (company, body) = (companies.Of(call.Account), call.Body);
        if (company.Working(body.Text("userid")) is not { } staff) return Reply.Error(60111, "userid not found");
        if (company.Contacts.Find(body.Text("external_userid")) is null) return Reply.Error(40096, "invalid external userid");
        if (company.Relations.Find(Relation.Of(staff.UserId, body.Text("external_userid"))) is not { } relation) return Reply.Error(84061, "not external contact");
        if (Length(body.Text("remark")) > MaxRemark || Length(body.Text("description")) > MaxDescription || Length(body.Text("remark_company")) > MaxRemark) return Reply.Error(40058, "invalid Request Parameter, too long");
        var mobiles = body.Texts("remark_mobiles");
        company.Relations.Put(relation with
        {
            Remark = body.TextOrNull("remark") ?? relation.Remark, Description = body.TextOrNull("description") ?? relation.Description,
            Company = body.TextOrNull("remark_company") ?? relation.Company,
            // They take the place of all; a list of one empty text clears it.
            Mobiles = body.Member("remark_mobiles") is null ? relation.Mobiles : mobiles is [""] ? [] : mobiles,
        });
        return Reply.Ok;
    }

    private static JsonObject Json(ExternalContact contact)
    {
        var fields = new JsonObject { ["external_userid"] = contact.Id, ["name"] = contact.Name, ["type"] = 1, ["avatar"] = "http://wx.qlogo.cn/mmhead/sim/0", ["gender"] = 0 };
        if (contact.UnionId is not null) fields["unionid"] = contact.UnionId;
        return fields;
    }

    private static JsonObject Follow(Company company, Relation relation)
    {
        var fields = Common(relation);
        fields["tags"] = Reply.List(relation.Tags.Select(company.Tag).OfType<CorpTag>().Select(t => new JsonObject
        {
            ["group_name"] = company.TagGroups.All.First(g => g.Tags.Contains(t)).Name, ["tag_name"] = t.Name, ["tag_id"] = t.Id, ["type"] = 1,
        }));
        return fields;
    }

    // ONE object, with ids in place of tags.
    private static JsonObject Info(Relation relation)
    {
        var fields = Common(relation);
        fields["tag_id"] = Reply.Texts(relation.Tags);
        return fields;
    }

    private static JsonObject Common(Relation relation)
    {
        var fields = new JsonObject
        {
            ["userid"] = relation.UserId, ["remark"] = relation.Remark, ["description"] = relation.Description, ["createtime"] = relation.At.ToUnixTimeSeconds(),
            ["remark_corp_name"] = relation.Company, ["remark_mobiles"] = Reply.Texts(relation.Mobiles), ["add_way"] = relation.AddWay, ["oper_userid"] = relation.UserId,
        };
        if (relation.State.Length > 0) fields["state"] = relation.State;
        return fields;
    }

    private static int Length(string text) => new StringInfo(text).LengthInTextElements;
}
