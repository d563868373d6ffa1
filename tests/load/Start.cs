using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace CrmServerless.Load;

/// <summary>How long from the start of the process until the first callback is acknowledged. Not for a host on a demo clock.</summary>
internal static partial class Start
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static int Run(Arguments arguments)
    {
        var account = Account.From(arguments);
        var command = arguments.Text("command");
        var runs = arguments.Number("runs", 5);
        arguments.NothingElse();
        var times = new List<double>();
        for (var run = 0; run < runs; run++)
        {
            var data = Directory.CreateTempSubdirectory("crm-start-");
            try
            {
                times.Add(Once(account, command, data.FullName));
                Console.WriteLine($"  run {run + 1}: {times[^1]:0} ms");
            }
            finally
            {
                data.Delete(recursive: true);
            }
        }
        Console.WriteLine($"start: first acknowledgement {Figures.Percentile([.. times.Order()], 50):0} ms after the process start, median of {runs}");
        return 0;
    }

    private static double Once(Account account, string command, string data)
    {
        var port = FreePort();
        var url = new Uri($"http://127.0.0.1:{port}");
        var words = Word().Matches(command).Select(word => word.Value.Trim('"')
            .Replace("PORT", $"{port}", StringComparison.Ordinal).Replace("DIR", data, StringComparison.Ordinal)).ToArray();
        var info = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var lastWords = "";
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(info) ?? throw new UsageException($"'{words[0]}' did not start.");
        process.OutputDataReceived += (_, line) => lastWords = line.Data ?? lastWords;
        process.ErrorDataReceived += (_, line) => lastWords = line.Data ?? lastWords;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            Knock(process, account, url, started, () => lastWords);
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        finally
        {
            Linux.End(process);
            if (!process.WaitForExit(TimeSpan.FromSeconds(15)))
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Tries a callback every 2 ms until it is acknowledged; a closed port costs next to nothing.</summary>
    private static void Knock(Process process, Account account, Uri url, long started, Func<string> lastWords)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var traffic = new Traffic(account, 1000, now);
        using var writer = new CallbackWriter(account, url);
        using var connection = new Connection(url);
        var buffer = new byte[2048];
        for (var status = 0; status != 200;)
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > Patience)
                throw new UsageException($"No acknowledgement (last status {status}); the host's last line: {lastWords()}");
            status = connection.Exchange(writer.Write(traffic.Payload(0, buffer), traffic.Customer(0), now));
            Linux.SleepUntil(Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 500));
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();
}
