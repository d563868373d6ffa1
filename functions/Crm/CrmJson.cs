using System.Text.Json.Serialization;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Crm;

/// <summary>The one JSON contract: camelCase, nulls left out, Chinese and emoji as they are; a null where none may be is a fault.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Envelope))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(Receive.EventReceived))]
[JsonSerializable(typeof(Customers.Customer))]
[JsonSerializable(typeof(Customers.StaffRelation))]
[JsonSerializable(typeof(Customers.Chat))]
[JsonSerializable(typeof(Customers.CustomerChanged))]
[JsonSerializable(typeof(Customers.CustomerShared))]
[JsonSerializable(typeof(Customers.LifecycleChanged))]
[JsonSerializable(typeof(Customers.TimelineEntry))]
[JsonSerializable(typeof(byte[]))]
[JsonSerializable(typeof(Tags.CustomerTagged))]
[JsonSerializable(typeof(Tags.CarriedTag))]
[JsonSerializable(typeof(Tags.SharedTags))]
[JsonSerializable(typeof(Replies.ReplySent))]
[JsonSerializable(typeof(Replies.SendEntry))]
[JsonSerializable(typeof(Replies.MediaAsset))]
[JsonSerializable(typeof(Replies.UploadedMedium))]
[JsonSerializable(typeof(Alerts.Alert))]
[JsonSerializable(typeof(Alerts.AlertFact))]
[JsonSerializable(typeof(Alerts.AlertDue))]
[JsonSerializable(typeof(Stats.StatsRow))]
[JsonSerializable(typeof(Reports.DailyReport))]
[JsonSerializable(typeof(Reports.ReportBuilt))]
[JsonSerializable(typeof(Delivery.DeadLetter))]
[JsonSerializable(typeof(Rules.Rule))]
[JsonSerializable(typeof(Tags.TagAction))]
[JsonSerializable(typeof(Replies.ReplyAction))]
[JsonSerializable(typeof(Alerts.AlertAction))]
public sealed partial class CrmJson : JsonSerializerContext
{
    /// <summary>These types, written with Chinese as it is instead of <c>\uXXXX</c>.</summary>
    public static CrmJson Types => types ??= new(Plain.Options(Default!.Options));

    // Made on first use: the generated half's static fields may be initialised after ours.
    private static CrmJson? types;
}
