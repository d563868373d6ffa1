using System.Text.Json.Serialization;

namespace CrmServerless.Crm.Alerts;

/// <summary>Somebody must act. One alert a message, however many words hit.</summary>
public sealed record Alert
{
    /// <summary>Sorts by time: <c>{unix ms}~{event id}</c>.</summary>
    public required string Id { get; init; }

    public required string Account { get; init; }

    /// <summary>Key of who wrote it: the customer; with <see cref="Side"/> staff, the member of staff.</summary>
    public required string Customer { get; init; }

    /// <summary>Whose words these are.</summary>
    public AlertSide Side { get; set; }

    public required AlertLevel Level { get; init; }

    public required string Category { get; init; }

    /// <summary>Who must act.</summary>
    public required string Owner { get; init; }

    /// <summary>All words that hit, as the lists write them.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>The whole message as the customer wrote it.</summary>
    public required string Text { get; init; }

    /// <summary>Each word as written, with the original text around it.</summary>
    public required IReadOnlyList<AlertContext> Context { get; init; }

    public AlertState State { get; set; } = AlertState.Open;

    /// <summary>The gravest rule that hit.</summary>
    public required string RuleId { get; init; }

    public required int RuleVersion { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>When it is escalated unless somebody has acknowledged it.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset? EscalatedAt { get; init; }

    public string? AcknowledgedBy { get; init; }

    public DateTimeOffset? AcknowledgedAt { get; init; }

    public string? ClosedBy { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public string? Note { get; init; }
}

[JsonConverter(typeof(LowerCaseEnum<AlertState>))]
public enum AlertState
{
    Open,
    Acknowledged,
    Closed,
}

/// <param name="Word">The word as the list writes it.</param>
/// <param name="Before">Up to 20 characters before.</param>
/// <param name="Match">The word as the customer wrote it.</param>
/// <param name="After">Up to 20 characters after.</param>
public sealed record AlertContext(string Word, string Before, string Match, string After);

/// <summary>An alert was raised, escalated or closed: the alert as it then was, without the customer's words.</summary>
public sealed record AlertFact(
    string AlertId, AlertLevel Level, string Category, string Owner, IReadOnlyList<string> Words, string RuleId, int RuleVersion, string? By = null);

/// <summary>Look whether an alert still waits for somebody.</summary>
public sealed record AlertDue(string AlertId);
