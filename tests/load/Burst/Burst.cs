using System.Diagnostics;

namespace CrmServerless.Load;

/// <summary>
/// Ten times the usual load for a minute, on a store with a million customers: acknowledgements must not get slower, what
/// gathers must be worked off, and order must hold. The load comes from customers all over the store; beside it a few
/// hundred watched ones act in order all the time, and afterwards all their effects are checked as after a soak.
/// </summary>
internal static class Burst
{
    private const int Watched = 300, WatchedRate = 20, Connections = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task<int> Run(Arguments arguments)
    {
        var settings = Path.GetFullPath(arguments.Text("settings", Account.DefaultSettings));
        var account = Account.From(arguments, settings);
        var (customers, rate, times, seconds) =
            (arguments.Number("customers", 1_000_000), arguments.Number("rate", 200.0), arguments.Number("times", 10), arguments.Number("seconds", 60.0));
        var dll = arguments.Optional("host") ?? Repository.BuildHost();
        var data = Directory.CreateTempSubdirectory("crm-burst-").FullName;
        arguments.NothingElse();
        try
        {
            using var host = HostProcess.Of(dll, HostProcess.FreePort(new Random()), data, settings);
            await Fill(host, account, data, customers);
            return await Run(host, account, settings, customers, rate, times, seconds);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task Fill(HostProcess host, Account account, string data, int customers)
    {
        var started = Stopwatch.GetTimestamp();
        host.Start();
        using (var reading = new Host(host.Uri))
        {
            var witness = new Witness(reading, account.Name);
            await Quiet(witness);
            var first = new Senders(account, host.Uri, 1, 10, Load(account, customers: 1, Now() - 60));
            first.Run(0.2);
            await Quiet(witness);
        }

        host.Stop(TimeSpan.FromSeconds(15));
        Crowd.Copy(data, account, customers);
        var stored = Crowd.Count(data);
        var size = new FileInfo(Path.Combine(data, "documents.db")).Length / 1048576.0;
        Console.WriteLine($"burst: a store of {stored} customers, {size:0} MiB, made in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        host.Start();
    }

    private static async Task<int> Run(HostProcess host, Account account, string settings, int customers, double rate, int times, double seconds)
    {
        using var reading = new Host(host.Uri);
        var witness = new Witness(reading, account.Name);
        await Quiet(witness);
        var options = new SoakOptions
        {
            Account = account, Settings = settings, Callbacks = (int)(WatchedRate * 2 * seconds), Customers = Watched, Senders = 16, Rate = WatchedRate,
            Kills = 0, Gentle = false, BusFaults = 0, SpillFaults = 0, Seed = 1, Host = null, Port = null, Data = null, Keep = false,
        };
        Person[] people = [.. Enumerable.Range(0, Watched).Select(n => new Person(account, n))];
        var acting = new Platform(options, host.Uri, people).Start();
        var usual = new Senders(account, host.Uri, Connections, rate, Load(account, customers, Now()));
        var burst = new Senders(account, host.Uri, Connections, rate * times, Load(account, customers, Now() + 1));
        usual.Run(5);
        Print($"{rate}/s", usual.Run(seconds), host);
        Print($"{rate * times}/s", burst.Run(seconds), host);
        Console.WriteLine($"  then waiting    {await witness.Unfinished() ?? "nothing"}");
        var drained = Stopwatch.GetTimestamp();
        await Quiet(witness);
        Console.WriteLine($"  worked off      {Stopwatch.GetElapsedTime(drained).TotalSeconds:0.0} s later");
        foreach (var thread in acting) thread.Join();
        await Quiet(witness);
        var findings = await Verdict.Reach(witness, people, inOrder: true, alone: false);
        var acknowledged = people.Sum(p => p.Sent.Count(s => s.Acknowledged));
        Console.WriteLine($"  watched         {acknowledged} callbacks of {Watched} customers: lost {findings.Lost.Count}, doubled {findings.Doubled.Count}, out of order or otherwise wrong {findings.Wrong.Count}");
        foreach (var difference in findings.Lost.Concat(findings.Doubled).Concat(findings.Wrong).Take(20)) Console.WriteLine($"  ! {difference}");
        return findings.Clean ? 0 : 1;
    }

    // Scattered, so that the store's cache does not help.
    private static Render Load(Account account, int customers, long now)
    {
        var traffic = new Traffic(account, customers, now, Crowd.Run);
        return (i, writer, buffer) =>
        {
            var scattered = i * 7919;
            return writer.Write(traffic.Payload(scattered, buffer), traffic.Customer(scattered), Now());
        };
    }

    private static void Print(string name, Volley volley, HostProcess host)
    {
        var failures = volley.Tally.Failures.Values.Sum();
        Console.WriteLine(
            $"""
              {name,-15} {volley.Tally.Microseconds.Count - failures} acknowledged, {failures} not 200, {volley.NotSent} not sent; resident {Linux.UsageOf(host.Id)!.Resident:0} MiB
                              {Figures.Line(volley.Tally.Microseconds.Select(us => us / 1000.0), 50, 90, 99, 99.9)} ms
            """);
    }

    private static async Task Quiet(Witness witness)
    {
        var started = Stopwatch.GetTimestamp();
        while (await witness.Unfinished() is { } rest)
        {
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new UsageException($"After {Patience.TotalMinutes} minutes there still wait: {rest}");
            await Task.Delay(100);
        }
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
}
