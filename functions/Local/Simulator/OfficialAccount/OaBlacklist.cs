using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>Who may not write to the account. Rules: developers.weixin.qq.com/doc/service/api/usermanage/blacklist/*.</summary>
public sealed class OaBlacklist(OaAccounts all) : IOaFamily
{
    /// <summary>Openids of one call.</summary>
    public const int MaxBatch = 20;

    private static readonly Shape OpenIds = Fields(Must("openid_list", ListOf(Text)));

    public IEnumerable<Api> Apis =>
    [
        Api.Post("cgi-bin/tags/members/batchblacklist", OpenIds, call => Set(call, true)),
        Api.Post("cgi-bin/tags/members/batchunblacklist", OpenIds, call => Set(call, false)),
        Api.Post("cgi-bin/tags/members/getblacklist", Fields(May("begin_openid", Text)), List),
    ];

    private Reply Set(Call call, bool blocked)
    {
        var (state, openIds) = (all.Of(call.Account), call.Body.Texts("openid_list"));
        if (openIds.Count is 0 or > MaxBatch) return Reply.Error(40032, "invalid openid list size");
        if (openIds.Any(o => !OaAccounts.IsOpenId(o))) return Reply.Error(40003, "invalid openid");
        if (!openIds.All(o => all.IsOurs(state, o))) return Reply.Error(49003, "not match openid with appid");
        foreach (var openId in openIds) state.Notes.Put(state.Note(openId) with { Blocked = blocked });
        return Reply.Ok;
    }

    private Reply List(Call call)
    {
        var state = all.Of(call.Account);
        var after = call.Body.Text("begin_openid");
        var blocked = state.Notes.All.Where(n => n.Blocked).Select(n => n.OpenId).Order(StringComparer.Ordinal).ToList();
        return OaUsers.Paged(blocked.Count, [.. blocked.Where(o => string.CompareOrdinal(o, after) > 0).Take(Crowd.PageSize)]);
    }
}
