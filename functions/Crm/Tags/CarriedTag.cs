using System.Text.Json;
using System.Text.Json.Serialization;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Tags;

/// <summary>What WeChat knows of one tag of one customer: the ledger of the stage <c>tag</c>.</summary>
/// <param name="Tag">Its name.</param>
/// <param name="Given">Whether the customer has it there, or was to have it.</param>
/// <param name="State">What became of it.</param>
/// <param name="Code">WeChat's errcode, where it refused.</param>
/// <param name="Reason">Why it was not carried, where WeChat was not asked.</param>
/// <param name="At">When.</param>
public sealed record CarriedTag(string Tag, bool Given, CarriedState State, int? Code, string? Reason, DateTimeOffset At);

[JsonConverter(typeof(LowerCaseEnum<CarriedState>))]
public enum CarriedState
{
    /// <summary>WeChat has it so.</summary>
    Carried,

    /// <summary>WeChat refused, for good.</summary>
    Refused,

    /// <summary>There was nobody to ask, or it waits for something for too long.</summary>
    Skipped,
}

/// <summary>The ledger, in the customer's partition: <c>carried.{tag}</c>.</summary>
public sealed class CarriedTags(IDocuments documents)
{
    private const string Prefix = "carried.";

    /// <summary>More than a customer has tags.</summary>
    private const int Most = 200;

    public async ValueTask<CarriedTag?> Find(string key, string tag, CancellationToken ct) =>
        await documents.Read(Collections.Customers, key, Id(tag), ct) is { } stored ? Parse(stored) : null;

    public async ValueTask<IReadOnlyList<CarriedTag>> List(string key, CancellationToken ct) =>
        [.. (await documents.List(Collections.Customers, key, IdRange.StartingWith(Prefix, Most), ct)).Select(Parse)];

    public ValueTask Note(string key, CarriedTag tag, CancellationToken ct) =>
        documents.Upsert(Collections.Customers, [new Document(key, Id(tag.Tag), JsonSerializer.SerializeToUtf8Bytes(tag, CrmJson.Types.CarriedTag))], ct);

    private static string Id(string tag) => Keys.Escape(Prefix + tag);

    private static CarriedTag Parse(StoredDocument stored) => JsonSerializer.Deserialize(stored.Data.Span, CrmJson.Types.CarriedTag)!;
}
