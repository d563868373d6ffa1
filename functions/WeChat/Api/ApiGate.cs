using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.WeChat.Api;

/// <summary>A closure as instances share it.</summary>
/// <param name="Api">The API's path.</param>
/// <param name="Code">WeChat's errcode.</param>
/// <param name="Until">When it is tried again.</param>
/// <param name="Level">How often in a row it had to be closed: WeCom blocks for a minute, then an hour, then a day.</param>
internal sealed record Closure(string Api, int Code, DateTimeOffset Until, int Level);

/// <summary>One API of one account: open, closed by a quota, or with an open circuit.</summary>
internal sealed class ApiGate
{
    /// <summary>Who is refused again this soon after a closure has not yet sat out the block that WeChat means.</summary>
    private static readonly TimeSpan SameBlock = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    private readonly Lock gate = new();
    private Closure? quota;
    private DateTimeOffset brokenUntil;
    private TimeSpan brokenFor;
    private int failures;
    private bool trying;

    public (int Code, DateTimeOffset Until)? Closed(DateTimeOffset now)
    {
        lock (gate)
        {
            if (quota is { } closed && now < closed.Until) return (closed.Code, closed.Until);
            return now < brokenUntil ? (-1, brokenUntil) : null;
        }
    }

    public ApiResult? Enter(DateTimeOffset now)
    {
        lock (gate)
        {
            if (quota is { } closed && now < closed.Until) return ApiResult.Withheld(closed.Code, ApiFault.Quota, closed.Until);
            if (brokenFor == TimeSpan.Zero) return null;
            // After the pause one call goes ahead as a trial; the others wait for what it brings.
            if (now < brokenUntil || trying) return ApiResult.Withheld(-1, ApiFault.Transient, now < brokenUntil ? brokenUntil : now + TimeSpan.FromSeconds(1));
            trying = true;
            return null;
        }
    }

    public void Leave()
    {
        lock (gate) trying = false;
    }

    public void Reopen()
    {
        lock (gate) quota = null;
    }

    public void CloseAsOthers(Closure closed)
    {
        lock (gate)
        {
            if (quota is null || closed.Until > quota.Until) quota = closed;
        }
    }

    /// <summary>What the result closes; null: nothing.</summary>
    public Closure? Learn(ApiResult result, Channel channel, WeChatApiOptions options, DateTimeOffset now)
    {
        lock (gate)
        {
            trying = false;
            if (result.Fault == ApiFault.Quota)
            {
                (failures, brokenFor) = (0, TimeSpan.Zero);
                return quota = Close(result.ErrCode, channel, now);
            }

            if (result.ErrCode != -1)
            {
                // It answers, whatever it says.
                (failures, brokenFor, brokenUntil) = (0, TimeSpan.Zero, default);
                return null;
            }

            if (++failures < options.CircuitFailures) return null;
            brokenFor = brokenFor == TimeSpan.Zero ? options.CircuitOpen : Least(brokenFor * 2, options.CircuitOpenMost);
            brokenUntil = now + brokenFor;
            return new Closure("", -1, brokenUntil, 0);
        }
    }

    private Closure Close(int code, Channel channel, DateTimeOffset now)
    {
        // So that not everything that waits comes in the same second.
        var jitter = TimeSpan.FromSeconds(Random.Shared.NextDouble() * 2);
        if (code == ApiErrors.MinuteUsedUp)
            return new Closure("", code, now.AddTicks(TimeSpan.TicksPerMinute - (now.Ticks % TimeSpan.TicksPerMinute)) + jitter, 0);
        var level = quota is { } before && before.Code == code && now < before.Until + SameBlock ? before.Level + 1 : 1;
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
        return new Closure("", code, until + jitter, level);
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
