using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Api;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator;

/// <summary>How an administrator resets an app secret.</summary>
public sealed record SecretOrder
{
    /// <summary>Ends the account's tokens at once; else they work until their two hours are over. Which of the two WeChat does, it does not say.</summary>
    public bool RevokeTokens { get; init; }
}

/// <summary>
/// <c>POST /simulator/accounts/{account}/secret</c>: an administrator resets the app secret in the console, which shows the
/// new one this once; the one in our settings is wrong from now on. <c>DELETE</c> sets it back, which WeChat cannot.
/// </summary>
public sealed class SecretEndpoints(AccountBook accounts, AppSecrets secrets, Platforms platforms, SimulatorStore store, TimeProvider clock)
{
    private const string Path = "/simulator/accounts/{account}/secret";

    public void Map(OperatorRoutes api)
    {
        api.Post(Path, Role.Agent, Reset);
        api.Delete(Path, Role.Agent, SetBack);
    }

    private async Task Reset(HttpContext http, Operator caller)
    {
        if (await http.ReadJson(SimulatorJson.Types.SecretOrder) is not { } order || await Find(http) is not { } account) return;
        var fresh = secrets.Renew(account);
        if (order.RevokeTokens) platforms.Revoke(account, clock.GetUtcNow());
        await store.Save();
        await http.Write(fresh, SimulatorJson.Types.ResetSecret);
    }

    private async Task SetBack(HttpContext http, Operator caller)
    {
        if (await Find(http) is not { } account) return;
        secrets.SetBack(account);
        await store.Save();
        http.Response.StatusCode = 204;
    }

    private async Task<Account?> Find(HttpContext http)
    {
        await store.Ready(http.RequestAborted);
        var account = accounts.Find(http.Route("account"));
        if (account is null) await http.Missing("account");
        return account;
    }
}
