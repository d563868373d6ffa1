using System.Diagnostics;

namespace CrmServerless.Load;

/// <summary>
/// Never lost, never doubled: callbacks come in from many senders while the host is killed and started again, and then
/// every acknowledged one must have had each of its effects exactly once.
/// </summary>
internal static class Soak
{
    private const int Shown = 20, QuietPolls = 4;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    // A worker that died while it sent an answer blocks its lane for 2 minutes; a spill that fails takes its time too.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public static async Task<int> Run(Arguments arguments)
    {
        var options = SoakOptions.From(arguments);
        var dll = options.Host ?? Repository.BuildHost();
        var data = options.Data ?? Directory.CreateTempSubdirectory("crm-soak-").FullName;
        Directory.CreateDirectory(data);
        if (Directory.EnumerateFileSystemEntries(data).Any())
            throw new UsageException($"{data} is not empty: a soak starts afresh.");
        var random = new Random(options.Seed);
        using var host = HostProcess.Of(dll, options.Port ?? HostProcess.FreePort(random), data, options.Settings, options.HostWords);
        Console.CancelKeyPress += (_, _) => host.Dispose();
        try
        {
            return await Run(options, host, random);
        }
        finally
        {
            host.Dispose();
            if (options.Keep)
                Console.WriteLine($"  data in {data}");
            else
                Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<int> Run(SoakOptions options, HostProcess host, Random random)
    {
        Person[] people = [.. Enumerable.Range(0, options.Customers).Select(n => new Person(options.Account, n))];
        var platform = new Platform(options, host.Uri, people);
        var reaper = new Reaper(options, host, random);
        using var readings = new Host(host.Uri);
        var witness = new Witness(readings, options.Account.Name);
        host.Start();
        await Until(witness.Unfinished, polls: 1);

        var started = Stopwatch.GetTimestamp();
        reaper.Haunt(platform, platform.Start());
        var sending = Stopwatch.GetElapsedTime(started);
        reaper.HauntTheRest();
        var rest = await Until(witness.Unfinished, QuietPolls);
        var settling = Stopwatch.GetElapsedTime(started) - sending;
        var findings = await Verdict.Reach(witness, people, inOrder: !options.Faults);
        findings.Wrong.AddRange(reaper.Faults);
        if (rest is not null)
            findings.Wrong.Add($"After {Patience.TotalMinutes} minutes there still wait: {rest}");
        SoakTable.Print(options, platform, reaper, host, people, findings, sending, settling);
        foreach (var difference in findings.Lost.Concat(findings.Doubled).Concat(findings.Wrong).Take(Shown))
            Console.WriteLine($"  ! {difference}");
        return findings.Clean ? 0 : 1;
    }

    /// <summary>Null when nothing waited for some polls in a row; else what still waits when patience ends.</summary>
    private static async Task<string?> Until(Func<Task<string?>> unfinished, int polls)
    {
        var started = Stopwatch.GetTimestamp();
        string? rest = null;
        for (var quiet = 0; quiet < polls && Stopwatch.GetElapsedTime(started) < Patience;)
        {
            rest = await unfinished();
            quiet = rest is null ? quiet + 1 : 0;
            await Task.Delay(Poll);
        }

        return rest;
    }
}
