using System.Diagnostics;

namespace CrmServerless.Load;

/// <summary>What a host costs that has nothing to do: nothing may wait by looking again and again.</summary>
internal static class Idle
{
    private const int Callbacks = 1000;

    public static async Task<int> Run(Arguments arguments)
    {
        var settings = Path.GetFullPath(arguments.Text("settings", Account.DefaultSettings));
        var account = Account.From(arguments, settings);
        var seconds = arguments.Number("seconds", 30.0);
        var dll = arguments.Optional("host") ?? Repository.BuildHost();
        arguments.NothingElse();
        var data = Directory.CreateTempSubdirectory("crm-idle-").FullName;
        try
        {
            using var host = HostProcess.Of(dll, HostProcess.FreePort(new Random()), data, settings);
            host.Start();
            var traffic = new Traffic(account, 1000, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
            var senders = new Senders(account, host.Uri, 16, Callbacks / 10.0, (i, writer, buffer) =>
                writer.Write(traffic.Payload(i, buffer), traffic.Customer(i), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));
            senders.UntilAnswered(dll);
            _ = senders.Run(10);
            // Its stages, the compiler of hot code and the collector come to rest.
            await Task.Delay(TimeSpan.FromSeconds(30));
            var before = Linux.UsageOf(host.Id)!;
            var started = Stopwatch.GetTimestamp();
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            var used = Linux.UsageOf(host.Id)!.Cpu - before.Cpu;
            var took = Stopwatch.GetElapsedTime(started);
            Console.WriteLine($"idle: {used.TotalMilliseconds:0} ms CPU in {took.TotalSeconds:0} s after {Callbacks} callbacks, {used / took * 100:0.0} % of a core; resident {before.Resident:0} MiB");
            return 0;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }
}
