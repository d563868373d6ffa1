using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// The accounts of the customer-service desk. Rules: developers.weixin.qq.com/doc/service/api/customer/servicer/*;
/// codes 65400 to 65407.
/// </summary>
public sealed partial class OaDesk(OaAccounts all, MediaStore media) : IOaFamily
{
    /// <summary>Accounts of a desk.</summary>
    public const int MaxAccounts = 100;

    private const int MaxNick = 16;

    private static readonly Member Kf = Must("kf_account", Text, 65401);

    public IEnumerable<Api> Apis =>
    [
        Api.Get("cgi-bin/customservice/getkflist", List),
        Api.Get("cgi-bin/customservice/getonlinekflist", Online),
        Api.Post("customservice/kfaccount/add", Fields(Kf, Must("nickname", Text, 65403)), Add),
        Api.Post("customservice/kfaccount/update", Fields(Kf, Must("nickname", Text, 65403)), Update),
        Api.Post("customservice/kfaccount/inviteworker", Fields(Kf, Must("invite_wx", Text, 65407)), Invite),
        new Api("customservice/kfaccount/uploadheadimg", null, Head) { Upload = true },
        Api.Post("customservice/kfaccount/del", Fields(Kf), Delete),
    ];

    /// <summary>Two people sit at the desk of every account from the start.</summary>
    public static void Staff(OaState state)
    {
        if (state.Desk.Count > 0) return;
        state.Desk.Put(new KfAccount($"kf2001@{Suffix(state)}", "小青", 2001, "qinghe_xiaoqing", true));
        state.Desk.Put(new KfAccount($"kf2002@{Suffix(state)}", "小禾", 2002, "qinghe_xiaohe", true));
    }

    private static string Suffix(OaState state) => state.Account.OriginalId ?? "gh_simulator";

    private Reply List(Call call) => Reply.Of(new JsonObject
    {
        ["kf_list"] = Reply.List(all.Of(call.Account).Desk.All.Select(k =>
        {
            var fields = new JsonObject { ["kf_account"] = k.Account, ["kf_headimgurl"] = "http://mmbiz.qpic.cn/kf", ["kf_id"] = Number(k.Id), ["kf_nick"] = k.Nick };
            if (k.Wx is not null) fields["kf_wx"] = k.Wx;
            return fields;
        })),
    });

    private Reply Online(Call call)
    {
        var state = all.Of(call.Account);
        return Reply.Of(new JsonObject
        {
            ["kf_online_list"] = Reply.List(state.Desk.All.Where(k => k.Online).Select(k => new JsonObject
            {
                ["kf_account"] = k.Account, ["status"] = 1, ["kf_id"] = Number(k.Id), ["accepted_case"] = state.Sessions.All.Count(s => s.KfAccount == k.Account),
            })),
        });
    }

    private Reply Add(Call call)
    {
        var (state, account, nick) = (all.Of(call.Account), call.Body.Text("kf_account"), call.Body.Text("nickname"));
        if (!AccountForm().IsMatch(account) || !account.EndsWith("@" + Suffix(state), StringComparison.Ordinal)) return Reply.Error(65401, "invalid custom service account");
        if (nick.Length is 0 or > MaxNick) return Reply.Error(65403, "invalid nickname");
        if (state.Desk.Find(account) is not null) return Reply.Error(65406, "kf account exist");
        if (state.Desk.Count >= MaxAccounts) return Reply.Error(65405, "the number of kf account reach limit");
        state.Desk.Put(new KfAccount(account, nick, state.Desk.All.Max(k => k.Id) + 1, null, false));
        return Reply.Ok;
    }

    private Reply Update(Call call)
    {
        if (Of(call, out var kf) is { } refusal) return refusal;
        if (call.Body.Text("nickname").Length is 0 or > MaxNick) return Reply.Error(65403, "invalid nickname");
        all.Of(call.Account).Desk.Put(kf! with { Nick = call.Body.Text("nickname") });
        return Reply.Ok;
    }

    private Reply Invite(Call call)
    {
        if (Of(call, out var kf) is { } refusal) return refusal;
        if (kf!.Wx is not null) return Reply.Error(65408, "the kf account has been bound");
        if (call.Body.Text("invite_wx").Length == 0) return Reply.Error(65407, "invalid wechat id");
        // Whoever is asked agrees at once.
        all.Of(call.Account).Desk.Put(kf with { Wx = call.Body.Text("invite_wx") });
        return Reply.Ok;
    }

    private Reply Head(Call call)
    {
        if (all.Of(call.Account).Desk.Find(call.Query("kf_account") ?? "") is null) return Reply.Error(65401, "invalid custom service account");
        if (call.File is not { Name: not null } file) return Reply.Error(41005, "media data missing");
        if (MediaKinds.Of(file.Bytes) is not "image/jpeg") return Reply.Error(40005, "invalid file type");
        media.Add(call.Account.Name, "image", "image/jpeg", file.Name, file.Bytes, call.Now);
        return Reply.Ok;
    }

    private Reply Delete(Call call)
    {
        if (Of(call, out var kf) is { } refusal) return refusal;
        all.Of(call.Account).Desk.Remove(kf!.Account);
        return Reply.Ok;
    }

    private Reply? Of(Call call, out KfAccount? kf) =>
        (kf = all.Of(call.Account).Desk.Find(call.Body.Text("kf_account"))) is null ? Reply.Error(65401, "invalid custom service account") : null;

    private static string Number(int id) => id.ToString(CultureInfo.InvariantCulture);

    // The prefix: up to 10 letters or digits.
    [GeneratedRegex("^[A-Za-z0-9_]{1,10}@")]
    private static partial Regex AccountForm();
}
