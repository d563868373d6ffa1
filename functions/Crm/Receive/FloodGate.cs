using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CrmServerless.Crm.Receive;

/// <summary>How many refused calls are answered by their reason before the answer is 429. Settings: <c>Flood__{property}</c>.</summary>
public sealed record FloodOptions
{
    /// <summary>Refused calls a second of one address (of one /64 network with IPv6), 1 to 100,000.</summary>
    public int PerAddress { get; init; } = 10;

    /// <summary>Refused calls a second of all addresses together, 1 to 100,000.</summary>
    public int Total { get; init; } = 200;

    /// <summary>Both limits may be exceeded for a moment by as many calls as they allow in this time.</summary>
    public TimeSpan Burst { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What an answer 429 tells the caller to wait. Always the same: how full the table is concerns nobody.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>
/// Counts refused calls, and only those: WeChat may share an address with whoever floods us, behind a proxy, and a
/// verified callback is never refused for load. So this is asked after the refusal, and at most turns it into a 429.
/// </summary>
/// <remarks>
/// The table has a fixed size and keeps no addresses: for each slot the time at which its calls, one after the other at
/// the allowed rate, would all be over. Addresses that meet in a slot share a limit, which costs them a 403 at most.
/// </remarks>
public sealed class FloodGate
{
    private const int Slots = 4096;
    private const int NetworkBytes = 8; // of an IPv6 address, the half that its holder cannot choose

    private readonly long[] addresses = new long[Slots];
    private readonly FloodOptions options;
    private readonly TimeProvider clock;
    private readonly long started;
    private long total;

    public FloodGate(FloodOptions options, TimeProvider clock)
    {
        (this.options, this.clock, started) = (options, clock, clock.GetTimestamp());
        RetryAfter = ((int)options.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Counts a refusal toward the limits; the status to answer with: the same, or 429 if the address or all together are over their limit.</summary>
    public int Refuse(IPAddress? from, int status)
    {
        // The address first: what it has too much of must not use up the limit of the others.
        if (!Take(ref addresses[SlotOf(from)], options.PerAddress) || !Take(ref total, options.Total)) status = 429;
        return status;
    }

    /// <summary>The header that goes with a 429.</summary>
    public string RetryAfter { get; }

    // A bucket that leaks at the rate, as the one time at which it will be empty.
    private bool Take(ref long emptyAt, int rate)
    {
        var now = clock.GetElapsedTime(started).Ticks;
        while (true)
        {
            var seen = Volatile.Read(ref emptyAt);
            var from = Math.Max(seen, now);
            if (from - now >= options.Burst.Ticks) return false;
            if (Interlocked.CompareExchange(ref emptyAt, from + (TimeSpan.TicksPerSecond / rate), seen) == seen) return true;
        }
    }

    private static int SlotOf(IPAddress? from)
    {
        var hash = default(HashCode); // seeded a process, so that nobody can choose whom to share a slot with
        if (from is not null)
        {
            Span<byte> bytes = stackalloc byte[16];
            if (from.IsIPv4MappedToIPv6) from = from.MapToIPv4();
            from.TryWriteBytes(bytes, out var length);
            hash.AddBytes(bytes[..(from.AddressFamily == AddressFamily.InterNetworkV6 ? NetworkBytes : length)]);
        }

        return (int)((uint)hash.ToHashCode() % Slots);
    }
}
