using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CrmServerless.Load;

/// <summary>The host as a process of its own, killed and started again on the same data and port.</summary>
internal sealed class HostProcess(string dll, SoakOptions options, string data, int port) : IDisposable
{
    private readonly StreamWriter _log = new(Path.Combine(data, "host.log"), append: true) { AutoFlush = true };
    private Process? _process;

    public Uri Uri { get; } = new($"http://127.0.0.1:{port}");

    public int Starts { get; private set; }

    /// <summary>It ended although nobody stopped it.</summary>
    public bool Fell => _process is { HasExited: true };

    public int? ExitCode => _process is { HasExited: true } ended ? ended.ExitCode : null;

    public void Start()
    {
        _process?.Dispose();
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in new[] { dll, "--alone", "--urls", Uri.ToString().TrimEnd('/'), "--data", data, "--settings", options.Settings })
            info.ArgumentList.Add(word);
        if (options.Faults)
        {
            info.ArgumentList.Add("--troubles");
            info.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"bus={options.BusFaults},spill={options.SpillFaults}"));
        }

        _process = Process.Start(info) ?? throw new UsageException("The host did not start.");
        Starts++;
        _process.OutputDataReceived += (_, line) => Write(line.Data);
        _process.ErrorDataReceived += (_, line) => Write(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM; how long it took to end.</summary>
    public TimeSpan Stop(TimeSpan patience)
    {
        var asked = Stopwatch.GetTimestamp();
        Linux.End(_process!);
        if (!_process!.WaitForExit(patience))
            Kill();
        return Stopwatch.GetElapsedTime(asked);
    }

    /// <summary>
    /// Below the range from which outgoing connections get theirs: while the host is down one of them could take its
    /// port, or even meet itself there.
    /// </summary>
    public static int FreePort(Random random)
    {
        while (true)
        {
            var port = random.Next(20_000, 30_000);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; another one then.
            }
        }
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
            Kill();
        _process?.Dispose();
        _process = null;
        lock (_log)
            _log.Dispose();
    }

    private void Write(string? line)
    {
        if (line is null)
            return;
        lock (_log)
        {
            if (_log.BaseStream is { CanWrite: true })
                _log.WriteLine(line);
        }
    }
}
