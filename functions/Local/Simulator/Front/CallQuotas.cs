using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;

namespace CrmServerless.Local.Simulator.Front;

/// <summary>
/// How often each API was called. Official Accounts have a number a day that opens again at 00:00 in China; WeCom has one a
/// minute and one an hour, and closes the API for as long again.
/// </summary>
public sealed class CallQuotas(FaultProfiles profiles)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Owner, string Api), Counter> counters = [];

    /// <summary>Overrides the limits of an API; null gives back the documented one.</summary>
    public void Limit(Platform platform, Account account, string api, int? daily, int? minutely)
    {
        lock (gate) (Of(platform, account, api).Daily, Of(platform, account, api).Minutely) = (daily, minutely);
    }

    /// <summary>Counts a call; the refusal if it is one too many.</summary>
    public Reply? Take(Platform platform, Account account, Api api, DateTimeOffset now)
    {
        lock (gate)
        {
            var counter = Of(platform, account, api.Path);
            counter.Turn(now);
            if (now < counter.ClosedUntil) return platform.MinuteUsedUp;
            if (UsedUp(platform, account, api, now)) return platform.QuotaUsedUp;
            if ((counter.Daily ?? api.Daily) is var daily and > 0 && counter.OfDay >= daily) return platform.QuotaUsedUp;
            if ((counter.Minutely ?? api.Minutely) is var minutely and > 0 && counter.OfMinute >= minutely) return Close(counter, now + platform.MinuteBlock);
            if (api.Hourly > 0 && counter.OfHour >= api.Hourly) return Close(counter, now + TimeSpan.FromHours(1));
            counter.Count();
            return null;
        }

        Reply Close(Counter counter, DateTimeOffset until)
        {
            counter.ClosedUntil = until;
            return platform.MinuteUsedUp;
        }
    }

    /// <summary>The day's limit and how much of it is used.</summary>
    public (int Limit, int Used) Tell(Platform platform, Account account, Api api, DateTimeOffset now)
    {
        lock (gate)
        {
            var counter = Of(platform, account, api.Path);
            counter.Turn(now);
            var limit = counter.Daily ?? api.Daily;
            return (limit, UsedUp(platform, account, api, now) ? limit : counter.OfDay);
        }
    }

    /// <summary>Nothing was called today.</summary>
    public void Clear(Platform platform, Account account)
    {
        var owner = platform.CountedAs(account);
        lock (gate)
            foreach (var (_, counter) in counters.Where(c => c.Key.Owner == owner)) counter.OfDay = 0;
        profiles.ForgetQuotas(account.Name);
    }

    // Not of the calls that give tokens or open quotas: a day without tokens would be another fault.
    private bool UsedUp(Platform platform, Account account, Api api, DateTimeOffset now) =>
        profiles.Quota(account.Name, api.Path) is { } profile && now < platform.Reopens(profile.Since)
        && (profile.Api is not null || (api.NeedsToken && api.Path is not ("cgi-bin/clear_quota" or "cgi-bin/openapi/quota/get")));

    private Counter Of(Platform platform, Account account, string api)
    {
        var key = (platform.CountedAs(account), api);
        if (!counters.TryGetValue(key, out var counter)) counters[key] = counter = new Counter();
        return counter;
    }

    private sealed class Counter
    {
        private DateOnly day;
        private long minute, hour;

        public int OfDay { get; set; }

        public int OfMinute { get; private set; }

        public int OfHour { get; private set; }

        public int? Daily { get; set; }

        public int? Minutely { get; set; }

        public DateTimeOffset ClosedUntil { get; set; }

        public void Turn(DateTimeOffset now)
        {
            var (today, thisMinute, thisHour) = (Shanghai.Day(now), now.ToUnixTimeSeconds() / 60, now.ToUnixTimeSeconds() / 3600);
            if (today != day) (day, OfDay) = (today, 0);
            if (thisMinute != minute) (minute, OfMinute) = (thisMinute, 0);
            if (thisHour != hour) (hour, OfHour) = (thisHour, 0);
        }

        public void Count() => (OfDay, OfMinute, OfHour) = (OfDay + 1, OfMinute + 1, OfHour + 1);
    }
}
