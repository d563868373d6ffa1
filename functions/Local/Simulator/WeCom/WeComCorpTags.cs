using System.Globalization;
using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// The company's tags in groups, and marking a colleague's customer with them. Rules: developer.work.weixin.qq.com/document/path/92117
/// and 92118: 3,000 tags (40126), names of 30 characters, an application changes its own only (301002).
/// </summary>
public sealed class WeComCorpTags(Companies companies) : IWeComFamily
{
    /// <summary>Tags of a company.</summary>
    public const int MaxTags = 3000;

    private const int MaxName = 30;

    private static readonly Shape Added = Fields(
        May("group_id", Text), May("group_name", Text), May("order", Number), Must("tag", ListOf(Fields(Must("name", Text, 41018), May("order", Number))), 41018), May("agentid", Number));

    private static readonly Shape Marked = Fields(Must("userid", Text, 41009), Must("external_userid", Text, 41035), May("add_tag", ListOf(Text)), May("remove_tag", ListOf(Text)));

    public IEnumerable<Api> Apis =>
    [
        Api.Post("cgi-bin/externalcontact/get_corp_tag_list", Fields(May("tag_id", ListOf(Text)), May("group_id", ListOf(Text))), List),
        Api.Post("cgi-bin/externalcontact/add_corp_tag", Added, Add),
        Api.Post("cgi-bin/externalcontact/edit_corp_tag", Fields(Must("id", Text, 41017), May("name", Text), May("order", Number), May("agentid", Number)), Edit),
        Api.Post("cgi-bin/externalcontact/del_corp_tag", Fields(May("tag_id", ListOf(Text)), May("group_id", ListOf(Text)), May("agentid", Number)), Delete),
        Api.Post("cgi-bin/externalcontact/mark_tag", Marked, Mark),
    ];

    private Reply List(Call call)
    {
        var (groups, tags) = (call.Body.Texts("group_id"), call.Body.Texts("tag_id"));
        var found = companies.Of(call.Account).TagGroups.All.OrderByDescending(g => g.Order).ThenBy(g => g.At)
            .Where(g => groups.Count == 0 || groups.Contains(g.Id))
            // Groups given, tags do not count.
            .Select(g => groups.Count > 0 || tags.Count == 0 ? g : g with { Tags = [.. g.Tags.Where(t => tags.Contains(t.Id))] })
            .Where(g => g.Tags.Count > 0 || tags.Count == 0);
        return Reply.Done(new JsonObject { ["tag_group"] = Reply.List(found.Select(Json)) });
    }

