using System.Text;
using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// Tags and who carries them. Rules: developers.weixin.qq.com/doc/service/guide/product/usermanage/tag_and_blacklist.html
/// and api/usermanage/tag/*.
/// </summary>
public sealed class OaTags(OaAccounts all) : IOaFamily
{
    /// <summary>Tags of an account.</summary>
    public const int MaxTags = 100;

    /// <summary>Bytes of a tag's name.</summary>
    public const int MaxNameBytes = 30;

    /// <summary>Openids of one call.</summary>
    public const int MaxBatch = 50;

    /// <summary>Tags of a follower.</summary>
    public const int MaxPerFollower = 20;

    /// <summary>Ids up to this are WeChat's own: 0 none, 1 blacklist, 2 starred.</summary>
    private const int LastOfSystem = 2;

    private const int FirstId = 100;

    private static readonly Shape Named = Fields(Must("tag", Fields(Must("name", Text))));
    private static readonly Shape Numbered = Fields(Must("tag", Fields(Must("id", Number))));
    private static readonly Shape NumberedAndNamed = Fields(Must("tag", Fields(Must("id", Number), Must("name", Text))));
    private static readonly Shape Batch = Fields(Must("openid_list", ListOf(Text)), Must("tagid", Number, 45159));

    /// <summary>A tag with more followers than this cannot be deleted.</summary>
    public int MostToDelete { get; init; } = 100_000;

    public IEnumerable<Api> Apis =>
    [
        Api.Post("cgi-bin/tags/create", Named, Create) with { Daily = 1000 },
        Api.Get("cgi-bin/tags/get", List) with { Daily = 1000 },
        Api.Post("cgi-bin/tags/update", NumberedAndNamed, Update) with { Daily = 1000 },
        Api.Post("cgi-bin/tags/delete", Numbered, Delete) with { Daily = 1000 },
        Api.Post("cgi-bin/tags/members/batchtagging", Batch, call => Members(call, Tag)),
        Api.Post("cgi-bin/tags/members/batchuntagging", Batch, call => Members(call, Untag)),
        Api.Post("cgi-bin/tags/getidlist", Fields(Must("openid", Text, 40003)), OfFollower),
        Api.Post("cgi-bin/user/tag/get", Fields(Must("tagid", Number, 45159), May("next_openid", Text)), Followers),
    ];

    private Reply Create(Call call)
    {
        var (state, name) = (all.Of(call.Account), call.Body.GetProperty("tag").Text("name"));
        if (NameFault(state, name, null) is { } fault) return fault;
        if (state.Tags.Count >= MaxTags) return Reply.Error(45056, "too many tag now, no need to add new");
        var tag = new OaTag(state.Tags.All.Select(t => t.Id + 1).DefaultIfEmpty(FirstId).Max(), name);
        state.Tags.Put(tag);
        return Reply.Of(new JsonObject { ["tag"] = new JsonObject { ["id"] = tag.Id, ["name"] = tag.Name } });
    }

    private Reply List(Call call)
    {
        var state = all.Of(call.Account);
        var counts = state.Notes.All.SelectMany(n => n.Tags).GroupBy(t => t).ToDictionary(g => g.Key, g => g.Count());
        return Reply.Of(new JsonObject
        {
            ["tags"] = Reply.List(state.Tags.All.Prepend(new OaTag(LastOfSystem, "星标组")).OrderBy(t => t.Id)
                .Select(t => new JsonObject { ["id"] = t.Id, ["name"] = t.Name, ["count"] = counts.GetValueOrDefault(t.Id) })),
        });
    }

    private Reply Update(Call call)
    {
        var (state, asked) = (all.Of(call.Account), call.Body.GetProperty("tag"));
        if (Find(state, asked.Number("id"), out var tag) is { } refusal) return refusal;
        if (NameFault(state, asked.Text("name"), tag) is { } fault) return fault;
        state.Tags.Put(tag! with { Name = asked.Text("name") });
        return Reply.Ok;
    }

