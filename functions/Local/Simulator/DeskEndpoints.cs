using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Api;
using CrmServerless.Local.Simulator.Front;
using CrmServerless.Local.Simulator.OfficialAccount;

namespace CrmServerless.Local.Simulator;

/// <summary>Something that a person at the desk does.</summary>
public sealed record DeskAct
{
    public string Account { get; set; } = "main";

    /// <summary>The kf_account.</summary>
    public string? Kf { get; init; }

    /// <summary>online, offline, accept, close or switch.</summary>
    public string? Act { get; init; }

    /// <summary>The customer, of accept, close and switch.</summary>
    public string? Openid { get; init; }

    /// <summary>Of switch: to whom.</summary>
    public string? To { get; init; }
}

/// <summary><c>POST /simulator/desk</c>: the people at the customer-service desk, and the events that the account gets of them.</summary>
public sealed class DeskEndpoints(AccountBook accounts, OaAccounts all, SimulatorStore store, CallbackQueue callbacks, TimeProvider clock)
{
    public void Map(OperatorRoutes api) => api.Post("/simulator/desk", Role.Agent, Do);

    private async Task Do(HttpContext http, Operator caller)
    {
        if (await http.ReadJson(SimulatorJson.Types.DeskAct) is not { } act) return;
        if (accounts.Find(act.Account) is not { IsWeCom: false } account)
        {
            await http.Missing("account");
            return;
        }

        await store.Ready(http.RequestAborted);
        var state = all.Of(account);
        string? fault;
        lock (state.Gate) fault = Do(state, act);
        await store.Save();
        if (fault is not null) await http.Problem(422, fault);
        else http.Response.StatusCode = 204;
    }

    private string? Do(OaState state, DeskAct act)
    {
        if (state.Desk.Find(act.Kf ?? "") is not { } kf) return "kf: there is no such account at the desk.";
        if (act.Act is "online" or "offline")
        {
            state.Desk.Put(kf with { Online = act.Act == "online" });
            return null;
        }

        if (act.Openid is not { Length: > 0 } openId) return "openid is missing.";
        var (session, now) = (state.Sessions.Find(openId), clock.GetUtcNow());
        switch (act.Act)
        {
            case "accept" when session is null:
                state.Sessions.Put(new KfSession(openId, kf.Account, now));
                callbacks.Add(state.Account, DeskEvents.Created(state.Account, openId, kf.Account, now));
                return null;
            case "close" when session is not null:
                state.Sessions.Remove(openId);
                callbacks.Add(state.Account, DeskEvents.Closed(state.Account, openId, kf.Account, now));
                return null;
            case "switch" when session is not null && state.Desk.Find(act.To ?? "") is { } other:
                state.Sessions.Put(session with { KfAccount = other.Account });
                callbacks.Add(state.Account, DeskEvents.Switched(state.Account, openId, kf.Account, other.Account, now));
                return null;
            default:
                return "act: online, offline, accept (nobody talks to the customer yet), close or switch (somebody does).";
        }
    }
}
