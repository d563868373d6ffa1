using System.Collections.Concurrent;
using System.Diagnostics;

namespace CrmServerless.Load;

/// <summary>
/// WeChat's side: many senders, each with customers of its own whose callbacks it delivers in order, in bursts. It waits 5
/// seconds for an answer and tries three times more, encrypted anew; one half of the senders only when they heard
/// nothing, the other half on any status but 200. One in twenty callbacks that were answered comes again later, from
/// whichever sender is free.
/// </summary>
internal sealed class Platform(SoakOptions options, Uri host, IReadOnlyList<Person> people)
{
    private const int Attempts = 4;
    private const double Repeated = 0.05;

    // One customer in ten does a third of it all, so that some have a history longer than a file remembers.
    private const int Regulars = 10, RegularsShare = 4;
    private const int ShortestBurst = 5, LongestBurst = 60;

    private readonly ConcurrentQueue<Callback> _repeats = new();
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly long _firstMsgId = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() << 20;
    private long _begun, _retries, _repeatsSent;

    /// <summary>Callbacks begun so far.</summary>
    public long Begun => Math.Min(Interlocked.Read(ref _begun), options.Callbacks);

    public long Retries => Interlocked.Read(ref _retries);

    public long Repeats => Interlocked.Read(ref _repeatsSent);

    /// <summary>How often which status was heard; 0 is nothing.</summary>
    public IReadOnlyDictionary<int, int> Statuses => _statuses;

    public Thread[] Start()
    {
        var threads = Enumerable.Range(0, options.Senders).Select(n => new Thread(() => Send(n)) { Name = $"sender {n}" }).ToArray();
        foreach (var thread in threads)
            thread.Start();
        return threads;
    }

    private void Send(int number)
    {
        var random = new Random(HashCode(options.Seed, number));
        var mine = people.Where((_, p) => p % options.Senders == number).ToArray();
        using var writer = new CallbackWriter(options.Account, host);
        using var connection = new Connection(host);
        var onlyOnSilence = number % 2 == 0;
        var (burst, last) = (0, random.Next(LongestBurst));
        while (Interlocked.Increment(ref _begun) is var n && n <= options.Callbacks)
        {
            if (burst-- <= 0)
            {
                Pause((int)(random.NextDouble() * 2 * last * options.Senders / options.Rate * 1000));
                last = burst = random.Next(ShortestBurst, LongestBurst);
            }

            var from = random.Next(RegularsShare) == 0 ? mine[random.Next(Math.Max(1, mine.Length / Regulars))] : mine[random.Next(mine.Length)];
            var callback = from.Next(random, Now(), _firstMsgId + n);
            Deliver(callback, Attempts);
            if (callback.Acknowledged && random.NextDouble() < Repeated)
                _repeats.Enqueue(callback);
            if (random.Next(8) == 0)
                Repeat();
        }

        while (Repeat())
        {
        }

        bool Repeat()
        {
            if (!_repeats.TryDequeue(out var again))
                return false;
            Interlocked.Increment(ref _repeatsSent);
            Deliver(again, 1);
            return true;
        }

        void Deliver(Callback callback, int attempts)
        {
            for (var attempt = 1; attempt <= attempts; attempt++)
            {
                if (attempt > 1)
                {
                    Interlocked.Increment(ref _retries);
                    // WeChat's retries are some seconds apart; a refused connection does not use them up at once either.
                    Pause(random.Next(500, 1500));
                }

                var status = connection.Exchange(writer.Write(callback.Payload, callback.From.OpenId, Now()));
                _statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
                if (status == 200 && connection.SaidSuccess)
                {
                    callback.Hear();
                    return;
                }

                if (status != 0 && onlyOnSilence)
                    return;
            }
        }
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static void Pause(int milliseconds) => Linux.SleepUntil(Stopwatch.GetTimestamp() + (milliseconds * Stopwatch.Frequency / 1000));

    // Of System.HashCode every process has its own.
    private static int HashCode(int seed, int number) => unchecked((seed * 1_000_003) ^ (number * 7919));
}
