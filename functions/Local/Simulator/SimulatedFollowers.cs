using System.Collections.Concurrent;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Local.Simulator;

/// <summary>
/// What WeChat knows of each follower who has done something, and lets us send: 5 messages in 48 h after the follower's
/// last message, 3 in a minute after a follow, a scan or a menu click. Written apart from the CRM's own ledger, so that one checks the other.
/// </summary>
public sealed class SimulatedFollowers(TimeProvider clock)
{
    public const int NotSubscribedOrLate = 45015;
    public const int CountExceeded = 45047;

    // Beyond this the memory is worth more than old windows; who was forgotten counts as somebody who has just written.
    private const int MaxKnown = 200_000;

    private static readonly TimeSpan MessageSpan = TimeSpan.FromHours(48);
    private static readonly TimeSpan EventSpan = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Account, string OpenId), Follower> followers = new();

    /// <summary>Something a follower does.</summary>
    /// <param name="account">The account's name.</param>
    /// <param name="openId">Who.</param>
    /// <param name="kind">What, by its normalised name.</param>
    /// <param name="unknown">What counts if this one has never done anything.</param>
    public void Observe(string account, string openId, string kind, Follower unknown)
    {
        if (followers.Count > MaxKnown) followers.Clear();
        var now = clock.GetUtcNow();
        followers.AddOrUpdate((account, openId), _ => unknown.After(kind, now), (_, known) => known.After(kind, now));
    }

    /// <summary>Whether this one has ever done anything.</summary>
    public bool Knows(string account, string openId) => followers.ContainsKey((account, openId));

    /// <summary>Null if this one has never done anything.</summary>
    public Follower? Known(string account, string openId) => followers.GetValueOrDefault((account, openId));

    /// <summary>All of an account who have ever done anything.</summary>
    public IEnumerable<(string OpenId, Follower Follower)> Of(string account) =>
        followers.Where(f => f.Key.Account == account).Select(f => (f.Key.OpenId, f.Value));

    /// <summary>Takes one send from the windows; 0, or WeChat's errcode.</summary>
    /// <param name="account">The account's name.</param>
    /// <param name="openId">To whom.</param>
    /// <param name="unknown">What counts if this one has never done anything.</param>
    public int Take(string account, string openId, Follower unknown)
    {
        while (true)
        {
            var (stored, now) = (Known(account, openId), clock.GetUtcNow());
            var known = stored ?? unknown;
            if (!known.Subscribed) return NotSubscribedOrLate;
            var (message, byEvent) = (now - known.MessageAt < MessageSpan, now - known.EventAt < EventSpan);
            if (!message && !byEvent) return NotSubscribedOrLate;
            Follower next;
            if (byEvent && known.EventSends < 3) next = known with { EventSends = known.EventSends + 1 };
            else if (message && known.MessageSends < 5) next = known with { MessageSends = known.MessageSends + 1 };
            else return CountExceeded;
            if (stored is null ? followers.TryAdd((account, openId), next) : followers.TryUpdate((account, openId), next, stored)) return 0;
        }
    }
}

/// <param name="Subscribed">Whether the follower follows.</param>
/// <param name="MessageAt">The last message.</param>
/// <param name="EventAt">The last follow, scan or click.</param>
/// <param name="SubscribedAt">Since when.</param>
/// <param name="MessageSends">Sends since the last message.</param>
/// <param name="EventSends">Sends since the last follow, scan or click.</param>
public sealed record Follower(bool Subscribed, DateTimeOffset? MessageAt, DateTimeOffset? EventAt, DateTimeOffset SubscribedAt, int MessageSends, int EventSends)
{
    /// <summary>Callbacks may come from a script that signs its own: whoever is unknown here follows and has just written.</summary>
    public static Follower Fresh(DateTimeOffset now) => new(true, now, null, now, 0, 0);

    /// <summary>One of many who follow and have not done anything lately.</summary>
    public static Follower Quiet(DateTimeOffset since) => new(true, null, null, since, 0, 0);

    public Follower After(string kind, DateTimeOffset now) => kind switch
    {
        Kinds.Unsubscribe => this with { Subscribed = false, MessageAt = null, EventAt = null },
        Kinds.Subscribe => this with { Subscribed = true, SubscribedAt = now, MessageAt = null, EventAt = now, EventSends = 0 },
        Kinds.Scan or Kinds.MenuClick or Kinds.MenuScanPush or Kinds.MenuScanWait => this with { Subscribed = true, EventAt = now, EventSends = 0 },
        _ when kind.StartsWith("oa.message.", StringComparison.Ordinal) => this with { Subscribed = true, MessageAt = now, MessageSends = 0 },
        _ => this,
    };
}
