using System.Globalization;
using CrmServerless.Crm.Messaging;
using static CrmServerless.Crm.Messaging.Subjects;

namespace CrmServerless.Tests.Infra;

/// <summary>The arithmetic of the README on what Service Bus Standard carries, from the pipeline as it is.</summary>
public sealed class CreditsTests
{
    private const int CreditsPerSecond = 1000;

    public static TheoryData<string, string[]> Events => new()
    {
        { "plain", [EventReceived, CustomerChanged] },
        { "that sets a tag", [EventReceived, CustomerChanged, CustomerTagged] },
        { "that is answered", [EventReceived, CustomerChanged, ReplySent, CustomerChanged] },
        { "that raises an alert", [EventReceived, CustomerChanged, AlertRaised, AlertDue] },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void The_readme_counts_the_credits_of_an_event(string name, string[] facts)
    {
        var stages = CrmServerless.Crm.Pipeline.Stages;
        // A message sent, a filter evaluated, a message received: one each.
        var (sends, evaluations) = (facts.Length, facts.Length * stages.Count);
        var receives = facts.Sum(f => stages.Count(s => s.Subjects.Contains(f, StringComparer.Ordinal)));
        var credits = sends + evaluations + receives;
        var row = string.Create(CultureInfo.InvariantCulture, $"| {name} | {sends} | {evaluations} | {receives} | {credits} | {CreditsPerSecond / credits} |");
        Assert.Contains(row, Repository.Text("infra", "README.md"), StringComparison.Ordinal);
    }
}
