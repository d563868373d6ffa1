using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Replies;

/// <summary>A medium that rules may send, as it was given to us.</summary>
/// <param name="Name">1 to 40 of <c>a-z 0-9 -</c>.</param>
/// <param name="Version">Random: what is given anew under the name is another. Empty for the one that comes with the program.</param>
/// <param name="Type">WeChat's word: image, voice, video or thumb.</param>
/// <param name="ContentType">Of the bytes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="EditedBy">Who gave it; null for one that comes with the program.</param>
/// <param name="EditedAt">When.</param>
public sealed record MediaAsset(string Name, string Version, string Type, string ContentType, long Bytes, string? EditedBy, DateTimeOffset? EditedAt)
{
    /// <summary>May be the picture of a video or of music.</summary>
    [JsonIgnore]
    public bool IsThumb => ContentType == "image/jpeg" && Bytes <= 64 * 1024;
}

/// <summary>
/// The media of the rules, in <c>work</c> under <c>~all|media</c>, cut into parts that a document can hold. One comes
/// with the program, for the rules that a new installation starts with.
/// </summary>
public sealed partial class MediaAssets(IDocuments documents, TimeProvider clock)
{
    /// <summary>Largest medium, in bytes: WeChat's limit for pictures and videos.</summary>
    public const int MaxBytes = 10 * 1024 * 1024;

    private const string Partition = "~all|media";
    private const int PartBytes = 360 * 1024; // Base64 makes 480 KiB of it
    private const string BuiltIn = "tea-menu";
    private const int MaxAttempts = 10;

    public static bool IsName(string name) => Name().IsMatch(name);

    public async ValueTask<IReadOnlyList<MediaAsset>> List(CancellationToken ct)
    {
        var stored = await documents.List(Collections.Work, Partition, new IdRange(To: "~", Take: 1000), ct);
        var found = stored.Select(Parse).ToList();
        return found.Exists(a => a.Name == BuiltIn) ? found : [.. found, OfTheProgram];
    }

    /// <summary>What is known of one; null if there is none of this name.</summary>
    public async ValueTask<MediaAsset?> Find(string name, CancellationToken ct) =>
        !IsName(name) ? null
        : await documents.Read(Collections.Work, Partition, name, ct) is { } stored ? Parse(stored)
        : name == BuiltIn ? OfTheProgram : null;

    /// <summary>Its bytes; null if it has been replaced in the meantime.</summary>
    public async ValueTask<byte[]?> Read(MediaAsset asset, CancellationToken ct)
    {
        if (asset.Version.Length == 0) return Resource();
        var bytes = new byte[asset.Bytes];
        for (var (at, n) = (0, 0); at < bytes.Length; n++)
        {
            if (await documents.Read(Collections.Work, Partition, PartId(asset, n), ct) is not { } part) return null;
            var piece = JsonSerializer.Deserialize(part.Data.Span, CrmJson.Types.ByteArray)!;
            piece.CopyTo(bytes, at);
            at += piece.Length;
        }

        return bytes;
    }

    /// <summary>Keeps a medium under a name; whatever had it is replaced.</summary>
    public async ValueTask<MediaAsset> Save(string name, string type, string contentType, ReadOnlyMemory<byte> bytes, string by, CancellationToken ct)
    {
        var asset = new MediaAsset(name, RandomNumberGenerator.GetHexString(16, lowercase: true), type, contentType, bytes.Length, by, clock.GetUtcNow());
        // The parts first: who finds the asset finds its bytes. They stand under a version of their own, so that two who
        // give the same name something at the same moment do not write into each other's.
        for (var (at, n) = (0, 0); at < bytes.Length; at += PartBytes, n++)
        {
            var part = JsonSerializer.SerializeToUtf8Bytes(bytes.Slice(at, Math.Min(PartBytes, bytes.Length - at)).ToArray(), CrmJson.Types.ByteArray);
            await documents.Upsert(Collections.Work, [new Document(Partition, PartId(asset, n), part)], ct);
        }

        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var before = await documents.Read(Collections.Work, Partition, name, ct);
            var document = new Document(Partition, name, JsonSerializer.SerializeToUtf8Bytes(asset, CrmJson.Types.MediaAsset));
            var etag = before is null
                ? await documents.Create(Collections.Work, document, ct)
                : await documents.Replace(Collections.Work, document, before.Etag, ct);
            if (etag is null) continue;
            if (before is not null) await DeleteParts(Parse(before), ct);
            return asset;
        }

        throw new TransientException("Others keep giving this name something else.");
    }

    public async ValueTask<bool> Remove(string name, CancellationToken ct)
    {
        if (await Find(name, ct) is not { Version.Length: > 0 } asset) return false;
        await documents.Delete(Collections.Work, Partition, name, ct);
        await DeleteParts(asset, ct);
        return true;
    }

    private async ValueTask DeleteParts(MediaAsset asset, CancellationToken ct)
    {
        for (long n = 0; n * PartBytes < asset.Bytes; n++)
            await documents.Delete(Collections.Work, Partition, PartId(asset, n), ct);
    }

    // Behind all names, so that a list of the assets does not read their bytes.
    private static string PartId(MediaAsset asset, long n) => string.Create(CultureInfo.InvariantCulture, $"~{asset.Name}~{asset.Version}~{n:D3}");

    private static MediaAsset Parse(StoredDocument stored) => JsonSerializer.Deserialize(stored.Data.Span, CrmJson.Types.MediaAsset)!;

    private static MediaAsset OfTheProgram { get; } = new(BuiltIn, "", "image", "image/png", Resource().Length, null, null);

    private static byte[] Resource()
    {
        using var stream = typeof(MediaAssets).Assembly.GetManifestResourceStream("tea-menu.png")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    [GeneratedRegex(@"\A[a-z0-9-]{1,40}\z")]
    private static partial Regex Name();
}
