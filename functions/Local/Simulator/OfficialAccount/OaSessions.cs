using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// Which of the desk talks to whom. Rules: developers.weixin.qq.com/doc/service/api/customer/session/*; codes 65413 no
/// session, 65414 with a colleague, 65415 not online, 65416 and 65417 of the records.
/// </summary>
public sealed class OaSessions(OaAccounts all) : IOaFamily
{
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(24);
    private static readonly Shape Pair = Fields(Must("kf_account", Text, 65401), Must("openid", Text, 40003), May("text", Text));

    public IEnumerable<Api> Apis =>
    [
        Api.Post("customservice/kfsession/create", Pair, Create),
        Api.Post("customservice/kfsession/close", Pair, Close),
        Api.Get("customservice/kfsession/getsession", Get),
        Api.Get("customservice/kfsession/getsessionlist", List),
        Api.Get("customservice/kfsession/getwaitcase", Waiting),
        Api.Post("customservice/msgrecord/getmsglist", Fields(Must("starttime", Number), Must("endtime", Number), Must("msgid", Number), Must("number", Number)), Records),
    ];

    private Reply Create(Call call)
    {
        if (Parties(call, out var state, out var kf) is { } refusal) return refusal;
        var openId = call.Body.Text("openid");
        if (!kf.Online) return Reply.Error(65415, "the custom service account is not online");
        if (state.Sessions.Find(openId) is { } session)
            return session.KfAccount == kf.Account ? Reply.Ok : Reply.Error(65414, "the session is with another custom service account");
        state.Sessions.Put(new KfSession(openId, kf.Account, call.Now));
        state.Record(new DeskRecord(openId, 1000, "", call.Now, kf.Account));
        call.Tell(call.Account, DeskEvents.Created(call.Account, openId, kf.Account, call.Now));
        return Reply.Ok;
    }

    private Reply Close(Call call)
    {
        if (Parties(call, out var state, out var kf) is { } refusal) return refusal;
        var openId = call.Body.Text("openid");
        if (state.Sessions.Find(openId) is not { } session) return Reply.Error(65413, "the session does not exist");
        if (session.KfAccount != kf.Account) return Reply.Error(65414, "the session is with another custom service account");
        state.Sessions.Remove(openId);
        state.Record(new DeskRecord(openId, 1004, "", call.Now, kf.Account));
        call.Tell(call.Account, DeskEvents.Closed(call.Account, openId, kf.Account, call.Now));
        return Reply.Ok;
    }

    private Reply Get(Call call)
    {
        if (call.Query("openid") is not { } openId || !OaAccounts.IsOpenId(openId)) return Reply.Error(40003, "invalid openid");
        var session = all.Of(call.Account).Sessions.Find(openId);
        return Reply.Done(new JsonObject { ["kf_account"] = session?.KfAccount ?? "", ["createtime"] = session?.CreatedAt.ToUnixTimeSeconds() ?? 0 });
    }

    private Reply List(Call call)
    {
        var (state, account) = (all.Of(call.Account), call.Query("kf_account") ?? "");
        if (state.Desk.Find(account) is null) return Reply.Error(65401, "invalid custom service account");
        return Reply.Of(new JsonObject
        {
            ["sessionlist"] = Reply.List(state.Sessions.All.Where(s => s.KfAccount == account)
                .Select(s => new JsonObject { ["openid"] = s.OpenId, ["createtime"] = s.CreatedAt.ToUnixTimeSeconds() })),
        });
    }

    // Nobody queues here: a hand-over without a named colleague goes to the first who is online.
    private Reply Waiting(Call call) => Reply.Of(new JsonObject { ["count"] = 0, ["waitcaselist"] = new JsonArray() });

    private Reply Records(Call call)
    {
        var (from, to) = (call.Body.Number("starttime") ?? 0, call.Body.Number("endtime") ?? 0);
        var (after, number) = (call.Body.Number("msgid") ?? 0, call.Body.Number("number") ?? 0);
        if (from > to || after < 1 || number is < 1 or > 10_000) return Reply.Error(65416, "invalid parameters");
        if (to - from > LongestAsked.TotalSeconds) return Reply.Error(65417, "the time range is out of limit");
        var found = all.Of(call.Account).DeskRecords.Where(r => r.At.ToUnixTimeSeconds() >= from && r.At.ToUnixTimeSeconds() <= to)
            .Select((r, i) => (Record: r, Id: i + 1L)).Where(r => r.Id >= after).Take((int)number).ToList();
        return Reply.Of(new JsonObject
        {
            ["recordlist"] = Reply.List(found.Select(r => new JsonObject
            {
                ["openid"] = r.Record.OpenId, ["opercode"] = r.Record.Code, ["text"] = r.Record.Text, ["time"] = r.Record.At.ToUnixTimeSeconds(), ["worker"] = r.Record.Worker,
            })),
            ["number"] = found.Count, ["msgid"] = found.Count > 0 ? found[^1].Id + 1 : after,
        });
    }

    private Reply? Parties(Call call, out OaState state, out KfAccount kf)
    {
        state = all.Of(call.Account);
        kf = state.Desk.Find(call.Body.Text("kf_account"))!;
        if (kf is null) return Reply.Error(65401, "invalid custom service account");
        var openId = call.Body.Text("openid");
        return OaAccounts.IsOpenId(openId) && all.IsOurs(state, openId) ? null : Reply.Error(40003, "invalid openid");
    }
}
