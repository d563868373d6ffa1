using System.Globalization;
using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// Followers. Rules: developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo.html,
/// api_batchuserinfo.html, api_getfans.html, api_updateremark.html.
/// </summary>
public sealed class OaUsers(OaAccounts all) : IOaFamily
{
    /// <summary>Openids of one <c>batchget</c>.</summary>
    public const int MaxBatch = 100;

    /// <summary>A remark is shorter than this many characters.</summary>
    public const int RemarkBelow = 30;

    private static readonly string[] Languages = ["zh_CN", "zh_TW", "en"];

    public IEnumerable<Api> Apis =>
    [
        Api.Get("cgi-bin/user/info", Info) with { Daily = 5_000_000 },
        Api.Post("cgi-bin/user/info/batchget", Fields(Must("user_list", ListOf(Fields(Must("openid", Text, 40003), May("lang", Text))))), Batch) with { Daily = 5_000_000 },
        Api.Get("cgi-bin/user/get", Page) with { Daily = 500 },
        Api.Post("cgi-bin/user/info/updateremark", Fields(Must("openid", Text, 40003), Must("remark", Text)), Remark),
    ];

    private Reply Info(Call call)
    {
        if (call.Query("openid") is not { } openId) return Reply.Error(41009, "openid missing");
        if (call.Query("lang") is { } lang && !Languages.Contains(lang)) return Reply.Error(40035, "invalid parameter lang");
        var state = all.Of(call.Account);
        return IsOne(state, openId) ? Reply.Of(Json(state, openId, call.Now)) : Reply.Error(40003, "invalid openid");
    }

    private Reply Batch(Call call)
    {
        var (state, asked) = (all.Of(call.Account), call.Body.Items("user_list").Select(u => u.Text("openid")).ToList());
        if (asked.Count is 0 or > MaxBatch) return Reply.Error(40032, "invalid openid list size");
        if (!asked.TrueForAll(o => IsOne(state, o))) return Reply.Error(40003, "invalid openid");
        return Reply.Of(new JsonObject { ["user_info_list"] = Reply.List(asked.Select(o => Json(state, o, call.Now))) });
    }

    /// <summary>The crowd by number, then everybody else by when they came. A follower who leaves makes his page shorter, never another's.</summary>
    private Reply Page(Call call)
    {
        var (state, others) = (all.Of(call.Account), all.Others(all.Of(call.Account)));
        var from = 0;
        if (call.Query("next_openid") is { } after)
        {
            if (Place(state, others, after) is not { } place) return Reply.Error(40003, "invalid openid");
            from = place + 1;
        }

        var total = state.Crowd.Count + others.Count;
        var ofCrowd = Math.Clamp(state.Crowd.Count - from, 0, Crowd.PageSize);
        var page = ofCrowd == 0 ? [] : state.Crowd.OpenIds(from, ofCrowd).ToList();
        var left = all.Left(state);
        if (left > 0) page.RemoveAll(o => !all.Follower(state, o, call.Now).Subscribed);
        page.AddRange(others.Skip(Math.Max(0, from - state.Crowd.Count)).Take(Crowd.PageSize - ofCrowd));
        return Paged(total - left, page);
    }

    /// <summary>A page of openids; <c>data</c> is missing where there are none, <c>next_openid</c> is the last one even on the last page.</summary>
    public static Reply Paged(int? total, IReadOnlyList<string> page)
    {
        var fields = new JsonObject();
        if (total is { } all) fields["total"] = all;
        fields["count"] = page.Count;
        if (page.Count > 0) fields["data"] = new JsonObject { ["openid"] = Reply.Texts(page) };
        fields["next_openid"] = page.Count > 0 ? page[^1] : "";
        return Reply.Of(fields);
    }

    private Reply Remark(Call call)
    {
        var (state, openId, remark) = (all.Of(call.Account), call.Body.Text("openid"), call.Body.Text("remark"));
        if (!IsOne(state, openId)) return Reply.Error(40003, "invalid openid");
        if (remark.Length >= RemarkBelow) return Reply.Error(45002, "content size out of limit");
        if (!all.Follower(state, openId, call.Now).Subscribed) return Reply.Error(43004, "require subscribe");
        state.Notes.Put(state.Note(openId) with { Remark = remark });
        return Reply.Ok;
    }

    private bool IsOne(OaState state, string openId) => OaAccounts.IsOpenId(openId) && all.IsOurs(state, openId);

    private static int? Place(OaState state, IReadOnlyList<string> others, string openId)
    {
        if (state.Crowd.IndexOf(openId) is { } number) return number;
        for (var i = 0; i < others.Count; i++)
            if (others[i] == openId) return state.Crowd.Count + i;
        return null;
    }

    private JsonObject Json(OaState state, string openId, DateTimeOffset now)
    {
        var follower = all.Follower(state, openId, now);
        if (!follower.Subscribed) return new JsonObject { ["subscribe"] = 0, ["openid"] = openId };
        var note = state.Note(openId);
        var scene = note.Scene is not null ? "ADD_SCENE_QR_CODE" : state.Crowd.IndexOf(openId) is { } number ? Crowd.Came(number).Scene : "ADD_SCENE_OTHERS";
        var isNumber = long.TryParse(note.Scene, NumberStyles.None, CultureInfo.InvariantCulture, out var numeric);
        return new JsonObject
        {
            ["subscribe"] = 1, ["openid"] = openId, ["language"] = "zh_CN", ["subscribe_time"] = follower.SubscribedAt.ToUnixTimeSeconds(), ["remark"] = note.Remark,
            ["groupid"] = note.Tags.Count > 0 ? note.Tags[0] : 0, ["tagid_list"] = Reply.List(note.Tags.Select(t => (JsonNode?)t)), ["subscribe_scene"] = scene,
            ["qr_scene"] = isNumber ? numeric : 0, ["qr_scene_str"] = isNumber ? "" : note.Scene ?? "",
        };
    }
}
