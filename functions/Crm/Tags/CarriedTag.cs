using System.Text.Json;
using System.Text.Json.Serialization;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;
using CrmServerless.WeChat.Api;

namespace CrmServerless.Crm.Tags;

/// <summary>What WeChat knows of one tag of one customer: the ledger of the stage <c>tag</c>.</summary>
/// <param name="Tag">Its name.</param>
/// <param name="Given">Whether the customer has it there, or was to have it.</param>
/// <param name="State">What became of it.</param>
/// <param name="Code">WeChat's errcode, where it refused.</param>
/// <param name="Reason">Why it was not carried, where WeChat was not asked.</param>
/// <param name="At">When.</param>
public sealed record CarriedTag(string Tag, bool Given, CarriedState State, int? Code, string? Reason, DateTimeOffset At)
{
    /// <summary>WeCom: nobody of the staff has the customer, and its tags are those of a colleague's customer.</summary>
    public const string NoStaff = "no-staff";

    /// <summary>What became of a call that is not made again; null: there was nobody to ask for.</summary>
    public static CarriedTag Of(string tag, bool given, ApiResult? result, DateTimeOffset at) => result switch
    {
        null => new(tag, given, CarriedState.Skipped, null, NoStaff, at),
        { Ok: true } => new(tag, given, CarriedState.Carried, null, null, at),
        _ when Postponement.Concerns(result) => new(tag, given, CarriedState.Skipped, result.ErrCode, SkipReasons.Of(result.ErrCode), at),
        _ => new(tag, given, CarriedState.Refused, result.ErrCode, null, at),
    };
}

/// <summary>What became of a customer's tags for a colleague who got him after they were given.</summary>
/// <param name="StaffId">The colleague.</param>
/// <param name="Fact">The fact that told of him: another one, should he lose the customer and get him again.</param>
/// <param name="Tags">Those that are done.</param>
public sealed record SharedTags(string StaffId, string Fact, IReadOnlyList<CarriedTag> Tags);

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

/// <summary>The ledger, in the customer's partition: <c>carried.{tag}</c>, and <c>shared.{userid}</c> for a colleague who came later.</summary>
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

    public async ValueTask<SharedTags?> Shared(string key, string staffId, CancellationToken ct) =>
        await documents.Read(Collections.Customers, key, SharedId(staffId), ct) is { } stored
            ? JsonSerializer.Deserialize(stored.Data.Span, CrmJson.Types.SharedTags)
            : null;

    public ValueTask Note(string key, SharedTags shared, CancellationToken ct) => documents.Upsert(
        Collections.Customers, [new Document(key, SharedId(shared.StaffId), JsonSerializer.SerializeToUtf8Bytes(shared, CrmJson.Types.SharedTags))], ct);

    // Userids do not tell upper case from lower.
    private static string SharedId(string staffId) => Keys.Escape("shared." + staffId.ToLowerInvariant());

    private static string Id(string tag) => Keys.Escape(Prefix + tag);

    private static CarriedTag Parse(StoredDocument stored) => JsonSerializer.Deserialize(stored.Data.Span, CrmJson.Types.CarriedTag)!;
}
