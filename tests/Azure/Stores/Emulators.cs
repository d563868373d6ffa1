using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Azure.Stores;

/// <summary>The two store emulators of <c>tests/emulators</c>, each a process of its own.</summary>
public static partial class Emulators
{
    private static readonly Lazy<string?> Missing = new(FindMissing);

    private static string Folder =>
        Path.Combine(Ancestors(AppContext.BaseDirectory).First(f => File.Exists(Path.Combine(f, "CrmServerless.sln"))), "tests", "emulators");

    /// <summary>Why they cannot be started; null if they can.</summary>
    public static string? WhyNot => Missing.Value;

    /// <summary>Starts one, in memory and on a port of the system's choice.</summary>
    public static async Task<Running> Start(string name)
    {
        var process = Process.Start(Node("start.js", name))!;
        // It complains at length now and then; a full pipe would hold it.
        var complaints = process.StandardError.ReadToEndAsync();
        try
        {
            while (await process.StandardOutput.ReadLineAsync().InTime() is { } line)
            {
                if (Port().Match(line) is not { Success: true } port) continue;
                _ = process.StandardOutput.ReadToEndAsync();
                return new Running(process, int.Parse(port.Groups[1].Value, null));
            }

            throw new InvalidOperationException($"The emulator '{name}' ended: {await complaints}");
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    private static string? FindMissing()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules"))) return "needs the store emulators: run 'npm ci' in tests/emulators (.ci/run does)";
        try
        {
            using var process = Process.Start(Node("--version"))!;
            process.WaitForExit();
            return null;
        }
        catch (Win32Exception)
        {
            return "needs Node.js for the store emulators";
        }
    }

    // The emulator ends when its standard input does: also when this process is killed.
    private static ProcessStartInfo Node(params string[] arguments) => new("node", arguments)
    {
        WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    };

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent) yield return at.FullName;
    }

    [GeneratedRegex(@"\Aport (\d+)\z")]
    private static partial Regex Port();

    /// <param name="Process">It.</param>
    /// <param name="Port">Where it listens, on 127.0.0.1.</param>
    public sealed record Running(Process Process, int Port) : IDisposable
    {
        public void Dispose()
        {
            Process.Kill();
            Process.WaitForExit();
            Process.Dispose();
        }
    }
}
