using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;

namespace CrmServerless.Crm.Customers;

/// <summary>
/// The customer file: one document, small by design (target under 8 KB), replaced under its etag. That replacement is
/// the one commit of a handled fact.
/// </summary>
public sealed record Customer
{
    public required string Key { get; init; }

    /// <summary>Random; the stats rows' only name for this customer, so that erasing the file unlinks them.</summary>
    public required string StatsId { get; init; }

    /// <summary>Grows by one with every commit.</summary>
    public long Version { get; init; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>The latest thing that the customer did.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>The latest event that only a follower can cause.</summary>
    public DateTimeOffset? FollowingSeenAt { get; init; }

    /// <summary>关注时间: the latest subscribe event, by WeChat's clock.</summary>
    public DateTimeOffset? SubscribedAt { get; init; }

    /// <summary>取消关注时间: the latest unsubscribe event, by WeChat's clock.</summary>
    public DateTimeOffset? UnsubscribedAt { get; init; }

    public bool Subscribed { get; init; }

    /// <summary>Scene of the QR code of the first follow; WeCom: State of the first add.</summary>
    public string? Source { get; init; }

    /// <summary>WeCom: the time of that add; an earlier one that comes late takes its place.</summary>
    public DateTimeOffset? SourceAt { get; init; }

    /// <summary>WeCom: the members of staff who have this customer or had him, at most <see cref="StaffRules.MaxStaff"/>.</summary>
    public IReadOnlyList<StaffRelation> Staff { get; set; } = [];

    /// <summary>WeCom: the latest handing over that failed.</summary>
    public FailedTransfer? FailedTransfer { get; init; }

    public string Stage { get; set; } = Lifecycle.Prospect;

    public IReadOnlyList<CustomerTag> Tags { get; set; } = [];

    /// <summary>Incoming events by kind, since ever.</summary>
    public IReadOnlyDictionary<string, long> In { get; set; } = new Dictionary<string, long>();

    /// <summary>Answers by outcome, since ever.</summary>
    public IReadOnlyDictionary<string, long> Out { get; set; } = new Dictionary<string, long>();

    /// <summary>Incoming events by kind and day, the last 30 days.</summary>
    public Activity Activity { get; set; } = Activity.None;

    public ReplyWindow Window { get; set; } = new();

    /// <summary>The last location only; a track is in the timeline.</summary>
    public LastLocation? Location { get; init; }

    /// <summary>The last <see cref="HandledFact.Kept"/> facts that were committed here, oldest first.</summary>
    public IReadOnlyList<HandledFact> Handled { get; set; } = [];

    /// <summary>The greatest time of a fact that was ever pushed out of <see cref="Handled"/>.</summary>
    public DateTimeOffset? HandledUpTo { get; init; }

    /// <summary>Facts of the last commit that are not known to be published yet.</summary>
    public IReadOnlyList<Envelope> Outbox { get; set; } = [];

    public CustomerSnapshot Snapshot() => new()
    {
        Version = Version, Subscribed = Subscribed, Stage = Stage, Tags = [.. Tags.Select(t => t.Name)],
        Counters = In, Activity = Activity, Window = Window,
    };
}

/// <param name="Name">1 to 30 characters.</param>
/// <param name="RuleId">The rule that gave it; null if a person did.</param>
/// <param name="RuleVersion">That rule's version.</param>
/// <param name="By">The person who gave it; null if a rule did.</param>
/// <param name="At">When.</param>
public sealed record CustomerTag(string Name, string? RuleId, int? RuleVersion, string? By, DateTimeOffset At);

public sealed record LastLocation(double Latitude, double Longitude, string? Label, DateTimeOffset At);

/// <summary>What rules read of a customer; travels in CustomerChanged, so that a rule that does not hit costs no read.</summary>
public sealed record CustomerSnapshot
{
    public required long Version { get; init; }

    public required bool Subscribed { get; init; }

    public required string Stage { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required IReadOnlyDictionary<string, long> Counters { get; init; }

    public required Activity Activity { get; init; }

    public required ReplyWindow Window { get; init; }
}
