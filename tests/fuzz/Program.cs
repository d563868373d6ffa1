using System.Diagnostics;
using System.Globalization;
using CrmServerless.Fuzz;

const string Usage = """
    Hostile callbacks over the endpoint in this process, and what a callback costs at the door.

      [--cases 1000000] [--seed N] [--first 0]   mutated callbacks of every sample, account kind and mode; ends at the first
                                                 that is answered wrongly, with its seed and number (exit code 1)
      bench [--batches 200]                      time and memory of verify + decrypt + identify, and of refusals
    """;

var bench = args.FirstOrDefault() == "bench";
var options = new Dictionary<string, int>(StringComparer.Ordinal) { ["--cases"] = 1_000_000, ["--seed"] = 1, ["--first"] = 0, ["--batches"] = 200 };
for (var i = bench ? 1 : 0; i < args.Length; i += 2)
{
    if (options.ContainsKey(args[i]) && i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)) options[args[i]] = value;
    else
    {
        Console.WriteLine(Usage);
        return 2;
    }
}

return bench ? Bench.Run(options["--batches"]) : await Fuzz(options["--cases"], options["--seed"], options["--first"]);

static async Task<int> Fuzz(int cases, int seed, int first)
{
    const int Parts = 4;
    Console.WriteLine($"fuzz: {cases} cases, seed {seed}, {Targets.All.Count} accounts of every kind and mode");
    // Everything is compiled and every pool is filled before memory is looked at.
    await using (var warmUp = new FuzzRun(seed))
    {
        if (await warmUp.Send(first, Math.Min(cases, 20_000)) is { } early) return Fail(early);
    }

    await using var run = new FuzzRun(seed);
    PrintMemory("start");
    var started = Stopwatch.GetTimestamp();
    for (var part = 0; part < Parts; part++)
    {
        if (await run.Send(first + (int)((long)cases * part / Parts), (int)((long)cases * (part + 1) / Parts) - (int)((long)cases * part / Parts)) is { } fault) return Fail(fault);
        PrintMemory($"{100 * (part + 1) / Parts} %");
    }

    var took = Stopwatch.GetElapsedTime(started);
    Console.WriteLine(run.Table());
    Console.WriteLine($"  {run.MutatedBeforeSigning:P1} mutated before encryption and signing; {cases / took.TotalSeconds:0} cases/s, {took.TotalSeconds:0} s; no 5xx, no exception, nothing echoed, nothing of it logged");
    return 0;
}

static int Fail(string fault)
{
    Console.WriteLine(fault);
    return 1;
}

static void PrintMemory(string when)
{
    var managed = GC.GetTotalMemory(forceFullCollection: true) / 1048576.0;
    using var self = Process.GetCurrentProcess();
    Console.WriteLine($"  memory at {when,-6} {managed,6:0.0} MiB managed, {self.WorkingSet64 / 1048576.0,5:0} MiB resident");
}
