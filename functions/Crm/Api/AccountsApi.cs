using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Delivery;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;
using Microsoft.AspNetCore.Http;

namespace CrmServerless.Crm.Api;

/// <param name="Code">WeChat's errcode; 0: done.</param>
public sealed record QuotaCleared(int Code);

/// <summary>
/// <c>POST /api/accounts/{name}/clear-quota</c>: asks WeChat to reset the day's quotas of an Official Account, which it
/// does 10 times a month, and opens what they had closed here. WeCom has no such call: its blocks end by themselves.
/// What was put off meanwhile looks in within the hour, and goes out then, see <see cref="Postponement.Hop"/>.
/// </summary>
public sealed class AccountsApi(AccountBook accounts, OfficialAccountApi officialAccount, AuditTrail audit)
{
    private const int NoneLeft = 48006;

    public void Map(OperatorRoutes api) => api.Post("/api/accounts/{account}/clear-quota", Role.Agent, ClearQuota);

    private async Task ClearQuota(HttpContext http, Operator caller)
    {
        if (accounts.Find(http.Route("account")) is not { IsWeCom: false } account)
        {
            await http.Missing("Official Account");
            return;
        }

        ApiResult cleared;
        try
        {
            cleared = await officialAccount.ClearQuota(account.Credentials, http.RequestAborted);
        }
        catch (SharedStateException)
        {
            await http.Problem(503, "WeChat has reset the quotas, but the other instances could not be told; try again.");
            return;
        }

        await audit.Add(caller, "quota.clear", $"{account.Name} {cleared.ErrCode}", http.RequestAborted);
        if (cleared.Ok) await http.Write(new QuotaCleared(0), ApiJson.Types.QuotaCleared);
        else await http.Problem(cleared.Fault == ApiFault.Transient ? 503 : 409, Why(cleared));
    }

    private static string Why(ApiResult refused) => refused switch
    {
        { Fault: ApiFault.Transient } => "WeChat does not answer; try again in a minute.",
        { ErrCode: NoneLeft } => $"WeChat resets quotas 10 times a month, and has done so ({NoneLeft}); they come back at midnight by themselves.",
        { Fault: ApiFault.Configuration } => $"WeChat refuses the account ({refused.ErrCode}); /api/health says what to repair.",
        _ => $"WeChat refuses: {refused.ErrCode}.",
    };
}
