using System.Diagnostics;

namespace CrmServerless.Load;

/// <summary>
/// Thousands of connections that say little or nothing, again as soon as they are cut, while genuine callbacks come in:
/// those must be acknowledged as usual, and the host must not grow.
/// </summary>
internal static class Slow
{
    /// <summary>Of this process and of the host besides the slow connections.</summary>
    private const int OtherFiles = 500;

    public static async Task<int> Run(Arguments arguments)
    {
        var settings = Path.GetFullPath(arguments.Text("settings", Account.DefaultSettings));
        var account = Account.From(arguments, settings);
        var (count, seconds, rate) = (arguments.Number("connections", 10_000), arguments.Number("seconds", 30.0), arguments.Number("rate", 200.0));
        var dll = arguments.Optional("host") ?? Repository.BuildHost();
        arguments.NothingElse();
        if (Linux.OpenFiles() < count + OtherFiles)
            throw new UsageException($"{count} connections need {count + OtherFiles} open files, and {Linux.OpenFiles()} are allowed: raise the limit with ulimit -n, or lower --connections.");
        var data = Directory.CreateTempSubdirectory("crm-slow-").FullName;
        try
        {
            using var host = HostProcess.Of(dll, HostProcess.FreePort(new Random()), data, settings);
            host.Start();
            return await Run(account, host, count, seconds, rate);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<int> Run(Account account, HostProcess host, int count, double seconds, double rate)
    {
        var traffic = new Traffic(account, 1000, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var senders = new Senders(account, host.Uri, 16, rate, (i, writer, buffer) =>
            writer.Write(traffic.Payload(i, buffer), traffic.Customer(i), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));
        senders.UntilAnswered("The host");
        var alone = senders.Run(10);
        var before = Linux.UsageOf(host.Id)!;

        await using var crowd = new Dawdlers(host.Uri, account.Name, count);
        var started = Stopwatch.GetTimestamp();
        await crowd.Gather();
        var gathered = Stopwatch.GetElapsedTime(started);
        var among = await Task.Run(() => senders.Run(seconds));
        var during = Linux.UsageOf(host.Id)!;
        var (open, figures) = (crowd.Open, crowd.Lives());
        await crowd.DisposeAsync();
        var after = senders.Run(10);
        var rest = Linux.UsageOf(host.Id)!;

        var failures = among.Tally.Failures.Values.Sum() + (int)among.NotSent;
        Console.WriteLine(
            $"""
            slow: {count} slow connections for {seconds} s, opened again when cut: a third silent, a third dripping headers, a third dripping a body after 60 KiB; callbacks at {rate}/s
              opened        {crowd.Opened} (the first {count} in {gathered.TotalSeconds:0.0} s), cut by the host {crowd.Cut}, refused {crowd.Refused}, open at the end {open}
              until cut     {figures} s
              callbacks     {among.Tally.Microseconds.Count}, not acknowledged {failures}
              latency ms    before    {Latency(alone)}
                            meanwhile {Latency(among)}
                            after     {Latency(after)}
              host memory   {before.Resident:0} MiB before, {during.Resident:0} MiB meanwhile, peak {rest.Peak:0} MiB, {rest.Resident:0} MiB after
            """);
        return failures == 0 ? 0 : 1;

        static string Latency(Volley volley) => Figures.Line(volley.Tally.Microseconds.Select(us => us / 1000.0), 50, 99);
    }
}
