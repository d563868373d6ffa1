using System.Diagnostics;

namespace CrmServerless.Load;

/// <summary>The repository around the current folder.</summary>
internal static class Repository
{
    /// <summary>Builds the local host as it is delivered; the path of its dll.</summary>
    public static string BuildHost()
    {
        var root = Root();
        var info = new ProcessStartInfo("dotnet", ["build", Path.Combine(root, "functions", "Local"), "-c", "Release", "-v", "quiet", "-nologo", "-consoleLoggerParameters:NoSummary"]);
        using var build = Process.Start(info) ?? throw new UsageException("dotnet build did not start.");
        build.WaitForExit();
        return build.ExitCode == 0
            ? Path.Combine(root, "functions", "Local", "bin", "Release", "net10.0", "CrmServerless.Local.dll")
            : throw new UsageException("The host does not build; see above.");
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CrmServerless.sln")))
                return folder.FullName;
        throw new UsageException("Run this inside the repository, or name a built host with --host CrmServerless.Local.dll.");
    }
}