    private Reply Delete(Call call)
    {
        var state = all.Of(call.Account);
        if (Find(state, call.Body.GetProperty("tag").Number("id"), out var tag) is { } refusal) return refusal;
        var carriers = state.Notes.All.Where(n => n.Tags.Contains(tag!.Id)).ToList();
        if (carriers.Count > MostToDelete) return Reply.Error(45057, "can't delete the tag that has too many fans");
        foreach (var note in carriers) state.Notes.Put(note with { Tags = [.. note.Tags.Where(t => t != tag!.Id)] });
        state.Tags.Remove(tag!.Key);
        return Reply.Ok;
    }

    private Reply Members(Call call, Func<OaState, OaTag, List<FollowerNote>, Reply> change)
    {
        var (state, openIds) = (all.Of(call.Account), call.Body.Texts("openid_list"));
        if (openIds.Count is 0 or > MaxBatch) return Reply.Error(40032, "invalid openid list size");
        if (Find(state, call.Body.Number("tagid"), out var tag) is { } refusal) return refusal;
        return Strangers(state, openIds) ?? change(state, tag!, [.. openIds.Distinct(StringComparer.Ordinal).Select(state.Note)]);
    }

    private static Reply Tag(OaState state, OaTag tag, List<FollowerNote> notes)
    {
        // All or none.
        if (notes.Exists(n => !n.Tags.Contains(tag.Id) && n.Tags.Count >= MaxPerFollower)) return Reply.Error(45059, "too many tags of the fan");
        foreach (var note in notes.Where(n => !n.Tags.Contains(tag.Id))) state.Notes.Put(note with { Tags = [.. note.Tags, tag.Id] });
        return Reply.Ok;
    }

    private static Reply Untag(OaState state, OaTag tag, List<FollowerNote> notes)
    {
        foreach (var note in notes.Where(n => n.Tags.Contains(tag.Id))) state.Notes.Put(note with { Tags = [.. note.Tags.Where(t => t != tag.Id)] });
        return Reply.Ok;
    }

    private Reply OfFollower(Call call)
    {
        var (state, openId) = (all.Of(call.Account), call.Body.Text("openid"));
        return Strangers(state, [openId]) ?? Reply.Of(new JsonObject { ["tagid_list"] = Reply.List(state.Note(openId).Tags.Select(t => (JsonNode?)t)) });
    }

    private Reply Followers(Call call)
    {
        var state = all.Of(call.Account);
        if (Find(state, call.Body.Number("tagid"), out var tag) is { } refusal) return refusal;
        var after = call.Body.Text("next_openid");
        return OaUsers.Paged(null, [.. state.Notes.All.Where(n => n.Tags.Contains(tag!.Id)).Select(n => n.OpenId).Order(StringComparer.Ordinal)
            .Where(o => string.CompareOrdinal(o, after) > 0).Take(Crowd.PageSize)]);
    }

    private Reply? Strangers(OaState state, IReadOnlyList<string> openIds)
    {
        if (openIds.Any(o => !OaAccounts.IsOpenId(o))) return Reply.Error(40003, "invalid openid");
        return openIds.All(o => all.IsOurs(state, o)) ? null : Reply.Error(49003, "not match openid with appid");
    }

    private static Reply? Find(OaState state, long? id, out OaTag? tag)
    {
        tag = state.Tags.All.FirstOrDefault(t => t.Id == id);
        if (tag is not null) return null;
        return id is >= 0 and <= LastOfSystem ? Reply.Error(45058, "can't modify sys tag") : Reply.Error(45159, "invalid tag");
    }

    private static Reply? NameFault(OaState state, string name, OaTag? own)
    {
        if (name.Length == 0 || Encoding.UTF8.GetByteCount(name) > MaxNameBytes) return Reply.Error(45158, "invalid tag name, too long");
        return state.Tags.All.Any(t => t.Name == name && t != own) ? Reply.Error(45157, "invalid tag name, this name already exists") : null;
    }
}
