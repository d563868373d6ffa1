using System.Text.Json.Serialization;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Reports;
using CrmServerless.Crm.Rules;

namespace CrmServerless.Crm.Api;

/// <summary>What the ops API speaks: camelCase.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(CustomerView))]
[JsonSerializable(typeof(ListOf<CustomerView>))]
[JsonSerializable(typeof(ListOf<TimelineEntry>))]
[JsonSerializable(typeof(TagEdit))]
[JsonSerializable(typeof(QuotaCleared))]
[JsonSerializable(typeof(MediaAsset))]
[JsonSerializable(typeof(ListOf<MediaAsset>))]
[JsonSerializable(typeof(Alert))]
[JsonSerializable(typeof(ListOf<Alert>))]
[JsonSerializable(typeof(AlertNote))]
[JsonSerializable(typeof(DailyReport))]
[JsonSerializable(typeof(Rule))]
[JsonSerializable(typeof(ListOf<Rule>))]
[JsonSerializable(typeof(DeadLetterView))]
[JsonSerializable(typeof(ListOf<DeadLetterView>))]
[JsonSerializable(typeof(ListOf<DeadLetterCause>))]
[JsonSerializable(typeof(CauseOrder))]
[JsonSerializable(typeof(TriageResult))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(ListOf<AuditEntry>))]
public sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>These types, written with Chinese as it is instead of <c>\uXXXX</c>.</summary>
    public static ApiJson Types => types ??= new(Plain.Options(Default!.Options));

    // Made on first use: the generated half's static fields may be initialised after ours.
    private static ApiJson? types;
}

/// <summary>A page of a list.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Next">The cursor of the next page; null at the end.</param>
public sealed record ListOf<T>(
    IReadOnlyList<T> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Next);
