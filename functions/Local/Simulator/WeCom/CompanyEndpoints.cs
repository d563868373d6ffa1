using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Api;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary><c>POST /simulator/company</c>: what people do in WeCom; the applications are told by real callbacks.</summary>
public sealed class CompanyEndpoints(AccountBook accounts, Companies companies, CompanyActs acts, SimulatorStore store, TimeProvider clock)
{
    public void Map(OperatorRoutes api) => api.Post("/simulator/company", Role.Agent, Do);

    private async Task Do(HttpContext http, Operator caller)
    {
        if (await http.ReadJson(SimulatorJson.Types.CompanyAct) is not { } act) return;
        if (accounts.Find(act.Account) is not { IsWeCom: true } account)
        {
            await http.Missing("account of WeCom");
            return;
        }

        var result = await Do(account, act, http.RequestAborted);
        if (result.Fault is { } fault) await http.Problem(422, fault);
        else await http.Write(result, SimulatorJson.Types.CompanyResult);
    }

    /// <summary>Does it; what followed is durable when the task completes.</summary>
    internal async Task<CompanyResult> Do(Account account, CompanyAct act, CancellationToken ct)
    {
        await store.Ready(ct);
        var (company, messages) = (companies.Of(account), new List<PhoneMessage>());
        CompanyResult result;
        lock (company.Gate) result = acts.Do(company, act, clock.GetUtcNow(), messages);
        await acts.Deliver(messages);
        await store.Save();
        return result;
    }
}
