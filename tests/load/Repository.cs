using System.Diagnostics;

namespace CrmServerless.Load;

/// <summary>The repository around the current folder, and what has to be built of it.</summary>
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

    /// <summary>The folder of the comparison, with its packages.</summary>
    public static string InstallCoWechat()
    {
        var folder = Path.Combine(Root(), "tests", "load", "co-wechat");
        if (Directory.Exists(Path.Combine(folder, "node_modules"))) return folder;
        using var install = Process.Start(new ProcessStartInfo("npm", ["ci", "--silent"]) { WorkingDirectory = folder })
            ?? throw new UsageException("npm did not start: the comparison needs Node.js.");
        install.WaitForExit();
        return install.ExitCode == 0 ? folder : throw new UsageException("npm ci failed in tests/load/co-wechat; see above.");
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CrmServerless.sln")))
                return folder.FullName;
        throw new UsageException("Run this inside the repository, or name a built host with --host CrmServerless.Local.dll.");
    }
}
