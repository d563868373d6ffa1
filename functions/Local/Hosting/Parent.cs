using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using CrmServerless.Local.Simulator;

namespace CrmServerless.Local.Hosting;

/// <summary>
/// The small parent of the host process. It waits, passes signals on, and when the page asks for a power cut it kills
/// the host in the middle of its work, starts it again on the same data, and counts what is left.
/// </summary>
public sealed class Parent(string[] args, LocalSettings settings) : IDisposable
{
    private readonly AnonymousPipeServerStream alive = new(PipeDirection.Out, HandleInheritability.Inheritable);
    private readonly AnonymousPipeServerStream orders = new(PipeDirection.In, HandleInheritability.Inheritable);

    /// <summary>Runs the host until it ends by itself; its exit code.</summary>
    public async Task<int> Run()
    {
        var host = Start(null);
        using var stopping = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
            Pass(() => host);
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var reader = new StreamReader(orders);
        var order = reader.ReadLineAsync();
        var exit = host.WaitForExitAsync();
        while (await Task.WhenAny(exit, order) == order && await order is { } address)
        {
            await Cut(new PowerCut(new Uri(address), settings), async clock =>
            {
                host.Kill(); // SIGKILL: no warning, no last word
                await host.WaitForExitAsync();
                stopping.Token.ThrowIfCancellationRequested();
                var dead = host;
                host = Start(clock);
                dead.Dispose();
            }, stopping.Token);
            (order, exit) = (reader.ReadLineAsync(), host.WaitForExitAsync());
        }

        await host.WaitForExitAsync();
        return host.ExitCode;
    }

    private static async Task Cut(PowerCut cut, Func<DateTimeOffset, Task> kill, CancellationToken stopping)
    {
        try
        {
            await cut.Run(kill, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Ctrl-C in the middle of it.
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"拔电源没有完成：{e.Message}");
        }
    }

    public void Dispose()
    {
        alive.Dispose();
        orders.Dispose();
    }

    private Process Start(DateTimeOffset? resumeAt)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet") start.ArgumentList.Add(typeof(Parent).Assembly.Location);
        foreach (var arg in args) start.ArgumentList.Add(arg);
        start.ArgumentList.Add("--parent");
        start.ArgumentList.Add($"{alive.GetClientHandleAsString()},{orders.GetClientHandleAsString()}");
        if (resumeAt is { } at)
        {
            start.ArgumentList.Add("--resume-at");
            start.ArgumentList.Add(at.ToString("O", CultureInfo.InvariantCulture));
        }

        return Process.Start(start) ?? throw new StartException("The host process could not be started.");
    }

    private static void Pass(Func<Process> host)
    {
        if (host() is { HasExited: false } running) _ = Signal(running.Id, 15);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
