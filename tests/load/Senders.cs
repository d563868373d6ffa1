using System.Diagnostics;

namespace CrmServerless.Load;

/// <summary>Renders event i with the writer of the calling thread.</summary>
internal delegate ReadOnlySpan<byte> Render(long i, CallbackWriter writer, Span<byte> buffer);

/// <summary>
/// A thread a connection, all of them taking event numbers from one counter. At a rate, event n is due at start + n / rate
/// whatever happened to the ones before; whichever connection is free takes it.
/// </summary>
internal sealed class Senders(Account account, Uri host, int connections, double? rate, Render render)
{
    private readonly Connection[] _connections = [.. Enumerable.Range(0, connections).Select(_ => new Connection(host))];
    private long _next;

    /// <summary>Called with the event number and the Stopwatch timestamp of each acknowledgement, on the sender's thread.</summary>
    public Action<long, long>? Acknowledged { get; init; }

    /// <summary>Sends until a host that has just been started acknowledges.</summary>
    /// <param name="name">Of the host, for the message of a failure.</param>
    /// <exception cref="UsageException">It does not within some 10 s.</exception>
    public void UntilAnswered(string name)
    {
        for (var tries = 0; Run(0.1).Tally.Failures.Count > 0; tries++)
            if (tries == 100) throw new UsageException($"{name}: no acknowledgement within 10 s.");
    }

    public Volley Run(double seconds)
    {
        var first = _next;
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(seconds * Stopwatch.Frequency);
        var planned = rate is null ? long.MaxValue : (long)(rate.Value * seconds);
        // An overloaded host is given 30 s to work off what was due; then the rest counts as not sent.
        var giveUp = rate is null ? end : end + (30 * Stopwatch.Frequency);
        var cpu = Environment.CpuUsage.TotalTime;
        var tallies = new Tally[connections];
        var threads = Enumerable.Range(0, connections).Select(c => new Thread(() => tallies[c] = Send(_connections[c]))).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        var took = Stopwatch.GetElapsedTime(start);
        var total = tallies.Aggregate(new Tally(), Tally.Add);
        var sent = total.Microseconds.Count;
        _next = first + sent;
        return new(total, took, Environment.CpuUsage.TotalTime - cpu, rate is null ? 0 : planned - sent);

        Tally Send(Connection connection)
        {
            var tally = new Tally();
            var buffer = new byte[2048];
            using var writer = new CallbackWriter(account, host);
            while (true)
            {
                if (Stopwatch.GetTimestamp() >= giveUp)
                    return tally;
                var i = Interlocked.Increment(ref _next) - 1;
                if (i - first >= planned)
                    return tally;
                var due = 0L;
                if (rate is not null)
                    Linux.SleepUntil(due = start + (long)((i - first) / rate.Value * Stopwatch.Frequency));
                var request = render(i, writer, buffer);
                var from = rate is null ? Stopwatch.GetTimestamp() : due;
                var status = connection.Exchange(request);
                var answered = Stopwatch.GetTimestamp();
                tally.Add(status, (int)Math.Min(int.MaxValue, Stopwatch.GetElapsedTime(from, answered).TotalMicroseconds));
                if (status == 200)
                    Acknowledged?.Invoke(i, answered);
            }
        }
    }
}

/// <param name="Tally">Of all connections.</param>
/// <param name="Took">From the first send to the last answer.</param>
/// <param name="Cpu">CPU time of this process meanwhile.</param>
/// <param name="NotSent">Were due at the rate, but the host did not keep up.</param>
internal sealed record Volley(Tally Tally, TimeSpan Took, TimeSpan Cpu, long NotSent);

/// <summary>What one connection saw; added up at the end, so that threads share nothing while the clock runs.</summary>
internal sealed class Tally
{
    public List<int> Microseconds { get; } = new(64 * 1024);
    public Dictionary<int, int> Failures { get; } = [];

    public void Add(int status, int microseconds)
    {
        Microseconds.Add(microseconds);
        if (status != 200)
            Failures[status] = Failures.GetValueOrDefault(status) + 1;
    }

    public static Tally Add(Tally sum, Tally other)
    {
        sum.Microseconds.AddRange(other.Microseconds);
        foreach (var (status, count) in other.Failures)
            sum.Failures[status] = sum.Failures.GetValueOrDefault(status) + count;
        return sum;
    }
}
