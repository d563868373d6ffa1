using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Storage;
using CrmServerless.Crm.Tags;

namespace CrmServerless.Crm.Customers;

/// <summary>
/// The timeline: one entry a fact, in the partition of its key, sorted by id. Its content follows from the fact alone,
/// so writing it twice changes nothing.
/// </summary>
public static class Timeline
{
    public const string Prefix = "tl~";

    /// <summary>Sorts by time, then by fact.</summary>
    public static string Id(Envelope fact) => Id(fact.OccurredAt, fact.Id);

    public static string Id(DateTimeOffset at, string factId) =>
        Keys.Escape(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Math.Max(0, at.ToUnixTimeMilliseconds()):D14}~{factId}"));

    public static Document Entry(Envelope fact, ChatGap? gap = null) =>
        new(fact.Key, Id(fact), JsonSerializer.SerializeToUtf8Bytes(Describe(fact) with { Gap = gap }, CrmJson.Types.TimelineEntry));

    private static TimelineEntry Describe(Envelope fact)
    {
        var entry = new TimelineEntry { Id = fact.Id, Kind = fact.Kind, OccurredAt = fact.OccurredAt, PublishedAt = fact.PublishedAt, Direction = Direction.Crm };
        return fact.Subject switch
        {
            Subjects.EventReceived => Received(entry, fact.Read(CrmJson.Types.EventReceived)),
            Subjects.ReplySent => Sent(entry, fact.Read(CrmJson.Types.ReplySent)),
            Subjects.CustomerTagged => Tagged(entry, fact.Read(CrmJson.Types.CustomerTagged)),
            Subjects.CustomerShared => entry with { Kind = "customer.shared", Detail = fact.Data },
            Subjects.LifecycleChanged => entry with { Kind = "lifecycle.changed", Detail = fact.Data },
            _ => entry with { Kind = fact.Subject, Detail = fact.Data },
        };
    }

    private static TimelineEntry Received(TimelineEntry entry, EventReceived received) => entry with
    {
        Direction = Direction.In,
        Text = received.Text,
        // The text stands beside it already; the payload is kept for replay. Nobody who reads a timeline needs a welcome code.
        Detail = JsonSerializer.SerializeToElement(received with { Text = null, WelcomeCode = null, WelcomeBy = null }, CrmJson.Types.EventReceived),
    };

    private static TimelineEntry Sent(TimelineEntry entry, ReplySent sent) => entry with
    {
        Kind = "reply." + sent.Outcome.ToString().ToLowerInvariant(),
        Direction = sent.Outcome == SendOutcome.Skipped ? Direction.Crm : Direction.Out,
        Text = sent.Text,
        Detail = JsonSerializer.SerializeToElement(sent with { Text = null }, CrmJson.Types.ReplySent),
    };

    private static TimelineEntry Tagged(TimelineEntry entry, CustomerTagged tagged) => entry with
    {
        Kind = tagged.Given ? "customer.tagged" : "customer.untagged",
        Detail = JsonSerializer.SerializeToElement(tagged, CrmJson.Types.CustomerTagged),
    };
}

/// <summary>One thing that happened to a customer.</summary>
public sealed record TimelineEntry
{
    /// <summary>Id of the fact.</summary>
    public required string Id { get; init; }

    public required string Kind { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When we learned of it; tells the order of what happened in one second.</summary>
    public DateTimeOffset PublishedAt { get; init; }

    public required Direction Direction { get; init; }

    public string? Text { get; init; }

    public JsonElement? Detail { get; init; }

    /// <summary>What this change of a customer group showed to be missing before it.</summary>
    public ChatGap? Gap { get; init; }
}

[JsonConverter(typeof(LowerCaseEnum<Direction>))]
public enum Direction
{
    /// <summary>The customer did it.</summary>
    In,

    /// <summary>We sent it.</summary>
    Out,

    /// <summary>The CRM did it.</summary>
    Crm,
}
