using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace CrmServerless.Tests.Infra;

/// <summary>The workflows are YAML, and what they name is there.</summary>
public sealed partial class WorkflowTests
{
    public static TheoryData<string> Workflows => new(Directory.EnumerateFiles(Repository.Path(".github", "workflows")).Select(f => Path.GetFileName(f)!));

    [Theory]
    [MemberData(nameof(Workflows))]
    public void A_workflow_has_jobs_that_run_on_something_and_end_some_time(string file)
    {
        var jobs = (YamlMappingNode)Read(file)["jobs"];
        Assert.NotEmpty(jobs.Children);
        Assert.All(jobs.Children.Values.Cast<YamlMappingNode>().Where(j => !j.Children.ContainsKey("uses")), job =>
        {
            Assert.StartsWith("ubuntu-", ((YamlScalarNode)job["runs-on"]).Value, StringComparison.Ordinal);
            Assert.True(job.Children.ContainsKey("timeout-minutes"));
            Assert.All(((YamlSequenceNode)job["steps"]).Cast<YamlMappingNode>(), s => Assert.True(s.Children.ContainsKey("uses") ^ s.Children.ContainsKey("run")));
        });
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void The_files_that_it_names_are_there(string file)
    {
        var text = Repository.Text(".github", "workflows", file);
        foreach (Match named in Named().Matches(text))
            foreach (var stage in named.Value.Contains("$STAGE", StringComparison.Ordinal) ? PredictionFixture.Files : [""])
                Assert.True(File.Exists(Repository.Path(named.Value.Replace("$STAGE", stage, StringComparison.Ordinal))), named.Value);
    }

    [Fact]
    public void Ci_runs_what_a_newcomer_runs() => Assert.Contains("- run: .ci/run\n", Repository.Text(".github", "workflows", "ci.yml"), StringComparison.Ordinal);

    [Fact]
    public void Deploy_stores_no_secret_at_GitHub()
    {
        var text = Repository.Text(".github", "workflows", "deploy.yml");
        Assert.DoesNotContain("secrets.", text, StringComparison.Ordinal);
        Assert.Contains("id-token: write", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Deploy_hands_over_what_the_parameter_files_read()
    {
        static IEnumerable<string> Read(string file) => Environment().Matches(Repository.Text("infra", file)).Select(m => m.Groups["name"].Value);
        var wanted = PredictionFixture.Files.SelectMany(f => Read($"{f}.bicepparam")).ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(wanted);
        Assert.All(wanted, name => Assert.Contains($"      {name}: ", Repository.Text(".github", "workflows", "deploy.yml"), StringComparison.Ordinal));
    }

    private static YamlMappingNode Read(string file)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Repository.Text(".github", "workflows", file)));
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    [GeneratedRegex(@"(?<![\w./])(infra|\.ci|tests)/[\w$./-]*\w")]
    private static partial Regex Named();

    [GeneratedRegex(@"readEnvironmentVariable\('(?<name>\w+)'")]
    private static partial Regex Environment();
}
