namespace CrmServerless.Crm.Storage;

/// <summary>
/// The one storage port. Collections are <see cref="Collections"/>; a document is addressed by collection, partition
/// and id, and carries an etag. What every adapter must keep is written down in the suite <c>DocumentsContract</c>.
/// </summary>
/// <remarks>
/// Limits on every adapter: partitions and ids as <see cref="Messaging.Keys"/> allows (1 to 120 bytes), a document at
/// most <see cref="MaxBytes"/>; both answered by <see cref="ArgumentException"/>. A store that cannot be reached
/// throws <see cref="Messaging.TransientException"/>.
/// </remarks>
public interface IDocuments
{
    /// <summary>Largest document, in bytes of JSON.</summary>
    public const int MaxBytes = 512 * 1024;

    /// <summary>The document, or null.</summary>
    ValueTask<StoredDocument?> Read(string collection, string partition, string id, CancellationToken ct);

    /// <summary>Writes a new document; its etag, or null if one is there already.</summary>
    ValueTask<string?> Create(string collection, Document document, CancellationToken ct);

    /// <summary>Replaces a document if it still carries the etag; the new etag, or null if it does not.</summary>
    ValueTask<string?> Replace(string collection, Document document, string etag, CancellationToken ct);

    /// <summary>Deletes a document if it still carries the etag; false if it does not or is gone.</summary>
    ValueTask<bool> Delete(string collection, string partition, string id, string etag, CancellationToken ct);

    /// <summary>Deletes a document whatever its etag; no error if it is gone.</summary>
    ValueTask Delete(string collection, string partition, string id, CancellationToken ct);

    /// <summary>
    /// Writes documents, new or not. All are durable when the task completes; if it throws, some may be. Documents of
    /// one partition go together, up to 100 a round trip.
    /// </summary>
    ValueTask Upsert(string collection, IReadOnlyList<Document> documents, CancellationToken ct);

    /// <summary>One partition by id, in ordinal order of ids.</summary>
    ValueTask<IReadOnlyList<StoredDocument>> List(string collection, string partition, IdRange range, CancellationToken ct);

    /// <summary>The search screens: filters over <see cref="Document.Fields"/>, one named order, paged.</summary>
    ValueTask<DocumentPage> Query(string collection, DocumentQuery query, CancellationToken ct);

    /// <summary>Deletes all documents of a partition.</summary>
    ValueTask DeletePartition(string collection, string partition, CancellationToken ct);
}

/// <param name="Partition">Partition key.</param>
/// <param name="Id">Id, unique in its partition.</param>
/// <param name="Data">The JSON of the document, UTF-8; never searched.</param>
/// <param name="Fields">
/// The few values that <see cref="IDocuments.Query"/> can filter and order by: string, long, bool or string[]. Null
/// for a document that no search screen lists.
/// </param>
public sealed record Document(
    string Partition, string Id, ReadOnlyMemory<byte> Data, IReadOnlyDictionary<string, object>? Fields = null);

/// <param name="Partition">Partition key.</param>
/// <param name="Id">Id, unique in its partition.</param>
/// <param name="Etag">Opaque; changes with every write.</param>
/// <param name="Data">The JSON of the document, UTF-8.</param>
public sealed record StoredDocument(string Partition, string Id, string Etag, ReadOnlyMemory<byte> Data);

/// <param name="From">First id, inclusive; null from the start.</param>
/// <param name="To">Last id, exclusive; null to the end.</param>
/// <param name="Take">At most this many.</param>
/// <param name="Descending">Greatest id first. An adapter that cannot throws <see cref="NotSupportedException"/>.</param>
public sealed record IdRange(string? From = null, string? To = null, int Take = 100, bool Descending = false)
{
    /// <summary>All ids that start with a text of the legal alphabet.</summary>
    public static IdRange StartingWith(string prefix, int take, bool descending = false) =>
        new(prefix, prefix + "\u007f", take, descending);
}

/// <summary>A filter query. All conditions must hold.</summary>
public sealed record DocumentQuery
{
    /// <summary>Only this partition; null for all.</summary>
    public string? Partition { get; init; }

    public IReadOnlyList<Condition> Where { get; init; } = [];

    /// <summary>The field that orders the result (documents without it are left out); null for no particular order.</summary>
    public string? OrderBy { get; init; }

    public bool Descending { get; init; }

    /// <summary>Page size, 1 to 1000.</summary>
    public int Take { get; init; } = 50;

    /// <summary>Where the page before ended; null for the first.</summary>
    public string? Cursor { get; init; }
}

/// <param name="Field">Name of one of <see cref="Document.Fields"/>.</param>
/// <param name="Operator">How to compare.</param>
/// <param name="Value">string, long or bool.</param>
public sealed record Condition(string Field, Operator Operator, object Value);

public enum Operator
{
    /// <summary>The field has the value.</summary>
    Equal,

    /// <summary>The field is at least the value (ordinal for strings).</summary>
    AtLeast,

    /// <summary>The field is below the value (ordinal for strings).</summary>
    Below,

    /// <summary>The field is an array that has the value.</summary>
    Contains,
}

/// <param name="Items">The documents.</param>
/// <param name="Cursor">Hand it back for the next page; null at the end.</param>
public sealed record DocumentPage(IReadOnlyList<StoredDocument> Items, string? Cursor);

/// <summary>The four collections.</summary>
public static class Collections
{
    /// <summary>Partition = key: the customer, the timeline, the send ledger; everything about a person in one place.</summary>
    public const string Customers = "customers";

    /// <summary>Partition = <c>account|type</c>: alerts, rules, reports, dead letters, jobs.</summary>
    public const string Work = "work";

    /// <summary>Partition = <c>account|day|shard</c>: one small row a fact, without openid or text; kept 90 days.</summary>
    public const string Stats = "stats";

    /// <summary>Events that the bus did not take, until upkeep publishes them.</summary>
    public const string Spill = "spill";

    public static IReadOnlyList<string> All { get; } = [Customers, Work, Stats, Spill];
}
