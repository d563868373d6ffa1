using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CrmServerless.Load;

/// <summary>A server as a process of its own, which can be ended and started again.</summary>
internal sealed class HostProcess(Uri uri, string log, string program, params string[] words) : IDisposable
{
    private readonly StreamWriter _log = new(log, append: true) { AutoFlush = true };
    private Process? _process;

    public Uri Uri => uri;

    public int Id => _process!.Id;

    public int Starts { get; private set; }

    /// <summary>It ended although nobody stopped it.</summary>
    public bool Fell => _process is { HasExited: true };

    public int? ExitCode => _process is { HasExited: true } ended ? ended.ExitCode : null;

    /// <summary>The local host on a folder, in one process.</summary>
    public static HostProcess Of(string dll, int port, string data, string settings, params string[] more)
    {
        var uri = new Uri($"http://127.0.0.1:{port}");
        return new(uri, Path.Combine(data, "host.log"), "dotnet",
            [dll, "--alone", "--urls", uri.ToString().TrimEnd('/'), "--data", data, "--settings", settings, .. more]);
    }

    public void Start()
    {
        _process?.Dispose();
        var info = new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(info) ?? throw new UsageException($"{program} did not start.");
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
