using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Api;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Notify;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Reports;
using CrmServerless.Crm.Tags;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;
using Moq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CrmServerless.Tests.Stages;

/// <summary>The parts as every host composes them.</summary>
public sealed class HandlersTests : IAsyncDisposable
{
    private readonly TempStore store = new();
    private readonly List<StageProgress> finished = [];
    private readonly ServiceProvider services;

    public HandlersTests()
    {
        services = new ServiceCollection().AddCrm()
            .AddSingleton(store.Documents).AddKeyedSingleton(CrmServices.SpillStore, store.Documents)
            .AddSingleton<IMessageBus>(new MemoryBus()).AddSingleton(Mock.Of<IBrokerDeadLetters>()).AddSingleton<INotifier>(new Silent()).AddSingleton(new AccountBook([Some.Account]))
            .AddSingleton<TimeProvider>(new InstantClock(Some.Now)).AddSingleton(new HttpClient()).AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton<HostProbe>(() => new HostHealth("test", true, []))
            .BuildServiceProvider();
        services.GetRequiredService<Progress>().StageFinished += finished.Add;
    }

    public static TheoryData<string, string> Subscriptions()
    {
        var data = new TheoryData<string, string>();
        foreach (var stage in CrmServerless.Crm.Pipeline.Stages)
            foreach (var subject in stage.Subjects) data.Add(stage.Name, subject);
        return data;
    }

    [Theory]
    [MemberData(nameof(Subscriptions))]
    public async Task Every_stage_has_a_handler_that_takes_each_of_its_subjects(string stage, string subject)
    {
        var fact = Fact(subject);
        await services.GetRequiredService<PipelineRunner>().Run(stage, fact.ToUtf8Bytes(), 1, default);
        var progress = Assert.Single(finished);
        Assert.Equal((stage, fact.Id, true), (progress.Stage, progress.Fact.Id, progress.Ok));
    }

    [Fact]
    public void Everything_that_a_host_needs_can_be_made()
    {
        foreach (var type in new[]
            { typeof(ReceiveEndpoint), typeof(BuildReport), typeof(CrmServerless.Crm.Upkeep.KeepUp), typeof(HealthApi), typeof(CustomersApi), typeof(AlertsApi), typeof(ReportsApi), typeof(RulesApi), typeof(DeadLettersApi) })
            Assert.NotNull(services.GetRequiredService(type));
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        store.Dispose();
    }

    private static Envelope Fact(string subject)
    {
        var alert = new AlertFact("00000000000000~x", AlertLevel.High, "c", "o", ["维权"], "r", 1);
        return subject switch
        {
            Subjects.EventReceived => Some.Text("我要维权"),
            Subjects.CustomerChanged => Some.Fact(subject, new CustomerChanged(new EventReceived { From = "o", Kind = Kinds.Image }, Some.Snapshot()), CrmJson.Types.CustomerChanged),
            Subjects.CustomerTagged => Some.Fact(subject, new CustomerTagged("vip", true), CrmJson.Types.CustomerTagged),
            Subjects.CustomerShared => Some.Fact(subject, new CustomerShared("zhangsan"), CrmJson.Types.CustomerShared),
            Subjects.LifecycleChanged => Some.Fact(subject, new LifecycleChanged("follower", "active"), CrmJson.Types.LifecycleChanged),
            Subjects.ReplySent => Some.Fact(subject, new ReplySent { RuleId = "r", RuleVersion = 1, Outcome = SendOutcome.Sent, Type = "text" }, CrmJson.Types.ReplySent),
            Subjects.AlertDue => Some.Fact(subject, new AlertDue("00000000000000~x"), CrmJson.Types.AlertDue),
            Subjects.AlertRaised or Subjects.AlertEscalated or Subjects.AlertClosed => Some.Fact(subject, alert, CrmJson.Types.AlertFact),
            Subjects.ReportBuilt => Some.Fact(subject, new ReportBuilt(new DateOnly(2026, 3, 1), ReportState.Final), CrmJson.Types.ReportBuilt),
            Subjects.FollowUpDue => Some.Fact(subject, new AlertDue("x"), CrmJson.Types.AlertDue),
            _ => throw new ArgumentOutOfRangeException(nameof(subject), subject, "A new subject needs an example here."),
        };
    }

    private sealed class Silent : INotifier
    {
        public Task Notify(Notice notice, CancellationToken ct) => Task.CompletedTask;
    }
}
