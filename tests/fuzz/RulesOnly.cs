using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Rules;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Fuzz;

/// <summary>A store that holds the rules of a new installation, and forgets what it is given.</summary>
internal sealed class RulesOnly : IDocuments
{
    private static readonly Dictionary<string, IReadOnlyList<StoredDocument>> Rules = RuleBook.Defaults().ToDictionary(
        kind => $"~all|rule.{kind.Key}",
        kind => (IReadOnlyList<StoredDocument>)[.. kind.Value.Select(rule => new StoredDocument($"~all|rule.{kind.Key}", rule.Id, "1", JsonSerializer.SerializeToUtf8Bytes(rule, CrmJson.Types.Rule)))],
        StringComparer.Ordinal);

    public ValueTask<StoredDocument?> Read(string collection, string partition, string id, CancellationToken ct) => new((StoredDocument?)null);

    public ValueTask<string?> Create(string collection, Document document, CancellationToken ct) => new("1");

    public ValueTask<string?> Replace(string collection, Document document, string etag, CancellationToken ct) => new("1");

    public ValueTask<bool> Delete(string collection, string partition, string id, string etag, CancellationToken ct) => new(false);

    public ValueTask Delete(string collection, string partition, string id, CancellationToken ct) => default;

    public ValueTask Upsert(string collection, IReadOnlyList<Document> documents, CancellationToken ct) => default;

    public ValueTask<IReadOnlyList<StoredDocument>> List(string collection, string partition, IdRange range, CancellationToken ct) =>
        new(Rules.GetValueOrDefault(partition) ?? []);

    public ValueTask<DocumentPage> Query(string collection, DocumentQuery query, CancellationToken ct) => new(new DocumentPage([], null));

    public ValueTask DeletePartition(string collection, string partition, CancellationToken ct) => default;
}
