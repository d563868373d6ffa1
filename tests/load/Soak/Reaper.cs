using System.Diagnostics;

namespace CrmServerless.Load;

/// <summary>
/// Ends the host at random moments and starts it again at once: three of four while callbacks come in, spread over the
/// whole run, the rest while it works off what is left.
/// </summary>
internal sealed class Reaper(SoakOptions options, HostProcess host, Random random)
{
    /// <summary>What a graceful stop may take: 10 s for what is in flight, and some for the runtime.</summary>
    private static readonly TimeSpan GentleLimit = TimeSpan.FromSeconds(15);

    public int Kills { get; private set; }

    /// <summary>The longest graceful stop.</summary>
    public TimeSpan LongestStop { get; private set; }

    public List<string> Faults { get; } = [];

    /// <summary>Until the last sender is done.</summary>
    public void Haunt(Platform platform, Thread[] senders)
    {
        var early = options.Kills - (options.Kills / 4);
        var moments = new Queue<long>(Enumerable.Range(0, early).Select(_ => random.NextInt64(options.Callbacks * 95L / 100)).Order());
        while (senders.Any(sender => sender.IsAlive))
        {
            if (moments.TryPeek(out var moment) && platform.Begun >= moment)
            {
                moments.Dequeue();
                Wait(random.Next(300));
                End();
            }

            KeepAlive();
            Wait(5);
        }
    }

    /// <summary>After the last sender is done.</summary>
    public void HauntTheRest()
    {
        while (Kills < options.Kills)
        {
            Wait(random.Next(4000));
            End();
        }
    }

    private void End()
    {
        if (options.Gentle)
        {
            var took = host.Stop(GentleLimit);
            LongestStop = took > LongestStop ? took : LongestStop;
            if (took >= GentleLimit)
                Faults.Add($"The host did not stop within {GentleLimit.TotalSeconds} s of SIGTERM.");
        }
        else
        {
            host.Kill();
        }

        Kills++;
        host.Start();
    }

    private void KeepAlive()
    {
        if (!host.Fell)
            return;
        Faults.Add($"The host ended by itself, exit code {host.ExitCode}; see host.log.");
        host.Start();
    }

    private static void Wait(int milliseconds) => Linux.SleepUntil(Stopwatch.GetTimestamp() + (milliseconds * Stopwatch.Frequency / 1000));
}
