namespace CrmServerless.Tests.Infra;

/// <summary>The real compiler has nothing to say: no error, no warning, no hint.</summary>
[Collection(InfraCollection.Name)]
public sealed class CompilerTests
{
    [BicepFact]
    public async Task Every_module_builds_without_a_word()
    {
        var output = Directory.CreateDirectory(Path.Combine(Bicep.Folder, "built")).FullName;
        Assert.Equal("", await Bicep.Run("build", "--pattern", "*.bicep", "--outdir", output));
        // Nothing to say because nothing was looked at would be no success.
        Assert.Equal(Names(Repository.Path("infra"), "*.bicep"), Names(output, "*.json"));
    }

    [BicepFact]
    public async Task Every_module_is_lint_free_under_the_strict_rules() =>
        Assert.Equal("", await Bicep.Run("lint", "--pattern", "*.bicep"));

    [BicepFact]
    public async Task A_fault_is_seen()
    {
        var file = Path.Combine(Bicep.Folder, "fault", "fault.bicep");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "param unused string\n");
        Assert.Contains("no-unused-params", await Bicep.Run("lint", file), StringComparison.Ordinal);
    }

    private static List<string> Names(string folder, string pattern) =>
        [.. Directory.EnumerateFiles(folder, pattern).Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];
}
