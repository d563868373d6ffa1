using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Crm.Customers;

/// <summary>Facts that follow from facts.</summary>
public static class NewFacts
{
    public static NewFact Of<T>(string subject, T data, JsonTypeInfo<T> type) =>
        new(subject, JsonSerializer.SerializeToElement(data, type));

    public static T Read<T>(this Envelope fact, JsonTypeInfo<T> type) =>
        fact.Data.Deserialize(type) ?? throw new JsonException($"{fact.Subject} {fact.Id} has no data.");

    /// <summary>The n-th fact that a stage makes of another: same key, root and origin.</summary>
    /// <param name="cause">The fact it follows from.</param>
    /// <param name="stage">The stage that makes it.</param>
    /// <param name="n">Its number among that stage's facts.</param>
    /// <param name="subject">Its subject.</param>
    /// <param name="data">Its content.</param>
    /// <param name="now">The time of publishing.</param>
    /// <param name="byRule">True if a rule made it: one generation deeper.</param>
    public static Envelope Child(this Envelope cause, string stage, int n, string subject, JsonElement data, DateTimeOffset now, bool byRule) => new()
    {
        Id = Ids.Child(cause.Id, stage, n), Subject = subject, Key = cause.Key, Kind = cause.Kind,
        OccurredAt = cause.OccurredAt, CountedAt = cause.CountedAt, PublishedAt = now, CausationId = cause.Id, Root = cause.Root,
        Origin = cause.Origin, TraceParent = cause.TraceParent, Depth = cause.Depth + (byRule ? 1 : 0), Data = data,
    };
}
