using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.WeChat.Api;

/// <summary>
/// How long an API stays closed after WeChat has refused a call for its quota.
/// Rules: developers.weixin.qq.com/doc/service/api/base/quota (reset at midnight in China);
/// developer.work.weixin.qq.com/document/path/90312 (blocks of a minute, an hour, a day).
/// </summary>
internal static class QuotaRules
{
    /// <summary>Who is refused again this soon after a closure has not yet sat out the block that WeChat means.</summary>
    private static readonly TimeSpan SameBlock = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <param name="api">The API's path.</param>
    /// <param name="code">45009 or 45011.</param>
    /// <param name="channel">Whose quota.</param>
    /// <param name="before">The closure before, if no call has got through since.</param>
    /// <param name="now">The time.</param>
    public static Closure Close(string api, int code, Channel channel, Closure? before, DateTimeOffset now)
    {
        if (code == ApiErrors.MinuteUsedUp)
            return new Closure(api, code, now.AddTicks(TimeSpan.TicksPerMinute - (now.UtcTicks % TimeSpan.TicksPerMinute)) + Jitter(), 0);
        var level = before is not null && before.Code == code && now < before.Until + SameBlock ? before.Level + 1 : 1;
        var local = now.ToOffset(China);
        var midnight = new DateTimeOffset(local.Date.AddDays(1), China).ToUniversalTime();
        var until = (channel, level) switch
        {
            (Channel.WeCom, 1) => now.AddMinutes(1),
            (Channel.WeCom, 2) => now.AddHours(1),
            (Channel.WeCom, _) => midnight,
            // Just after midnight the counters may not be reset yet.
            _ when local.TimeOfDay < TimeSpan.FromHours(1) => now.AddMinutes(10),
            _ => midnight,
        };
        return new Closure(api, code, until + Jitter(), level);
    }

    /// <summary>Up to 2 s, so that not everything that waits comes in the same second.</summary>
    public static TimeSpan Jitter() => TimeSpan.FromSeconds(Random.Shared.NextDouble() * 2);
}
