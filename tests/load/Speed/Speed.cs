namespace CrmServerless.Load;

/// <summary>
/// Durable acknowledgements a second with no stage at work, beside what the disk syncs and beside co-wechat, which keeps
/// nothing. All in one run and in turns, so that a noisy machine is noisy for all of them.
/// </summary>
internal static class Speed
{
    private const int Few = 32, Many = 256;

    public static Task<int> Run(Arguments arguments)
    {
        var settings = Path.GetFullPath(arguments.Text("settings", Account.DefaultSettings));
        var account = Account.From(arguments, settings);
        var (seconds, rounds) = (arguments.Number("seconds", 10.0), arguments.Number("rounds", 3));
        var dll = arguments.Optional("host") ?? Repository.BuildHost();
        arguments.NothingElse();
        var coWechat = Repository.InstallCoWechat();
        var data = Directory.CreateTempSubdirectory("crm-speed-").FullName;
        try
        {
            Run(account, settings, dll, coWechat, data, seconds, rounds);
            return Task.FromResult(0);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static void Run(Account account, string settings, string dll, string coWechat, string data, double seconds, int rounds)
    {
        var random = new Random();
        using var ours = HostProcess.Of(dll, HostProcess.FreePort(random), data, settings, "--receive-only");
        var port = HostProcess.FreePort(random);
        using var theirs = new HostProcess(new Uri($"http://127.0.0.1:{port}"), Path.Combine(data, "co-wechat.log"), "node",
            Path.Combine(coWechat, "server.js"), $"{port}", account.Token, account.AppId, Convert.ToBase64String(account.AesKey).TrimEnd('='));
        ours.Start();
        theirs.Start();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        Contestant[] contestants =
        [
            new($"co-wechat, {Few} connections", account, theirs, Few, new Traffic(account, 10_000, now)),
            new($"durable, {Few} connections", account, ours, Few, new Traffic(account, 10_000, now + 1)),
            new($"durable, {Many} connections", account, ours, Many, new Traffic(account, 10_000, now + 2)),
        ];
        foreach (var contestant in contestants) contestant.WarmUp();
        var syncs = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            syncs.Add(Disk.SyncsASecond(data, seconds: 2));
            foreach (var contestant in contestants) contestant.Compete(seconds);
        }

        Console.WriteLine($"speed: {rounds} rounds of {seconds} s in turns, closed loop, no stage at work; medians");
        Console.WriteLine($"  bare sync of 2 KiB            {Median(syncs),7:0}/s, one after the other");
        foreach (var contestant in contestants) contestant.Print();
        Console.WriteLine($"  durable to co-wechat, {Few} connections: {contestants[1].Rate / contestants[0].Rate:0.0} times");
    }

    private static double Median(IEnumerable<double> figures) => Figures.Percentile([.. figures.Order()], 50);

    /// <summary>One server at one number of connections.</summary>
    private sealed class Contestant(string name, Account account, HostProcess server, int connections, Traffic traffic)
    {
        private readonly Senders _senders = new(account, server.Uri, connections, null, (i, writer, buffer) =>
            writer.Write(traffic.Payload(i, buffer), traffic.Customer(i), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));

        private readonly List<Volley> _volleys = [];
        private string _cost = "";

        public double Rate => Median(_volleys.Select(volley => volley.Tally.Microseconds.Count / volley.Took.TotalSeconds));

        public void WarmUp()
        {
            _senders.UntilAnswered(name);
            _senders.Run(3);
        }

        public void Compete(double seconds)
        {
            var before = ThreadCosts.Of(server.Id);
            var volley = _senders.Run(seconds);
            if (volley.Tally.Failures.Count > 0) throw new UsageException($"{name}: {volley.Tally.Failures.Values.Sum()} answers were not 200.");
            _volleys.Add(volley);
            _cost = ThreadCosts.Of(server.Id).Since(before, volley.Tally.Microseconds.Count);
        }

        public void Print()
        {
            var latency = _volleys.Select(volley => volley.Tally.Microseconds.Select(us => us / 1000.0).Order().ToList()).ToList();
            var last = _volleys[^1];
            Console.WriteLine(
                $"""
                  {name,-28} {Rate,8:0}/s   p50 {Median(latency.Select(l => Figures.Percentile(l, 50))):0.0} ms   p99 {Median(latency.Select(l => Figures.Percentile(l, 99))):0.0} ms
                      server {_cost}; generator {last.Cpu.TotalMicroseconds / last.Tally.Microseconds.Count:0.0}
                """);
        }
    }
}
