using System.Reflection;
using CrmServerless.Crm;
using CrmServerless.Crm.Messaging;
using CrmServerless.Local.Sqlite;
using NetArchTest.Rules;
using static CrmServerless.Crm.Messaging.Subjects;

namespace CrmServerless.Tests.Stages;

/// <summary>Dependencies point one way, and the pipeline is that of the design.</summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly WeChatAssembly = typeof(CrmServerless.WeChat.Callbacks.Callback).Assembly;
    private static readonly Assembly CrmAssembly = typeof(CrmServerless.Crm.Pipeline).Assembly;
    private static readonly Assembly LocalAssembly = typeof(SqliteDocuments).Assembly;
    private static readonly Assembly AzureAssembly = typeof(CrmServerless.Azure.Messaging.ServiceBusBus).Assembly;
    private static readonly Assembly FunctionsAssembly = typeof(CrmServerless.Functions.StageTriggers).Assembly;

    // Section 3 of the design, as a table: the stage, what it takes, what it emits.
    private static readonly (string Stage, string[] Takes, string[] Emits, bool Sessions)[] Designed =
    [
        ("receive", [], [EventReceived], false),
        ("customer", [EventReceived, ReplySent], [CustomerChanged, CustomerTagged, CustomerShared, LifecycleChanged], true),
        ("tag", [CustomerTagged, CustomerShared], [], true),
        ("reply", [CustomerChanged, CustomerTagged, LifecycleChanged, FollowUpDue], [ReplySent, FollowUpDue], true),
        ("alert", [EventReceived, AlertDue], [AlertRaised, AlertDue, AlertEscalated, AlertClosed], false),
        ("notify", [AlertRaised, AlertEscalated, AlertClosed, ReportBuilt], [], false),
        ("stats", [EventReceived, CustomerTagged, CustomerShared, LifecycleChanged, FollowUpDue, ReplySent, AlertRaised, AlertDue, AlertEscalated, AlertClosed, ReportBuilt], [], false),
        ("report", [], [ReportBuilt], false),
    ];

    [Fact]
    public void WeChat_knows_no_CRM_no_storage_and_no_web_server() =>
        Assert.Empty(References(WeChatAssembly, "CrmServerless.", "Microsoft.AspNetCore", "Microsoft.Extensions", "Microsoft.Data", "SQLitePCL", "Azure"));

    [Fact]
    public void Crm_knows_no_adapter_and_no_host() =>
        Assert.Empty(References(CrmAssembly, "CrmServerless.Local", "CrmServerless.Azure", "CrmServerless.Functions", "Microsoft.Data", "SQLitePCL", "Azure", "Microsoft.Azure"));

    [Fact]
    public void Local_and_Azure_never_see_each_other()
    {
        Assert.Empty(References(LocalAssembly, "CrmServerless.Azure", "CrmServerless.Functions", "Azure", "Microsoft.Azure"));
        Assert.Empty(References(AzureAssembly, "CrmServerless.Local", "CrmServerless.Functions", "Microsoft.Data", "SQLitePCL"));
        Assert.Empty(References(FunctionsAssembly, "CrmServerless.Local", "Azure", "Microsoft.Azure.Cosmos", "Microsoft.Data", "SQLitePCL"));
    }

    [Fact]
    public void The_adapters_on_Azure_know_nothing_of_Functions() => Assert.Empty(References(AzureAssembly, "Microsoft.Azure.Functions"));

    [Fact]
    public void The_references_that_should_be_there_are_found()
    {
        // Else the tests above could look at nothing and pass.
        Assert.Equal(["CrmServerless.WeChat"], References(CrmAssembly, "CrmServerless."));
        Assert.NotEmpty(References(LocalAssembly, "SQLitePCL", "Microsoft.Data"));
        Assert.NotEmpty(References(AzureAssembly, "Azure.Messaging", "Microsoft.Azure.Cosmos"));
        Assert.NotEmpty(References(FunctionsAssembly, "CrmServerless.Azure", "Microsoft.Azure.Functions"));
    }

    [Fact]
    public void Only_the_composition_of_a_host_reads_configuration()
    {
        string[] configuration = ["Microsoft.Extensions.Configuration", "Microsoft.Extensions.Options"];
        Assert.Empty(Users(Types.InAssemblies([WeChatAssembly, CrmAssembly]).That().ResideInNamespace("CrmServerless"), configuration));
        Assert.Empty(Users(Types.InAssembly(LocalAssembly).That().ResideInNamespace("CrmServerless.Local").And().DoNotResideInNamespace("CrmServerless.Local.Hosting"), configuration));
        Assert.NotEmpty(Users(Types.InAssembly(LocalAssembly).That().ResideInNamespace("CrmServerless.Local.Hosting"), configuration));
        Assert.Empty(Users(Types.InAssembly(AzureAssembly).That().ResideInNamespace("CrmServerless.Azure").And().DoNotResideInNamespace("CrmServerless.Azure.Hosting"), configuration));
        Assert.NotEmpty(Users(Types.InAssembly(AzureAssembly).That().ResideInNamespace("CrmServerless.Azure.Hosting"), configuration));
    }

    [Fact]
    public void Rules_are_pure_they_know_no_store_no_bus_and_no_clock()
    {
        string[] effects = [typeof(IMessageBus).FullName!, "CrmServerless.Crm.Storage", typeof(TimeProvider).FullName!, typeof(HttpClient).FullName!];
        var pure = CrmAssembly.GetTypes().Where(t => t.Name.EndsWith("Rules", StringComparison.Ordinal) && !t.IsNested).ToList();
        Assert.Equal(["AlertRules", "ChatRules", "CustomerRules", "ReplyRules", "StaffRules", "TagRules"], pure.Select(t => t.Name).Order(StringComparer.Ordinal));
        Assert.Empty(Users(Types.InAssembly(CrmAssembly).That().HaveNameEndingWith("Rules", StringComparison.Ordinal), effects));
        Assert.NotEmpty(Users(Types.InAssembly(CrmAssembly).That().HaveName("RaiseAlert"), effects));
    }

    [Fact]
    public void The_pipeline_is_that_of_the_design() =>
        Assert.Equal(
            Designed.Where(d => d.Takes.Length > 0).Select(d => $"{d.Stage} {d.Sessions}: {string.Join(' ', d.Takes.Order(StringComparer.Ordinal))}"),
            CrmServerless.Crm.Pipeline.Stages.Select(s => $"{s.Name} {s.Sessions}: {string.Join(' ', s.Subjects.Order(StringComparer.Ordinal))}"));

    [Fact]
    public void Every_subject_is_named_after_itself_emitted_somewhere_and_taken_somewhere()
    {
        var subjects = typeof(Subjects).GetFields().Select(f => (f.Name, Value: (string)f.GetRawConstantValue()!)).ToList();
        Assert.All(subjects, s => Assert.Equal(s.Name, s.Value));
        var names = subjects.Select(s => s.Value).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(names, Designed.SelectMany(d => d.Emits).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(names, CrmServerless.Crm.Pipeline.Stages.SelectMany(s => s.Subjects).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_stage_has_a_folder_of_its_name()
    {
        // One word a stage, everywhere; the folder may have it in the plural.
        var folders = CrmAssembly.GetTypes().Select(t => t.Namespace ?? "").Distinct().ToHashSet(StringComparer.Ordinal);
        string[] names = [.. CrmServerless.Crm.Pipeline.Stages.Select(s => char.ToUpperInvariant(s.Name[0]) + s.Name[1..])];
        Assert.All(names, n => Assert.Contains(folders, f => f == $"CrmServerless.Crm.{n}" || f == $"CrmServerless.Crm.{n}s" || f == $"CrmServerless.Crm.{n[..^1]}ies"));
    }

    [Fact]
    public void Only_stats_takes_facts_in_batches() =>
        Assert.Equal(["stats 100"], CrmServerless.Crm.Pipeline.Stages.Where(s => s.BatchSize > 1).Select(s => $"{s.Name} {s.BatchSize}"));

    private static IEnumerable<string> References(Assembly assembly, params string[] prefixes) =>
        assembly.GetReferencedAssemblies().Select(r => r.Name!).Where(r => prefixes.Any(p => r.StartsWith(p, StringComparison.Ordinal)));

    private static IEnumerable<string> Users(PredicateList types, string[] dependencies) =>
        types.And().HaveDependencyOnAny(dependencies).GetTypes().Select(t => t.FullName!);
}
