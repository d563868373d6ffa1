namespace CrmServerless.Load;

/// <summary>How many callbacks a second are acknowledged, and how fast.</summary>
internal static class Acks
{
    public static async Task<int> Run(Arguments arguments)
    {
        var account = Account.From(arguments);
        var (seconds, warmup) = (arguments.Number("seconds", 60.0), arguments.Number("warmup", 5.0));
        var (connections, customers) = (arguments.Number("connections", 32), arguments.Number("customers", 10_000));
        var (rate, pid) = (arguments.Number<double>("rate"), arguments.Number<int>("pid"));
        using var host = await Host.At(arguments);

        var traffic = new Traffic(account, customers, host.Clock());
        var senders = new Senders(account, host.Uri, connections, rate,
            (i, writer, buffer) => writer.Write(traffic.Payload(i, buffer), traffic.Customer(i), host.Clock()));
        senders.Run(warmup);
        var before = Linux.UsageOf(pid);
        var volley = senders.Run(seconds);
        Print(volley, before, Linux.UsageOf(pid));
        return volley.NotSent + volley.Tally.Failures.Values.Sum() == 0 ? 0 : 1;

        void Print(Volley volley, ProcessUsage? before, ProcessUsage? after)
        {
            var sent = volley.Tally.Microseconds.Count;
            var failures = volley.Tally.Failures.Values.Sum();
            var acknowledged = sent - failures;
            Console.WriteLine(
                $"""
                acks: {(rate is null ? "closed loop" : $"open loop at {rate}/s")}, {connections} connections, {customers} customers, {volley.Took.TotalSeconds:0.0} s after {warmup} s of warm-up
                  acknowledged  {acknowledged}   {acknowledged / volley.Took.TotalSeconds:0}/s
                  not 200       {failures} {string.Join(", ", volley.Tally.Failures.Select(pair => $"{pair.Value} x {(pair.Key == 0 ? "no answer" : pair.Key)}"))}
                  not sent      {volley.NotSent}
                  latency ms    {Figures.Line(volley.Tally.Microseconds.Select(us => us / 1000.0), 50, 90, 99, 99.9)}
                  generator     {Cost(volley.Cpu)}
                """);
            if (before is not null && after is not null)
                Console.WriteLine($"  host          {Cost(after.Cpu - before.Cpu)}, resident {after.Resident:0} MiB, peak {after.Peak:0} MiB");

            string Cost(TimeSpan cpu) => $"{cpu.TotalMicroseconds / sent:0.0} µs CPU a callback, {cpu / volley.Took:0.00} cores";
        }
    }
}
