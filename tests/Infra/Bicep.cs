using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;

namespace CrmServerless.Tests.Infra;

/// <summary>The real compiler, on a copy of infra/: it writes its results beside its sources.</summary>
internal static class Bicep
{
    private static readonly Lazy<string> Copied = new(Copy);

    public static string? Executable { get; } = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => a.Key == "Bicep")?.Value;

    /// <summary>Why it cannot run here; null if it can.</summary>
    public static string? Missing { get; } =
        Executable is null ? "The Bicep compiler is restored on Linux x64 only."
        : File.Exists(Executable) ? null
        : "The package Azure.Bicep.CommandLine.linux-x64 was not restored.";

    public static string Folder => Copied.Value;

    /// <summary>Every diagnostic line, whatever its level; empty if the compiler has nothing to say.</summary>
    public static async Task<string> Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable!, arguments)
        {
            WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // What is set on a developer's machine must not reach the parameter files.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("CRM_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var lines = $"{await said}\n{await complained}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var text = string.Join('\n', lines.Distinct(StringComparer.Ordinal));
        return process.ExitCode == 0 || text.Length > 0 ? text : $"bicep ended with {process.ExitCode} and said nothing";
    }

    /// <summary>What a deployment of a parameter file would create, as far as can be told without Azure.</summary>
    public static async Task<Prediction> Predict(string parameters)
    {
        string[] somewhere =
        [
            "--subscription-id", "11111111-1111-1111-1111-111111111111", "--tenant-id", "22222222-2222-2222-2222-222222222222",
            "--resource-group", "crm", "--location", "chinanorth3",
        ];
        Assert.Equal("", await Run(["snapshot", parameters, .. somewhere]));
        var written = Path.Combine(Folder, Path.ChangeExtension(parameters, ".snapshot.json"));
        return new Prediction(JsonNode.Parse(await File.ReadAllTextAsync(written))!.AsObject());
    }

    private static string Copy()
    {
        var folder = Directory.CreateTempSubdirectory("crm-infra-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        foreach (var file in Directory.EnumerateFiles(Repository.Path("infra"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder.FullName, Path.GetRelativePath(Repository.Path("infra"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return folder.FullName;
    }
}

/// <summary>A test that needs the compiler.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BicepFactAttribute : FactAttribute
{
    public BicepFactAttribute() => Skip = Bicep.Missing;
}

/// <summary>A test that needs the compiler, for each of some values.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BicepTheoryAttribute : TheoryAttribute
{
    public BicepTheoryAttribute() => Skip = Bicep.Missing;
}
