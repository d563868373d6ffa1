using System.Security.Cryptography;
using System.Text.Json;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Customers;

/// <summary>
/// Effect once for a customer group, as <see cref="CustomerCommit"/> does it for a person: replacing the small document under its etag
/// is the one commit, and the timeline entry is written after it. Nothing follows from it, so there is no outbox.
/// </summary>
public sealed class ChatCommit(IDocuments documents, Progress progress, TimeProvider clock)
{
    public const string DocumentId = "chat";

    private const int MaxAttempts = 10;

    /// <exception cref="TransientException">The document kept changing under us, or the store failed.</exception>
    public async Task Apply(StageDelivery delivery, CancellationToken ct)
    {
        var (fact, mark) = (delivery.Fact, HandledFact.Of(delivery.Fact).Mark);
        var chat = await Commit(delivery, mark, ct);
        delivery.Committed = true;
        // From the document, so that a worker who died here has a successor that finds the gap too.
        await documents.Upsert(Collections.Customers, [Timeline.Entry(fact, chat.Gaps.FirstOrDefault(g => g.By == mark))], ct);
    }

    private async Task<Chat> Commit(StageDelivery delivery, string mark, CancellationToken ct)
    {
        var fact = delivery.Fact;
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var stored = await documents.Read(Collections.Customers, fact.Key, DocumentId, ct);
            var before = stored is null ? null : JsonSerializer.Deserialize(stored.Data.Span, CrmJson.Types.Chat)!;
            if (before is not null && (fact.Resume || await IsHandled(before, fact, mark, ct)))
            {
                delivery.Duplicate = true;
                return before;
            }

            var next = ChatRules.Decide(before, fact);
            var written = stored is null
                ? await documents.Create(Collections.Customers, ToDocument(next), ct)
                : await documents.Replace(Collections.Customers, ToDocument(next), stored.Etag, ct);
            if (written is not null)
            {
                if (next.Gaps.Any(g => g.By == mark)) progress.ChatGap(fact.Account);
                return next;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, 5 * attempt)), clock, ct);
        }

        throw new TransientException($"The group changed {MaxAttempts} times while it was being written.");
    }

    private async ValueTask<bool> IsHandled(Chat chat, Envelope fact, string mark, CancellationToken ct) =>
        chat.Handled.Any(h => h.Mark == mark)
        || (fact.OccurredAt <= chat.HandledUpTo && await documents.Read(Collections.Customers, fact.Key, Timeline.Id(fact), ct) is not null);

    private static Document ToDocument(Chat chat) =>
        new(chat.Key, DocumentId, JsonSerializer.SerializeToUtf8Bytes(chat, CrmJson.Types.Chat), new Dictionary<string, object>(StringComparer.Ordinal)
        {
            // Where a gap is, the reconciliation to come has to read the group.
            ["type"] = "chat", ["account"] = Keys.Account(chat.Key), ["gap"] = chat.Gaps.Count > 0,
        });
}
