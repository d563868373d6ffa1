namespace CrmServerless.Tests.Infra;

/// <summary>The files of the working copy that the tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    public static string Text(params string[] parts) => File.ReadAllText(Path(parts));

    /// <summary>The C# sources of one project of functions/; none if it is not there.</summary>
    public static IEnumerable<string> Sources(string project)
    {
        var folder = Path("functions", project);
        var separator = System.IO.Path.DirectorySeparatorChar;
        return !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{separator}obj{separator}", StringComparison.Ordinal)).Select(File.ReadAllText);
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "CrmServerless.sln"))) return folder.FullName;
        throw new InvalidOperationException("There is no CrmServerless.sln above the tests.");
    }
}
