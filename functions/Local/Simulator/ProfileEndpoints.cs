using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Api;
using CrmServerless.Local.Simulator.Front;
using CrmServerless.Local.Simulator.OfficialAccount;

namespace CrmServerless.Local.Simulator;

/// <summary>How WeChat is to behave from now on. What is left out stays as it is.</summary>
public sealed record ProfileOrder
{
    /// <summary>The account; null for all.</summary>
    public string? Account { get; init; }

    /// <summary>An API's path such as cgi-bin/message/custom/send; null for all.</summary>
    public string? Api { get; init; }

    public ProfileKind? Profile { get; init; }

    /// <summary>Of flaky: the shares of calls, 0 to 1.</summary>
    public double? Busy { get; init; }

    public double? BadGateway { get; init; }

    public double? Cut { get; init; }

    /// <summary>Makes the faults the same each time.</summary>
    public int? Seed { get; init; }

    /// <summary>Whether the account's console lists our address.</summary>
    public bool? Listed { get; init; }

    /// <summary>Calls a day of the account's API; both must be named.</summary>
    public int? DailyLimit { get; init; }

    /// <summary>Calls a minute of the account's API; both must be named.</summary>
    public int? MinuteLimit { get; init; }

    /// <summary>Ends the account's tokens at once.</summary>
    public bool? RevokeTokens { get; init; }

    /// <summary>Followers that the account has besides those who have done something, up to ten million.</summary>
    public int? Followers { get; init; }

    /// <summary>Null unless it can be done.</summary>
    public string? Fault(AccountBook accounts) => this switch
    {
        { Account: { } account } when accounts.Find(account) is null => "account: there is no such account.",
        { Account: null } when Listed is not null || RevokeTokens is not null || Followers is not null => "listed, revokeTokens and followers need an account.",
        { DailyLimit: not null } or { MinuteLimit: not null } when Account is null || Api is null => "dailyLimit and minuteLimit need an account and an api.",
        { DailyLimit: < 1 } or { MinuteLimit: < 1 } or { Followers: < 0 or > 10_000_000 } => "dailyLimit and minuteLimit: from 1; followers: 0 to 10000000.",
        _ when !Share(Busy) || !Share(BadGateway) || !Share(Cut) || (Busy ?? 0) + (BadGateway ?? 0) + (Cut ?? 0) > 1 => "busy, badGateway and cut: 0 to 1, together at most 1.",
        _ => null,
    };

    private static bool Share(double? share) => share is null or (>= 0 and <= 1);
}

/// <summary><c>POST /simulator/profile</c>: a bad day of WeChat's, for one account or API or for all.</summary>
public sealed class ProfileEndpoints(
    AccountBook accounts, FaultProfiles profiles, CallQuotas quotas, AllowLists lists, OaAccounts officialAccounts, SimulatorStore store, Platforms platforms, TimeProvider clock)
{
    public void Map(OperatorRoutes api) => api.Post("/simulator/profile", Role.Agent, Set);

    /// <summary>What is not normal now. A quota that has opened again by itself is.</summary>
    public IReadOnlyList<FaultProfile> InForce
    {
        get
        {
            var now = clock.GetUtcNow();
            profiles.ForgetOver(p => now >= platforms.Of(p.Account is { } name ? accounts.Find(name) : null).Reopens(p.Since));
            return [.. profiles.InForce.Where(p => p.Kind != ProfileKind.Normal)];
        }
    }

    private async Task Set(HttpContext http, Operator caller)
    {
        if (await http.ReadJson(SimulatorJson.Types.ProfileOrder) is not { } order) return;
        if (order.Fault(accounts) is { } fault)
        {
            await http.Problem(422, fault);
            return;
        }

        await store.Ready(http.RequestAborted);
        Apply(order);
        await http.Write(order, SimulatorJson.Types.ProfileOrder);
    }

    /// <summary>Does what is asked for; it has been checked.</summary>
    internal void Apply(ProfileOrder order)
    {
        var now = clock.GetUtcNow();
        var account = order.Account is { } name ? accounts.Find(name) : null;
        if (order.Profile is { } kind)
        {
            var standard = new FaultProfile(order.Account, order.Api, kind, now) { Seed = order.Seed };
            profiles.Set(standard with { Busy = order.Busy ?? standard.Busy, BadGateway = order.BadGateway ?? standard.BadGateway, Cut = order.Cut ?? standard.Cut });
        }

        if (account is null) return;
        if (order.Listed is { } listed) lists.Set(account.Name, listed);
        if (order.DailyLimit is not null || order.MinuteLimit is not null) quotas.Limit(platforms.Of(account), account, order.Api!, order.DailyLimit, order.MinuteLimit);
        if (order.RevokeTokens == true) platforms.Revoke(account, now);
        if (order.Followers is { } followers && !account.IsWeCom) SetFollowers(account, followers);
    }

    private void SetFollowers(Account account, int count)
    {
        var state = officialAccounts.Of(account);
        lock (state.Gate) state.Crowd.Count = count;
    }
}
