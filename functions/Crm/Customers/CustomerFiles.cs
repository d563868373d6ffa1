using System.Text.Json;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Customers;

/// <summary>A customer as read, with the etag that its replacement needs.</summary>
public sealed record CustomerFile(Customer Customer, string Etag);

/// <summary>Reads and writes customer files. Writing is <see cref="CustomerCommit"/>'s business.</summary>
public sealed class CustomerFiles(IDocuments documents)
{
    public const string DocumentId = "customer";

    public async ValueTask<CustomerFile?> Read(string key, CancellationToken ct) =>
        await documents.Read(Collections.Customers, key, DocumentId, ct) is { } stored ? Parse(stored) : null;

    /// <summary>Writes a file that was read as <paramref name="before"/>; false if it has changed since.</summary>
    public async ValueTask<CustomerFile?> Write(CustomerFile? before, Customer next, CancellationToken ct)
    {
        var document = ToDocument(next);
        var etag = before is null
            ? await documents.Create(Collections.Customers, document, ct)
            : await documents.Replace(Collections.Customers, document, before.Etag, ct);
        return etag is null ? null : new CustomerFile(next, etag);
    }

    public static CustomerFile Parse(StoredDocument stored) =>
        new(JsonSerializer.Deserialize(stored.Data.Span, CrmJson.Types.Customer)!, stored.Etag);

    public static Document ToDocument(Customer customer)
    {
        var fields = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["type"] = "customer",
            ["account"] = Keys.Account(customer.Key),
            ["lastSeenAt"] = customer.LastSeenAt.ToUnixTimeMilliseconds(),
            ["stage"] = customer.Stage,
        };
        if (customer.Tags.Count > 0) fields["tags"] = customer.Tags.Select(t => t.Name).ToArray();
        if (customer.Outbox.Count > 0) fields["pending"] = customer.Outbox.Max(f => f.PublishedAt).ToUnixTimeMilliseconds();
        return new Document(customer.Key, DocumentId, JsonSerializer.SerializeToUtf8Bytes(customer, CrmJson.Types.Customer), fields);
    }
}
