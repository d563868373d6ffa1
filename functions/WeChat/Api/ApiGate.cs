using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.WeChat.Api;

/// <summary>A closure by a quota, as instances share it.</summary>
/// <param name="Api">The API's path.</param>
/// <param name="Code">WeChat's errcode.</param>
/// <param name="Until">When it is tried again.</param>
/// <param name="Level">How often in a row it had to be closed: WeCom blocks for a minute, then an hour, then a day.</param>
internal sealed record Closure(string Api, int Code, DateTimeOffset Until, int Level);

/// <summary>How a call comes through a gate.</summary>
/// <param name="Refused">Why it does not; null: it goes ahead.</param>
/// <param name="Trial">Which trial of an open circuit it is; 0: none.</param>
internal readonly record struct GateEntry(ApiResult? Refused, int Trial = 0)
{
    public bool IsTrial => Trial != 0;
}

/// <summary>One API of one account: open, closed by a quota, left alone until a person has repaired something, or with an open circuit.</summary>
/// <remarks>
/// Calls overlap: what a call brings that went in before the gate closed changes nothing about a closure any more.
/// Waits are measured on the clock's timestamps; a change of the time of day neither shortens nor lengthens them.
/// </remarks>
internal sealed class ApiGate(string api, Channel channel, WeChatApiOptions options, TimeProvider time)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // An allow-list or a permission is repaired by a person: asked again soon at first, then less and less.
    private static readonly TimeSpan FirstRepair = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LastRepair = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();

    // The last closure stays after its end, for its level.
    private Closure? quota;
    private Pause quotaPause;
    private Pause circuit;
    private Pause repair;
    private int refusal;
    private int failures;

    // The trial that is on its way, 0 if none is, and how many there have been: calls that went in before must not end it.
    private int trial;
    private int trials;

    public (int Code, DateTimeOffset Until)? Closed
    {
        get
        {
            lock (gate)
            {
                if (quota is not null && quotaPause.Left(time) > TimeSpan.Zero) return (quota.Code, quota.Until);
                if (repair.Left(time) is var repairing && repairing > TimeSpan.Zero) return (refusal, time.GetUtcNow() + repairing);
                return circuit.Left(time) is var left && left > TimeSpan.Zero ? (-1, time.GetUtcNow() + left) : null;
            }
        }
    }

    /// <summary>Lets a call in, or says why not.</summary>
    public GateEntry Enter()
    {
        lock (gate)
        {
            if (quota is not null && quotaPause.Left(time) > TimeSpan.Zero) return new(ApiResult.Withheld(quota.Code, ApiFault.Quota, quota.Until));
            if (repair.Left(time) is var repairing && repairing > TimeSpan.Zero)
                return new(ApiResult.Withheld(refusal, ApiFault.Configuration, time.GetUtcNow() + repairing));
            if (!circuit.IsSet) return default;
            // After the pause one call goes ahead as a trial; the others wait for what it brings.
            var left = circuit.Left(time);
            if (left > TimeSpan.Zero || trial != 0) return new(ApiResult.Withheld(-1, ApiFault.Transient, time.GetUtcNow() + (left > TimeSpan.Zero ? left : Second)));
            return new(null, trial = ++trials);
        }
    }

    /// <summary>A call that went in is over. Had it been the trial, and was nothing learned of it, the next one is.</summary>
    public void Leave(GateEntry entry)
    {
        lock (gate) End(entry);
    }

    /// <summary>Somebody has had the quota reset: it counts from the start.</summary>
    public void Reopen()
    {
        lock (gate) (quota, quotaPause, repair) = (null, default, default);
    }

    /// <summary>What another instance has learned.</summary>
    public void CloseAsOthers(Closure closed)
    {
        lock (gate)
        {
            if (quota is null || closed.Until > quota.Until) Close(closed);
        }
    }

    /// <summary>Draws the conclusion of a call: the closure by a quota, if it made one; and when it has a chance again, if not now.</summary>
    public (Closure? News, DateTimeOffset? NotBefore) Learn(ApiResult result, GateEntry entry = default)
    {
        lock (gate)
        {
            if (result.IsSilence) return (null, Unanswered(entry));
            // It answers, whatever it says.
            (failures, circuit, trial) = (0, default, 0);
            if (result.Fault == ApiFault.Configuration && !ApiErrors.IsTokenFault(result.ErrCode, channel)) return (null, ToRepair(result.ErrCode));
            repair = default;
            var open = quota is null || quotaPause.Left(time) <= TimeSpan.Zero;
            if (result.Fault != ApiFault.Quota)
            {
                // A block that is over is sat out.
                if (open) quota = null;
                return (null, null);
            }

            if (!open) return (null, quota!.Until);
            Close(QuotaRules.Close(api, result.ErrCode, channel, quota, time.GetUtcNow()));
            return (quota, quota!.Until);
        }
    }

    private void Close(Closure closed) => (quota, quotaPause) = (closed, Pause.Of(closed.Until - time.GetUtcNow(), time));

    private DateTimeOffset ToRepair(int code)
    {
        // One that had gone in before: it tells nothing new.
        if (repair.Left(time) == TimeSpan.Zero)
        {
            var length = repair.IsSet ? repair.Length * 2 : FirstRepair;
            (repair, refusal) = (Pause.Of(length < LastRepair ? length : LastRepair, time), code);
        }

        return time.GetUtcNow() + repair.Left(time);
    }

    private DateTimeOffset? Unanswered(GateEntry entry)
    {
        // One that had gone in before the circuit opened: it tells nothing new.
        if (!End(entry) && circuit.IsSet) return time.GetUtcNow() + circuit.Left(time);
        if (++failures < options.CircuitFailures) return null;
        var length = circuit.IsSet ? circuit.Length * 2 : options.CircuitOpen;
        circuit = Pause.Of(length < options.CircuitOpenMost ? length : options.CircuitOpenMost, time);
        return time.GetUtcNow() + circuit.Length;
    }

    /// <summary>False if it is not the trial that is on its way.</summary>
    private bool End(GateEntry entry)
    {
        if (!entry.IsTrial || entry.Trial != trial) return false;
        trial = 0;
        return true;
    }

    /// <summary>A stretch of time from a moment on.</summary>
    private readonly record struct Pause(long From, TimeSpan Length)
    {
        public bool IsSet => Length > TimeSpan.Zero;

        public static Pause Of(TimeSpan length, TimeProvider time) => new(time.GetTimestamp(), length);

        public TimeSpan Left(TimeProvider time) => IsSet && Length - time.GetElapsedTime(From) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
