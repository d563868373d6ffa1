namespace CrmServerless.Load;

/// <summary>
/// Two builds of the host, one run of one and then one of the other: HTTP in to durable acknowledgement, no stage at work.
/// Each run has a process and a folder of its own, so that nothing of the one before counts.
/// </summary>
internal static class Ab
{
    private const int Connections = 16;
    private const double MostAllowed = 1.10;

    public static Task<int> Run(Arguments arguments)
    {
        var settings = Path.GetFullPath(arguments.Text("settings", Account.DefaultSettings));
        var account = Account.From(arguments, settings);
        var (rate, seconds, runs) = (arguments.Number("rate", 500.0), arguments.Number("seconds", 10.0), arguments.Number("runs", 5));
        var (before, after) = (arguments.Text("base-host"), arguments.Optional("new-host") ?? Repository.BuildHost());
        arguments.NothingElse();
        Side[] sides = [new("base", before), new("new", after)];
        for (var run = 0; run < runs; run++)
            foreach (var side in sides) side.Medians.Add(Median(account, settings, side.Dll, rate, seconds, side.Figures));

        Console.WriteLine($"ab: {runs} runs each in turns, open loop at {rate}/s for {seconds} s, {Connections} connections, no stage at work; latency ms");
        foreach (var side in sides)
            Console.WriteLine($"  {side.Name,-5} p50 {Middle(side.Medians):0.000} (of {string.Join(", ", side.Medians.Select(m => $"{m:0.000}"))})   p99 {Middle(side.Figures):0.00}");
        var ratio = Middle(sides[1].Medians) / Middle(sides[0].Medians);
        Console.WriteLine($"  median ratio {ratio:0.00}, at most {MostAllowed:0.00} is allowed");
        return Task.FromResult(ratio <= MostAllowed ? 0 : 1);
    }

    private static double Median(Account account, string settings, string dll, double rate, double seconds, List<double> p99)
    {
        var data = Directory.CreateTempSubdirectory("crm-ab-").FullName;
        try
        {
            using var host = HostProcess.Of(dll, HostProcess.FreePort(new Random()), data, settings, "--receive-only");
            host.Start();
            var traffic = new Traffic(account, 10_000, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
            // One counter of events for both: a callback sent twice would be dropped as a duplicate and cost less.
            var senders = new Senders(account, host.Uri, Connections, rate, (i, writer, buffer) =>
                writer.Write(traffic.Payload(i, buffer), traffic.Customer(i), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));
            senders.UntilAnswered(dll);
            senders.Run(3);
            var volley = senders.Run(seconds);
            if (volley.Tally.Failures.Count + volley.NotSent > 0) throw new UsageException($"{dll}: not every callback was acknowledged.");
            double[] sorted = [.. volley.Tally.Microseconds.Select(us => us / 1000.0).Order()];
            p99.Add(Load.Figures.Percentile(sorted, 99));
            return Load.Figures.Percentile(sorted, 50);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static double Middle(IEnumerable<double> figures) => Load.Figures.Percentile([.. figures.Order()], 50);

    private sealed record Side(string Name, string Dll)
    {
        public List<double> Medians { get; } = [];

        public List<double> Figures { get; } = [];
    }
}
