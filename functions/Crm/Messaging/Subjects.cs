namespace CrmServerless.Crm.Messaging;

/// <summary>The facts on the topic. A fact's subject is its type name.</summary>
public static class Subjects
{
    public const string EventReceived = nameof(EventReceived);
    public const string CustomerChanged = nameof(CustomerChanged);
    public const string CustomerTagged = nameof(CustomerTagged);
    public const string CustomerShared = nameof(CustomerShared);
    public const string LifecycleChanged = nameof(LifecycleChanged);
    public const string FollowUpDue = nameof(FollowUpDue);
    public const string ReplySent = nameof(ReplySent);
    public const string AlertRaised = nameof(AlertRaised);
    public const string AlertDue = nameof(AlertDue);
    public const string AlertEscalated = nameof(AlertEscalated);
    public const string AlertClosed = nameof(AlertClosed);
    public const string ReportBuilt = nameof(ReportBuilt);
}
