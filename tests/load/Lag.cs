namespace CrmServerless.Load;

/// <summary>How long after the acknowledgement the effects of an event can be seen, while the host is under load.</summary>
internal static class Lag
{
    public static async Task<int> Run(Arguments arguments)
    {
        var account = Account.From(arguments);
        var (rate, seconds, warmup) = (arguments.Number("rate", 300.0), arguments.Number("seconds", 60.0), arguments.Number("warmup", 5.0));
        var (connections, customers) = (arguments.Number("connections", 32), arguments.Number("customers", 10_000));
        var pid = arguments.Number<int>("pid");
        var (samples, tagText) = (arguments.Number("samples", 10.0), arguments.Text("tag-text", "价格多少"));
        using var host = await Host.At(arguments);

        var traffic = new Traffic(account, customers, host.Clock());
        var every = Math.Max(1, (long)(rate / samples));
        using var sightings = new Sightings(host, account.Name);
        var measuring = false;
        var senders = new Senders(account, host.Uri, connections, rate, Render)
        {
            Acknowledged = (i, at) =>
            {
                if (Volatile.Read(ref measuring) && IsSample(i))
                    sightings.Expect(traffic.Stranger(i), at, complains: Complains(i));
            },
        };
        senders.Run(warmup);
        measuring = true;
        var watching = sightings.Watch();
        var memory = new MemoryTrack(pid);
        var volley = senders.Run(seconds);
        sightings.NoMore();
        await watching;

        Console.WriteLine(
            $"""
            lag: {rate}/s for {seconds} s, sampled {sightings.Samples} new customers, {sightings.Polls} polls; upper bounds, a poll every {Sightings.TickMs} ms
              acknowledged ms   {Figures.Line(volley.Tally.Microseconds.Select(us => us / 1000.0), 50, 99)}
              file ms           {Figures.Line(sightings.File, 50, 99)}   ({sightings.File.Count})
              tag ms            {Figures.Line(sightings.Tag, 50, 99)}   ({sightings.Tag.Count})
              alert ms          {Figures.Line(sightings.Alert, 50, 99)}   ({sightings.Alert.Count})
              not seen in {Sightings.PatienceMs / 1000} s   {sightings.NotSeen}
              not 200           {volley.Tally.Failures.Values.Sum()}, not sent {volley.NotSent}
            """);
        memory.Print();
        return sightings.NotSeen + volley.NotSent + volley.Tally.Failures.Values.Sum() == 0 ? 0 : 1;

        bool IsSample(long i) => i % every == 0;
        bool Complains(long i) => i / every % 5 == 0;

        ReadOnlySpan<byte> Render(long i, CallbackWriter writer, Span<byte> buffer)
        {
            if (!IsSample(i))
                return writer.Write(traffic.Payload(i, buffer), traffic.Customer(i), host.Clock());
            var payload = traffic.Text(i, traffic.Stranger(i), host.Clock(), Complains(i) ? Traffic.Complaint : tagText, buffer);
            return writer.Write(payload, traffic.Stranger(i), host.Clock());
        }
    }
}
