using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmServerless.Crm.Rules;

/// <summary>Rules are data: when something matches, then something follows. Stored, versioned, edited through the API.</summary>
public sealed record Rule
{
    /// <summary>1 to 40 of <c>a-z 0-9 -</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Grows by one with every edit; every tag, reply and alert names it.</summary>
    public int Version { get; set; } = 1;

    /// <summary>What people call it.</summary>
    public string? Name { get; init; }

    public bool Enabled { get; set; } = true;

    /// <summary>Where only one rule may win, the lowest number does; then the id in ordinal order.</summary>
    public int Order { get; set; } = 100;

    public RuleCondition When { get; set; } = new();

    /// <summary>By kind of rule: <see cref="Crm.Tags.TagAction"/>, <see cref="Crm.Replies.ReplyAction"/> or <see cref="Crm.Alerts.AlertAction"/>.</summary>
    public required JsonElement Then { get; init; }

    /// <summary>Who made this version.</summary>
    public string? EditedBy { get; init; }

    public DateTimeOffset? EditedAt { get; init; }

    /// <summary>What the rule will not do, and why; only in the answer to who saves it, never stored.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }
}

/// <summary>What must hold; what is absent holds. All present conditions must hold together.</summary>
public sealed record RuleCondition
{
    /// <summary>Account names.</summary>
    public IReadOnlyList<string>? Accounts { get; init; }

    /// <summary>Kinds of events; a <c>*</c> at the end stands for any rest.</summary>
    public IReadOnlyList<string>? Kinds { get; init; }

    public TextCondition? Text { get; init; }

    /// <summary>Menu keys.</summary>
    public IReadOnlyList<string>? MenuKeys { get; init; }

    /// <summary>Scenes of QR codes, in WeCom the state; a <c>*</c> at the end stands for any rest.</summary>
    public IReadOnlyList<string>? Scenes { get; init; }

    /// <summary>WeCom: states of contact ways and channels of acquisition links; a <c>*</c> at the end stands for any rest.</summary>
    public IReadOnlyList<string>? States { get; init; }

    public AreaCondition? Within { get; init; }

    public TagCondition? Tags { get; init; }

    /// <summary>Lifecycle stages.</summary>
    public IReadOnlyList<string>? Stages { get; init; }

    public CountCondition? Count { get; init; }

    /// <summary>The first event of its kind from this customer.</summary>
    public bool? FirstTime { get; init; }

    public TimeOfDayCondition? TimeOfDay { get; init; }

    public DateCondition? Dates { get; init; }

    /// <summary>Whether the event alone tells; else the customer file has to be read.</summary>
    [JsonIgnore]
    public bool NeedsCustomer => Tags is not null || Stages is not null || Count is not null || FirstTime is not null;
}

/// <summary>All compare after width and case folding, without separators between the characters.</summary>
/// <param name="Any">At least one of these words occurs.</param>
/// <param name="All">Each of these words occurs.</param>
/// <param name="None">None of these words occurs.</param>
/// <param name="Exact">The whole text is one of these.</param>
/// <param name="Regex">The text as written matches this expression (linear time, no back-references).</param>
public sealed record TextCondition(
    IReadOnlyList<string>? Any = null, IReadOnlyList<string>? All = null, IReadOnlyList<string>? None = null,
    IReadOnlyList<string>? Exact = null, string? Regex = null);

/// <param name="Latitude">Degrees.</param>
/// <param name="Longitude">Degrees.</param>
/// <param name="Km">Radius in kilometres, above 0, at most 20,000.</param>
public sealed record AreaCondition(double Latitude, double Longitude, double Km);

/// <param name="All">The customer has each of these tags.</param>
/// <param name="None">The customer has none of these tags.</param>
public sealed record TagCondition(IReadOnlyList<string>? All = null, IReadOnlyList<string>? None = null);

/// <summary>"3 texts in 7 days", this event included.</summary>
/// <param name="Kinds">Kinds counted; a <c>*</c> at the end stands for any rest.</param>
/// <param name="AtLeast">1 to 10,000.</param>
/// <param name="Days">Shanghai days counted back from the event's, itself included; 1 to 30.</param>
public sealed record CountCondition(IReadOnlyList<string> Kinds, int AtLeast, int Days);

/// <summary>Time of day in Shanghai, <c>HH:mm</c>; from inclusive, to exclusive; may pass midnight.</summary>
public sealed record TimeOfDayCondition(string From, string To);

/// <summary>Days in Shanghai, both inclusive.</summary>
public sealed record DateCondition(DateOnly? From = null, DateOnly? To = null);
