using System.Globalization;
using System.Text;
using System.Text.Json;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Delivery;

/// <summary>A fact that a stage could not handle, and what is known about why.</summary>
public sealed record DeadLetter
{
    /// <summary><c>{stage}~{fact id}</c>.</summary>
    public required string Id { get; init; }

    public required string Account { get; init; }

    public required string Stage { get; init; }

    public required string Subject { get; init; }

    public string? Kind { get; init; }

    /// <summary>Type and first line of the fault; never what a customer wrote.</summary>
    public required string Error { get; init; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Deliveries, all tries together.</summary>
    public required int Attempts { get; init; }

    /// <summary>Whether the stage's commit had happened: then a retry goes on behind it.</summary>
    public required bool Committed { get; init; }

    /// <summary>How often it was retried by hand.</summary>
    public int Retries { get; init; }

    /// <summary>The fact; null if the message could not be read.</summary>
    public Envelope? Fact { get; init; }

    /// <summary>The bytes of a message that could not be read, base64.</summary>
    public string? Unreadable { get; init; }
}

/// <summary>The pipeline's own dead letters, in <c>work</c>, partition <c>{account}|deadletter</c>.</summary>
public sealed class DeadLetters(IDocuments documents, IMessageBus bus, TimeProvider clock)
{
    /// <summary>Where letters stand whose account cannot be told.</summary>
    public const string UnknownAccount = "~unknown";

    public async Task Add(string stage, Envelope fact, int attempts, bool committed, Exception fault, CancellationToken ct)
    {
        var (now, id) = (clock.GetUtcNow(), Id(stage, fact.Id));
        var known = await Find(fact.Account, id, ct);
        await Save(new DeadLetter
        {
            Id = id, Account = fact.Account, Stage = stage, Subject = fact.Subject, Kind = fact.Kind, Error = Describe(fault),
            FirstSeenAt = known?.FirstSeenAt ?? fact.Retry?.FirstSeenAt ?? now, LastSeenAt = now,
            Attempts = (known?.Attempts ?? fact.Retry?.Attempts ?? 0) + attempts,
            Committed = committed || fact.Resume || known?.Committed == true, Retries = known?.Retries ?? fact.Retry?.Number ?? 0,
            Fact = fact with { Only = null, Resume = false, Retry = null, NotBefore = null },
        }, ct);
    }

    public async Task AddUnreadable(string stage, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var bytes = Convert.ToBase64String(body.Span);
        var now = clock.GetUtcNow();
        await Save(new DeadLetter
        {
            Id = Id(stage, Ids.Hash(bytes)), Account = UnknownAccount, Stage = stage, Subject = "unreadable",
            Error = "The message is not an envelope.", FirstSeenAt = now, LastSeenAt = now, Attempts = 1, Committed = false, Unreadable = bytes,
        }, ct);
    }

    public async ValueTask<DeadLetter?> Find(string account, string id, CancellationToken ct) =>
        await documents.Read(Collections.Work, Partition(account), id, ct) is { } stored ? Parse(stored) : null;

    public async ValueTask<(IReadOnlyList<DeadLetter> Items, string? Next)> Page(string? account, string? cursor, int take, CancellationToken ct)
    {
        var where = new List<Condition> { new("type", Operator.Equal, "deadletter") };
        if (account is not null) where.Add(new("account", Operator.Equal, account));
        var page = await documents.Query(Collections.Work,
            new DocumentQuery { Where = where, OrderBy = "lastSeenAt", Descending = true, Take = take, Cursor = cursor }, ct);
        return ([.. page.Items.Select(Parse)], page.Cursor);
    }

    /// <summary>
    /// Publishes the fact again for its stage alone, under a new message id, since the broker drops one that it has
    /// seen; then the letter goes. If it fails again it comes back with its history.
    /// </summary>
    public async Task<bool> Retry(DeadLetter letter, CancellationToken ct)
    {
        if (letter.Fact is null) return false;
        var stored = await documents.Read(Collections.Work, Partition(letter.Account), letter.Id, ct);
        if (stored is null || Parse(stored) is not { Fact: { } fact } known) return true; // somebody else has done it
        var retry = new RetryHistory(known.Retries + 1, known.FirstSeenAt, known.Attempts);
        var counted = ToDocument(known with { Retries = retry.Number });
        if (await documents.Replace(Collections.Work, counted, stored.Etag, ct) is not { } etag) return true; // somebody else does it
        var again = fact with { Only = known.Stage, Resume = known.Committed, Retry = retry, Deadline = null };
        var messageId = Keys.Escape(string.Create(CultureInfo.InvariantCulture, $"{fact.Id}~{known.Stage}~{retry.Number}"));
        await bus.Publish([new OutgoingFact(again, messageId)], ct);
        // If it has failed again already, it is another letter under another etag, and stays.
        await documents.Delete(Collections.Work, Partition(letter.Account), letter.Id, etag, ct);
        return true;
    }

    public ValueTask Drop(DeadLetter letter, CancellationToken ct) =>
        documents.Delete(Collections.Work, Partition(letter.Account), letter.Id, ct);

    private ValueTask Save(DeadLetter letter, CancellationToken ct) =>
        documents.Upsert(Collections.Work, [ToDocument(letter)], ct);

    private static Document ToDocument(DeadLetter letter)
    {
        var fields = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["type"] = "deadletter", ["account"] = letter.Account, ["lastSeenAt"] = letter.LastSeenAt.ToUnixTimeMilliseconds(),
        };
        return new Document(Partition(letter.Account), letter.Id, JsonSerializer.SerializeToUtf8Bytes(letter, CrmJson.Types.DeadLetter), fields);
    }

    // The type and the place say why; a message may quote what a customer wrote, so only ours are kept.
    private static string Describe(Exception fault)
    {
        var text = new StringBuilder(fault.GetType().Name);
        if (fault is TransientException or InvalidOperationException) text.Append(": ").Append(fault.Message.Split('\n')[0]);
        if (fault.TargetSite is { } site) text.Append(CultureInfo.InvariantCulture, $" in {site.DeclaringType?.Name}.{site.Name}");
        return text.Length <= 300 ? text.ToString() : text.ToString(0, 300);
    }

    private static string Id(string stage, string factId) => Keys.Escape($"{stage}~{factId}");

    private static string Partition(string account) => $"{account}|deadletter";

    private static DeadLetter Parse(StoredDocument stored) => JsonSerializer.Deserialize(stored.Data.Span, CrmJson.Types.DeadLetter)!;
}
