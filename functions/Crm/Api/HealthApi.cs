using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Receive;
using CrmServerless.WeChat.Api;
using Microsoft.AspNetCore.Http;

namespace CrmServerless.Crm.Api;

/// <summary>What waits in front of a stage.</summary>
/// <param name="Name">The stage.</param>
/// <param name="Waiting">Facts that could be delivered now.</param>
/// <param name="InFlight">Facts being handled.</param>
/// <param name="Delayed">Facts that are not due yet.</param>
/// <param name="Dead">Messages in the broker's own dead-letter queue.</param>
/// <param name="OldestSeconds">Age of the oldest waiting fact.</param>
public sealed record StageHealth(string Name, long Waiting, long InFlight, long Delayed, long Dead, double OldestSeconds);

/// <summary>What a host knows of itself.</summary>
/// <param name="Mode">local or azure.</param>
/// <param name="Simulator">True if WeChat is played by the simulator.</param>
/// <param name="Stages">The queues; empty where the portal shows them.</param>
public sealed record HostHealth(string Mode, bool Simulator, IReadOnlyList<StageHealth> Stages);

/// <summary>Asks the host.</summary>
public delegate HostHealth HostProbe();

public sealed record AccountHealth(string Name, string Kind, string? OriginalId);

/// <summary>Something of WeChat's API that does not work for the moment.</summary>
/// <param name="Account">The account.</param>
/// <param name="Api">The API's path, or token where there is none to call with.</param>
/// <param name="Code">WeChat's errcode; -1 where it does not answer.</param>
/// <param name="Meaning">quota: used up. limit: as many calls as we allow ourselves. silent: no answers. configuration: a person has to repair the secret, the allow-list or a permission.</param>
/// <param name="Until">When it is tried again.</param>
/// <param name="Setting">The setting that is wrong, where it is one of ours.</param>
public sealed record WeChatTrouble(string Account, string Api, int Code, string Meaning, DateTimeOffset Until, string? Setting = null);

public sealed record Health(
    string Status, string Mode, bool Simulator, DateTimeOffset Clock, IReadOnlyList<AccountHealth> Accounts,
    IReadOnlyList<StageHealth> Stages, int Spill, int DeadLetters, long Expired, long ChatGaps, long Refused, IReadOnlyList<WeChatTrouble> WeChat);

/// <summary><c>GET /api/health</c>.</summary>
public sealed class HealthApi(
    HostProbe probe, AccountBook accounts, Spill spill, DurablePublisher publisher, DeadLetters letters, Progress progress, ApiGates gates, TokenCentre tokens, TimeProvider clock)
{
    private const int MaxCounted = 200;

    public void Map(OperatorRoutes api) => api.Get("/api/health", Role.Viewer, Read);

    public async Task<Health> Check(CancellationToken ct)
    {
        var host = probe();
        var spilled = await spill.Count(ct);
        var dead = (await letters.Page(null, null, MaxCounted, ct)).Items.Count;
        var known = accounts.All.Select(a => new AccountHealth(a.Name, a.Kind.ToString(), a.OriginalId)).ToList();
        // On an instance that nobody makes call, or that has just begun, health would tell what was, or nothing.
        await Task.WhenAll(accounts.All.Where(a => a.CanCall).Select(a => Look(a.Credentials, ct)));
        var troubles = Troubles().ToList();
        return new Health(spilled > 0 || dead > 0 || troubles.Count > 0 || publisher.Refusing || publisher.Open ? "attention" : "ok", host.Mode, host.Simulator, clock.GetUtcNow(), known,
            host.Stages, spilled, dead, progress.ExpiredCount, progress.ChatGapCount, publisher.RefusedCount, troubles);
    }

    private async Task Look(AccountCredentials account, CancellationToken ct)
    {
        await gates.Look(account, ct);
        await tokens.Look(account, ct);
    }

    // As this instance knows them: a quota or a wrong secret is known to all within seconds, the rest to those who call.
    private IEnumerable<WeChatTrouble> Troubles() =>
    [
        .. tokens.Faults.Select(f => new WeChatTrouble(f.Account, "token", f.Code, Meaning(f.Code), f.Until, Setting(f.Account, f.Code))),
        .. gates.Closed.Select(c => new WeChatTrouble(c.Account, c.Api, c.Code, Meaning(c.Code), c.Until)),
    ];

    private static string Meaning(int code) => code switch
    {
        -1 => "silent",
        ApiErrors.OwnLimit => "limit",
        ApiErrors.QuotaUsedUp or ApiErrors.MinuteUsedUp => "quota",
        _ => "configuration",
    };

    // Of a call for a token; the rest of what a person has to repair stands in WeChat's console.
    private static string? Setting(string account, int code) => code switch
    {
        ApiErrors.BadSecret or ApiErrors.WrongSecret => $"Accounts__{account}__Secret",
        ApiErrors.WrongAppId => $"Accounts__{account}__AppId",
        _ => null,
    };

    private async Task Read(HttpContext http, Operator caller) => await http.Write(await Check(http.RequestAborted), ApiJson.Types.Health);
}
