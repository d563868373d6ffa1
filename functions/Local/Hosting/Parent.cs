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
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => c.Cancel = true); // the terminal has told the host as well
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Pass(c, () => host));
        using var reader = new StreamReader(orders);
        var order = reader.ReadLineAsync();
        var exit = host.WaitForExitAsync();
        while (true)
        {
            if (await Task.WhenAny(exit, order) == exit) return host.ExitCode;
            if (await order is not { } address) break;
            var cut = new PowerCut(new Uri(address), settings);
            await cut.Run(async clock =>
            {
                host.Kill(); // SIGKILL: no warning, no last word
                await host.WaitForExitAsync();
                host.Dispose();
                host = Start(clock);
            });
            (order, exit) = (reader.ReadLineAsync(), host.WaitForExitAsync());
        }

        await exit;
        return host.ExitCode;
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

    private static void Pass(PosixSignalContext signal, Func<Process> host)
    {
        signal.Cancel = true;
        if (host() is { HasExited: false } running) _ = Signal(running.Id, 15);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
