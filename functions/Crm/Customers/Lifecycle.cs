namespace CrmServerless.Crm.Customers;

/// <summary>Where a customer stands, as events tell.</summary>
public static class Lifecycle
{
    /// <summary>潜在: seen, but not known to follow.</summary>
    public const string Prospect = "prospect";

    /// <summary>新关注: follows, has not written or clicked yet.</summary>
    public const string Follower = "follower";

    /// <summary>活跃: follows and has written, clicked or scanned since.</summary>
    public const string Active = "active";

    /// <summary>流失: unsubscribed.</summary>
    public const string Lost = "lost";

    /// <summary>The stage after an event.</summary>
    /// <param name="before">The stage before it.</param>
    /// <param name="subscribed">Whether the customer follows, late events considered.</param>
    /// <param name="everUnsubscribed">Whether the customer ever unsubscribed.</param>
    /// <param name="interacted">Whether the event is the customer's own doing beyond following.</param>
    public static string After(string before, bool subscribed, bool everUnsubscribed, bool interacted) =>
        subscribed switch
        {
            true when interacted => Active,
            true when before is Prospect or Lost => Follower,
            true => before,
            false when everUnsubscribed => Lost,
            false => before,
        };
}

/// <summary>A customer's lifecycle stage changed.</summary>
public sealed record LifecycleChanged(string From, string To);
