using System.Text.Json.Serialization;
using CrmServerless.Crm;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Notify;

namespace CrmServerless.Azure.Notify;

/// <summary>What an event says.</summary>
/// <param name="Line">One line in Chinese, without personal data.</param>
/// <param name="Alert">The alert, where it is about one.</param>
public sealed record NoticeData(string Line, AlertData? Alert)
{
    public static NoticeData Of(Notice notice) => new(notice.Line, notice.Alert is { } alert ? AlertData.Of(alert) : null);
}

/// <summary>An alert without the customer and what he wrote, and without what people noted.</summary>
public sealed record AlertData(
    string Id, AlertLevel Level, string Category, string Owner, IReadOnlyList<string> Words, AlertState State, string RuleId, int RuleVersion,
    DateTimeOffset RaisedAt, DateTimeOffset? DueAt)
{
    public static AlertData Of(Alert alert) => new(
        alert.Id, alert.Level, alert.Category, alert.Owner, alert.Words, alert.State, alert.RuleId, alert.RuleVersion, alert.RaisedAt, alert.DueAt);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NoticeData))]
internal sealed partial class NoticeJson : JsonSerializerContext
{
    public static NoticeJson Types => types ??= new(Plain.Options(Default!.Options));

    // Made on first use: the generated half's static fields may be initialised after ours.
    private static NoticeJson? types;
}