    private Reply Add(Call call)
    {
        var (company, body, asked) = (companies.Of(call.Account), call.Body, call.Body.Items("tag"));
        var known = body.TextOrNull("group_id") is { } id ? company.TagGroups.Find(id) : company.TagGroups.All.FirstOrDefault(g => g.Name == body.Text("group_name"));
        if (body.Member("group_id") is not null && known is null) return Reply.Error(40068, "invalid tagid");
        if (known is null && Bad(body.Text("group_name"))) return Reply.Error(40072, "invalid tag name length");
        if (asked.Count == 0) return Reply.Error(41018, "missing tag name");
        if (asked.Any(t => Bad(t.Text("name")))) return Reply.Error(40072, "invalid tag name length");
        var names = asked.Select(t => t.Text("name")).ToList();
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Count || known?.Tags.Any(t => names.Contains(t.Name)) == true) return Reply.Error(40071, "UserTag Name Already Exist");
        if (company.TagGroups.All.Sum(g => g.Tags.Count) + asked.Count > MaxTags) return Reply.Error(40126, "corp tag count exceed limit");
        var made = asked.Select(t => new CorpTag(Company.NewId("et"), t.Text("name"), t.Number("order") ?? 0, call.Now, call.Account.Name)).ToList();
        var group = known ?? new CorpTagGroup(Company.NewId("et"), body.Text("group_name"), body.Number("order") ?? 0, call.Now, call.Account.Name, []);
        company.TagGroups.Put(group with { Tags = [.. group.Tags, .. made] });
        // Of the group only what is new comes back.
        return Reply.Done(new JsonObject { ["tag_group"] = Json(group with { Tags = made }) });
    }

    private Reply Edit(Call call)
    {
        var (company, id, name) = (companies.Of(call.Account), call.Body.Text("id"), call.Body.TextOrNull("name"));
        if (name is not null && Bad(name)) return Reply.Error(40072, "invalid tag name length");
        if (company.TagGroups.Find(id) is { } group)
        {
            if (group.By != call.Account.Name) return Reply.Error(301002, "no permission to operate the tag of another application");
            if (company.TagGroups.All.Any(g => g.Id != id && g.Name == name)) return Reply.Error(40071, "UserTag Name Already Exist");
            company.TagGroups.Put(group with { Name = name ?? group.Name, Order = call.Body.Number("order") ?? group.Order });
            return Reply.Ok;
        }

        if (company.TagGroups.All.FirstOrDefault(g => g.Tags.Any(t => t.Id == id)) is not { } its) return Reply.Error(40068, "invalid tagid");
        var tag = its.Tags.First(t => t.Id == id);
        if (tag.By != call.Account.Name) return Reply.Error(301002, "no permission to operate the tag of another application");
        if (its.Tags.Any(t => t.Id != id && t.Name == name)) return Reply.Error(40071, "UserTag Name Already Exist");
        company.TagGroups.Put(its with { Tags = [.. its.Tags.Select(t => t.Id == id ? t with { Name = name ?? t.Name, Order = call.Body.Number("order") ?? t.Order } : t)] });
        return Reply.Ok;
    }

    private Reply Delete(Call call)
    {
        var (company, tags, groups) = (companies.Of(call.Account), call.Body.Texts("tag_id"), call.Body.Texts("group_id"));
        if (tags.Count == 0 && groups.Count == 0) return Reply.Error(40063, "some parameters are empty");
        if (groups.Any(g => company.TagGroups.Find(g) is null) || tags.Any(t => company.Tag(t) is null)) return Reply.Error(40068, "invalid tagid");
        if (groups.Any(g => company.TagGroups.Find(g)!.By != call.Account.Name) || tags.Any(t => company.Tag(t)!.By != call.Account.Name))
            return Reply.Error(301002, "no permission to operate the tag of another application");
        Drop(company, group => groups.Contains(group.Id), tag => tags.Contains(tag.Id));
        return Reply.Ok;
    }

    /// <summary>Deletes tags and takes them from the customers; a group without tags goes too.</summary>
    internal static void Drop(Company company, Func<CorpTagGroup, bool> whole, Func<CorpTag, bool> one)
    {
        var gone = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in company.TagGroups.All.ToList())
        {
            var dropped = group.Tags.Where(t => whole(group) || one(t)).Select(t => t.Id).ToList();
            if (dropped.Count == 0 && !whole(group)) continue;
            gone.UnionWith(dropped);
            if (dropped.Count == group.Tags.Count) company.TagGroups.Remove(group.Id);
            else company.TagGroups.Put(group with { Tags = [.. group.Tags.Where(t => !dropped.Contains(t.Id))] });
        }

        foreach (var relation in company.Relations.All.Where(r => r.Tags.Any(gone.Contains)).ToList())
            company.Relations.Put(relation with { Tags = [.. relation.Tags.Where(t => !gone.Contains(t))] });
    }

    private Reply Mark(Call call)
    {
        var (company, body) = (companies.Of(call.Account), call.Body);
        var (add, remove) = (body.Texts("add_tag"), body.Texts("remove_tag"));
        if (add.Count == 0 && remove.Count == 0) return Reply.Error(40063, "some parameters are empty, add_tag and remove_tag");
        if (company.Working(body.Text("userid")) is not { } staff) return Reply.Error(60111, "userid not found");
        if (company.Contacts.Find(body.Text("external_userid")) is null) return Reply.Error(40096, "invalid external userid");
        if (company.Relations.Find(Relation.Of(staff.UserId, body.Text("external_userid"))) is not { } relation) return Reply.Error(84061, "not external contact");
        if (add.Concat(remove).Any(t => company.Tag(t) is null)) return Reply.Error(40068, "invalid tagid");
        company.Relations.Put(relation with { Tags = [.. relation.Tags.Union(add).Except(remove)] });
        return Reply.Ok;
    }

    private static JsonObject Json(CorpTagGroup group) => new()
    {
        ["group_id"] = group.Id, ["group_name"] = group.Name, ["create_time"] = group.At.ToUnixTimeSeconds(), ["order"] = group.Order, ["deleted"] = false,
        ["tag"] = Reply.List(group.Tags.Select(t => new JsonObject { ["id"] = t.Id, ["name"] = t.Name, ["create_time"] = t.At.ToUnixTimeSeconds(), ["order"] = t.Order, ["deleted"] = false })),
    };

    private static bool Bad(string name) => name.Length == 0 || new StringInfo(name).LengthInTextElements > MaxName;
}
