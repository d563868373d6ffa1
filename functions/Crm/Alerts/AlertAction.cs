using System.Text.Json.Serialization;

namespace CrmServerless.Crm.Alerts;

/// <summary>A list of sensitive words and what follows from a hit.</summary>
/// <param name="Words">Sensitive words, found after normalisation.</param>
/// <param name="Level">high, medium or low.</param>
/// <param name="Category">What kind of trouble it is.</param>
/// <param name="Owner">Who must act; null: the account's default owner.</param>
/// <param name="EscalateAfterMinutes">Minutes until an alert that nobody acknowledged is escalated; null: never.</param>
/// <param name="Side">Whose words are watched.</param>
public sealed record AlertAction(
    IReadOnlyList<string> Words, AlertLevel Level, string Category, string? Owner = null, int? EscalateAfterMinutes = null,
    AlertSide Side = AlertSide.Customer);

[JsonConverter(typeof(LowerCaseEnum<AlertSide>))]
public enum AlertSide
{
    /// <summary>What customers write.</summary>
    Customer,

    /// <summary>What staff write to an application of WeCom.</summary>
    Staff,
}

[JsonConverter(typeof(LowerCaseEnum<AlertLevel>))]
public enum AlertLevel
{
    Low,
    Medium,
    High,
}
