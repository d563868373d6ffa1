using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmServerless.Crm.Messaging;

/// <summary>
/// What travels on the topic: one fact and what the pipeline has to know of it. The same bytes on every broker, so a
/// stage takes its identity from here and never from broker properties.
/// </summary>
public sealed record Envelope
{
    /// <summary>Deterministic id of the fact; see <see cref="Ids"/>. It never changes, also when published again.</summary>
    public required string Id { get; init; }

    /// <summary>Type name of the fact, past tense; one of <see cref="Subjects"/>.</summary>
    public required string Subject { get; init; }

    /// <summary>What must stay in order: <c>{account}:{openid}</c>, or <c>{account}:~...</c> for what is no customer.</summary>
    public required string Key { get; init; }

    /// <summary>Normalised kind of the WeChat event that this fact is, or descends from.</summary>
    public required string Kind { get; init; }

    /// <summary>When it happened to the customer (UTC).</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Where WeChat's time is implausible: the time of receipt, whose day this and all that follows count under.</summary>
    public DateTimeOffset? CountedAt { get; init; }

    /// <summary>When it was first put on the topic (UTC).</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>The fact that caused this one; null for a callback.</summary>
    public string? CausationId { get; init; }

    /// <summary>The callback at the root of the chain; its own id for a callback.</summary>
    public required string Root { get; init; }

    /// <summary><c>live, import, reconcile</c> or <c>replay</c>; only <c>live</c> facts may message a customer.</summary>
    public string Origin { get; set; } = Origins.Live;

    /// <summary>Generations of facts caused by rules; above <see cref="MaxDepth"/> it is a loop.</summary>
    public int Depth { get; init; }

    /// <summary>The one stage that a retry is meant for; the others complete it at once.</summary>
    public string? Only { get; init; }

    /// <summary>A retried dead letter whose commit had happened: the stage goes on behind it.</summary>
    public bool Resume { get; init; }

    /// <summary>What is known of a retried dead letter, so that the letter goes on should the fact fail again.</summary>
    public RetryHistory? Retry { get; init; }

    /// <summary>Not delivered before this time; until then it stands outside its lane.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>After this time the fact is skipped and counted, never tried.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The span that published it, in W3C form; null where nobody traces. It goes into no id.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The fact itself.</summary>
    public required JsonElement Data { get; init; }

    /// <summary>Depth above which a fact is dead-lettered as a loop of rules.</summary>
    public const int MaxDepth = 5;

    /// <summary>The account part of the key.</summary>
    [JsonIgnore]
    public string Account => Keys.Account(Key);

    /// <summary>Subject and id only: the rest is personal data and must not reach a log by accident.</summary>
    public override string ToString() => $"{Subject} {Id}";

    public byte[] ToUtf8Bytes() => JsonSerializer.SerializeToUtf8Bytes(this, CrmJson.Types.Envelope);

    /// <summary>Reads an envelope; false if the bytes are not one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out Envelope? envelope)
    {
        try
        {
            envelope = JsonSerializer.Deserialize(utf8, CrmJson.Types.Envelope);
            return envelope is not null;
        }
        catch (JsonException)
        {
            envelope = null;
            return false;
        }
    }
}

/// <param name="Number">Which retry by hand this is, from 1.</param>
/// <param name="FirstSeenAt">When the fact was first given up.</param>
/// <param name="Attempts">Deliveries before this retry.</param>
public sealed record RetryHistory(int Number, DateTimeOffset FirstSeenAt, int Attempts);

/// <summary>Where a chain of facts comes from.</summary>
public static class Origins
{
    public const string Live = "live";
    public const string Import = "import";
    public const string Reconcile = "reconcile";
    public const string Replay = "replay";
}
