using static CrmServerless.Crm.Messaging.Subjects;

namespace CrmServerless.Crm;

/// <summary>
/// The pipeline as a value: the stages in order. Hosts, the local broker, Bicep and the drift test read from here.
/// Adding a stage = a line here, a folder, a trigger, an entry in infra/pipeline.json.
/// </summary>
public static class Pipeline
{
    public static IReadOnlyList<Stage> Stages { get; } =
    [
        new("customer", [EventReceived, ReplySent], Sessions: true),
        new("tag", [CustomerTagged, CustomerShared], Sessions: true),
        new("reply", [CustomerChanged, CustomerTagged, LifecycleChanged, FollowUpDue], Sessions: true),
        new("alert", [EventReceived, AlertDue], Sessions: false),
        new("notify", [AlertRaised, AlertEscalated, AlertClosed, ReportBuilt], Sessions: false),
        new("stats",
            [EventReceived, CustomerTagged, CustomerShared, LifecycleChanged, FollowUpDue, ReplySent,
             AlertRaised, AlertDue, AlertEscalated, AlertClosed, ReportBuilt],
            Sessions: false, BatchSize: 100),
    ];
}
