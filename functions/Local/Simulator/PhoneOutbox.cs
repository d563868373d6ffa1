using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;
using CrmServerless.Local.Sqlite;

namespace CrmServerless.Local.Simulator;

/// <summary>A message that arrived on a customer's phone.</summary>
public sealed record PhoneMessage(
    string Account, string Openid, string Type, string? Content, IReadOnlyList<PhoneArticle>? Articles, DateTimeOffset At);

public sealed record PhoneArticle(string? Title, string? Description, string? Url, string? PicUrl);

/// <summary>
/// What each phone received, in a file of its own: after a crash of the host it is the only impartial witness of how
/// often a customer was messaged.
/// </summary>
public sealed class PhoneOutbox : IDisposable
{
    private const string Collection = "outbox";

    private readonly SqliteDocuments documents;
    private long number;

    public PhoneOutbox(string path) => documents = new SqliteDocuments(path, [Collection]);

    public ValueTask Add(PhoneMessage message, CancellationToken ct)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{message.At.ToUnixTimeMilliseconds():D14}~{Environment.ProcessId}~{Interlocked.Increment(ref number):D9}");
        return documents.Upsert(Collection, [new Document(Keys.Escape(message.Openid), id, JsonSerializer.SerializeToUtf8Bytes(message, SimulatorJson.Types.PhoneMessage))], ct);
    }

    /// <summary>What a phone received, newest first.</summary>
    public async ValueTask<IReadOnlyList<PhoneMessage>> Read(string openId, int take, CancellationToken ct) =>
        [.. (await documents.List(Collection, Keys.Escape(openId), new IdRange(Take: take, Descending: true), ct))
            .Select(d => JsonSerializer.Deserialize(d.Data.Span, SimulatorJson.Types.PhoneMessage)!)];

    public void Dispose() => documents.Dispose();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PhoneMessage))]
[JsonSerializable(typeof(PhoneAct))]
[JsonSerializable(typeof(PhoneResult))]
[JsonSerializable(typeof(PowerCutReport))]
[JsonSerializable(typeof(BurstOrder))]
[JsonSerializable(typeof(BurstResult))]
[JsonSerializable(typeof(SimulatorStatus))]
[JsonSerializable(typeof(TroubleShares))]
[JsonSerializable(typeof(Crm.Api.ListOf<PhoneMessage>))]
public sealed partial class SimulatorJson : JsonSerializerContext
{
    /// <summary>These types, written with Chinese as it is instead of <c>\uXXXX</c>.</summary>
    public static SimulatorJson Types => types ??= new(Crm.Plain.Options(Default!.Options));

    // Made on first use: the generated half's static fields may be initialised after ours.
    private static SimulatorJson? types;
}
