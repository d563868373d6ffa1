using System.Text.Json;
using System.Text.Json.Serialization;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Replies;

[JsonConverter(typeof(LowerCaseEnum<SendState>))]
public enum SendState
{
    Sending,
    Sent,
    Refused,
    Unknown,

    /// <summary>Decided against. Else who comes back, to a window that is open again, would send what the timeline calls skipped.</summary>
    Skipped,
}

/// <summary>The record of one call that must not happen twice. A terminal state is never overwritten, except unknown by sent.</summary>
public sealed record SendEntry
{
    public required SendState State { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>WeChat's errcode of a refusal, or of what it was skipped for.</summary>
    public int? Code { get; init; }

    /// <summary>Why it was skipped.</summary>
    public string? Reason { get; init; }

    /// <summary>What is sent, by the rules of that moment: who comes back reports this and not what the rules say by then.</summary>
    public required Answer Answer { get; init; }
}

/// <summary>An answer as decided: the rule, its version, one of <see cref="ReplyAction.Type"/>, and the text or the title.</summary>
public sealed record Answer(string RuleId, int RuleVersion, string Type, string? Text);

/// <param name="State">Sent, refused or unknown; null if the call was surely not made and is to be tried another time.</param>
/// <param name="Code">WeChat's errcode.</param>
/// <param name="Again">When to try again.</param>
public sealed record CallOutcome(SendState? State, int? Code = null, DateTimeOffset? Again = null);

/// <summary>
/// Sending once: an entry <c>send.{root}.{rule}</c> in the customer's partition is created before the call and settled
/// after it, so that a worker that comes back knows what its predecessor did.
/// </summary>
public sealed class SendLedger(IDocuments documents, TimeProvider clock)
{
    /// <summary>A call that has been under way longer than this has lost its worker.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static string Id(string root, string ruleId) => Keys.Escape($"send.{root}.{ruleId}");

    /// <summary>The outcome of an answer to this root that was begun before, by whatever rule; null if none was.</summary>
    /// <exception cref="TransientException">Another worker is in the middle of it.</exception>
    public async Task<SendEntry?> Begun(string key, string root, CancellationToken ct)
    {
        var entries = await documents.List(Collections.Customers, key, IdRange.StartingWith($"send.{root}.", 1), ct);
        return entries is [var stored] ? await Outcome(stored, ct) : null;
    }

    /// <summary>
    /// Makes the call unless it was made before. At most once: if a predecessor died during its call, the outcome is
    /// unknown and the customer is not messaged again.
    /// </summary>
    /// <returns>What became of it; null if the call says that it was not made and is to be tried another time.</returns>
    /// <exception cref="TransientException">Another worker is in the middle of it, or the call surely did not happen.</exception>
    public async Task<SendEntry?> AtMostOnce(
        string key, string id, Answer answer, Func<CancellationToken, Task<CallOutcome>> call, CancellationToken ct)
    {
        var sending = new SendEntry { State = SendState.Sending, StartedAt = clock.GetUtcNow(), Answer = answer };
        if (await documents.Create(Collections.Customers, ToDocument(key, id, sending), ct) is not { } etag)
            return await Found(key, id, ct);

        CallOutcome outcome;
        try
        {
            outcome = await call(ct);
        }
        catch (TransientException)
        {
            // The call says that nothing was sent, so the next try starts afresh.
            await documents.Delete(Collections.Customers, key, id, etag, ct);
            throw;
        }

        if (outcome.State is { } state) return await Settle(key, id, sending with { State = state, Code = outcome.Code }, etag, ct);
        await documents.Delete(Collections.Customers, key, id, etag, ct);
        return null;
    }

    /// <summary>Notes that an answer is not sent, unless one was begun.</summary>
    public async Task<SendEntry> Skip(string key, string id, Answer answer, string reason, CancellationToken ct, int? code = null)
    {
        var now = clock.GetUtcNow();
        var skipped = new SendEntry { State = SendState.Skipped, StartedAt = now, FinishedAt = now, Answer = answer, Reason = reason, Code = code };
        return await documents.Create(Collections.Customers, ToDocument(key, id, skipped), ct) is not null ? skipped : await Found(key, id, ct);
    }

    public static Document ToDocument(string key, string id, SendEntry entry) =>
        new(key, id, JsonSerializer.SerializeToUtf8Bytes(entry, CrmJson.Types.SendEntry));

    private async Task<SendEntry> Found(string key, string id, CancellationToken ct)
    {
        var stored = await documents.Read(Collections.Customers, key, id, ct)
            ?? throw new TransientException("A send entry vanished while it was being read.");
        return await Outcome(stored, ct);
    }

    private async Task<SendEntry> Outcome(StoredDocument stored, CancellationToken ct)
    {
        var entry = JsonSerializer.Deserialize(stored.Data.Span, CrmJson.Types.SendEntry)!;
        if (entry.State != SendState.Sending) return entry;
        if (clock.GetUtcNow() - entry.StartedAt < Patience)
            throw new TransientException("Another worker is sending this answer.");
        return await Settle(stored.Partition, stored.Id, entry with { State = SendState.Unknown }, stored.Etag, ct);
    }

    private async Task<SendEntry> Settle(string key, string id, SendEntry settled, string etag, CancellationToken ct)
    {
        settled = settled with { FinishedAt = clock.GetUtcNow() };
        return await documents.Replace(Collections.Customers, ToDocument(key, id, settled), etag, ct) is not null
            ? settled
            : await Overtaken(key, id, settled, ct);
    }

    // A slow worker comes back after its entry was given up as unknown: that it was sent is the better knowledge.
    private async Task<SendEntry> Overtaken(string key, string id, SendEntry settled, CancellationToken ct)
    {
        if (await documents.Read(Collections.Customers, key, id, ct) is not { } stored) return settled;
        var known = JsonSerializer.Deserialize(stored.Data.Span, CrmJson.Types.SendEntry)!;
        if (known.State != SendState.Unknown || settled.State != SendState.Sent) return known;
        return await documents.Replace(Collections.Customers, ToDocument(key, id, settled), stored.Etag, ct) is null
            ? throw new TransientException("A send entry is being written by two workers.")
            : settled;
    }
}
