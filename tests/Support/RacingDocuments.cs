using CrmServerless.Crm.Storage;

namespace CrmServerless.Tests.Support;

/// <summary>Lets somebody else in after the next read: the moment at which a lost update would happen.</summary>
public sealed class RacingDocuments(IDocuments inner) : IDocuments
{
    public Func<Task>? AfterRead { get; set; }

    /// <summary>Thrown by every write while set.</summary>
    public Exception? WriteFault { get; set; }

    public async ValueTask<StoredDocument?> Read(string collection, string partition, string id, CancellationToken ct)
    {
        var read = await inner.Read(collection, partition, id, ct);
        if (AfterRead is not { } race) return read;
        AfterRead = null;
        await race();
        return read;
    }

    public ValueTask<string?> Create(string collection, Document document, CancellationToken ct) =>
        WriteFault is null ? inner.Create(collection, document, ct) : throw WriteFault;

    public ValueTask<string?> Replace(string collection, Document document, string etag, CancellationToken ct) =>
        WriteFault is null ? inner.Replace(collection, document, etag, ct) : throw WriteFault;

    public ValueTask<bool> Delete(string collection, string partition, string id, string etag, CancellationToken ct) =>
        WriteFault is null ? inner.Delete(collection, partition, id, etag, ct) : throw WriteFault;

    public ValueTask Delete(string collection, string partition, string id, CancellationToken ct) =>
        WriteFault is null ? inner.Delete(collection, partition, id, ct) : throw WriteFault;

    public ValueTask Upsert(string collection, IReadOnlyList<Document> documents, CancellationToken ct) =>
        WriteFault is null ? inner.Upsert(collection, documents, ct) : throw WriteFault;

    public ValueTask<IReadOnlyList<StoredDocument>> List(string collection, string partition, IdRange range, CancellationToken ct) =>
        inner.List(collection, partition, range, ct);

    public ValueTask<DocumentPage> Query(string collection, DocumentQuery query, CancellationToken ct) => inner.Query(collection, query, ct);

    public ValueTask DeletePartition(string collection, string partition, CancellationToken ct) => inner.DeletePartition(collection, partition, ct);
}
