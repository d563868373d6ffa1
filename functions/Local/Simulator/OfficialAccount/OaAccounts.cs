using System.Collections.Concurrent;
using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <param name="Followers">Followers that an Official Account has from the start, made up as they are asked for.</param>
public sealed record CrowdSize(int Followers);

/// <summary>The Official Accounts, and who follows them.</summary>
public sealed class OaAccounts(AccountBook accounts, SimulatorStore store, SimulatedFollowers followers, CrowdSize size)
{
    private readonly ConcurrentDictionary<string, OaState> states = new(StringComparer.Ordinal);

    /// <summary>The account's state; read from the store at first use, so the store must be ready.</summary>
    public OaState Of(Account account) => states.GetOrAdd(account.Name, _ =>
    {
        var state = new OaState(account, store) { Crowd = { Count = size.Followers } };
        OaDesk.Staff(state);
        return state;
    });

    /// <summary>Letters, digits, _ and -, as every openid.</summary>
    public static bool IsOpenId(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary>
    /// Whether an openid is of this account. Somebody whom nobody knows counts as ours: a script may play customers that
    /// have not shown up yet. Who is known to another account only is a stranger.
    /// </summary>
    public bool IsOurs(OaState state, string openId)
    {
        if (state.Crowd.IndexOf(openId) is not null || followers.Knows(state.Account.Name, openId)) return true;
        return !accounts.All.Any(a => !a.IsWeCom && a.Name != state.Account.Name && (followers.Knows(a.Name, openId) || Of(a).Crowd.IndexOf(openId) is not null));
    }

    /// <summary>What WeChat knows of a follower's doings.</summary>
    public Follower Follower(OaState state, string openId, DateTimeOffset now) =>
        followers.Known(state.Account.Name, openId)
        ?? (state.Crowd.IndexOf(openId) is { } number ? Simulator.Follower.Quiet(Crowd.Came(number).At) : Simulator.Follower.Fresh(now));

    /// <summary>Null if this one has never done anything.</summary>
    public Follower? Known(Account account, string openId) => followers.Known(account.Name, openId);

    /// <summary>Something a follower does.</summary>
    public void Observe(Account account, string openId, string kind, DateTimeOffset now) =>
        followers.Observe(account.Name, openId, kind, Follower(Of(account), openId, now));

    /// <summary>Takes one send from the windows; 0, or WeChat's errcode.</summary>
    public int Take(OaState state, string openId, DateTimeOffset now) => followers.Take(state.Account.Name, openId, Follower(state, openId, now));

    /// <summary>Those who follow and are not of the crowd, by when they came.</summary>
    public IReadOnlyList<string> Others(OaState state) =>
        [.. followers.Of(state.Account.Name).Where(f => f.Follower.Subscribed && state.Crowd.IndexOf(f.OpenId) is null)
            .OrderBy(f => f.Follower.SubscribedAt).ThenBy(f => f.OpenId, StringComparer.Ordinal).Select(f => f.OpenId)];

    /// <summary>Those of the crowd who have left.</summary>
    public int Left(OaState state) =>
        followers.Of(state.Account.Name).Count(f => !f.Follower.Subscribed && state.Crowd.IndexOf(f.OpenId) is not null);
}
