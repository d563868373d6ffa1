using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace CrmServerless.Local.Simulator.Front;

/// <param name="Id">The media_id.</param>
/// <param name="Owner">The account, or the corp, that uploaded it.</param>
/// <param name="Type">image, voice, video, thumb or file.</param>
/// <param name="ContentType">What its bytes are.</param>
/// <param name="FileName">Under which name it came.</param>
/// <param name="At">When.</param>
public sealed record Medium(string Id, string Owner, string Type, string ContentType, string FileName, DateTimeOffset At);

/// <summary>Temporary media: three days, in files beside the simulator's database.</summary>
public sealed class MediaStore(SimulatorStore store, string folder)
{
    /// <summary>How long a medium can be used.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(3);

    // What a customer's phone sends in a play of ours has these ids.
    private static readonly Dictionary<string, (string ContentType, string Name, byte[] Bytes)> OfPhones = new(StringComparer.Ordinal)
    {
        ["media-1"] = ("image/png", "photo.png", Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkqP9fDwAEEQIBKZ3u1QAAAABJRU5ErkJggg==")),
        ["media-2"] = ("audio/amr", "voice.amr", [.. "#!AMR\n"u8]),
    };

    private readonly Lock gate = new();
    private Kept<Medium>? kept;

    private Kept<Medium> Media => kept ??= new(store, "media", MediumJson.Default.Medium, m => m.Id);

    /// <summary>Keeps a medium.</summary>
    public Medium Add(string owner, string type, string contentType, string fileName, byte[] bytes, DateTimeOffset now)
    {
        var medium = new Medium(RandomNumberGenerator.GetHexString(64, lowercase: true), owner, type, contentType, fileName, now);
        lock (gate)
        {
            Directory.CreateDirectory(folder);
            foreach (var over in Media.All.Where(m => now - m.At > Life).ToList())
            {
                File.Delete(Path(over.Id));
                Media.Remove(over.Id);
            }

            File.WriteAllBytes(Path(medium.Id), bytes);
            Media.Put(medium);
        }

        return medium;
    }

    /// <summary>The medium, if this owner may still use it as this type.</summary>
    public Medium? Find(string owner, string id, string? type, DateTimeOffset now)
    {
        lock (gate)
            return Media.Find(id) is { } medium && medium.Owner == owner && (type is null || medium.Type == type) && now - medium.At <= Life ? medium : null;
    }

    /// <summary>The medium and its bytes, whoever asks; also those that customers' phones send. Null if it is over.</summary>
    public (Medium Medium, byte[] Bytes)? Read(string id, DateTimeOffset now)
    {
        if (OfPhones.TryGetValue(id, out var own)) return (new Medium(id, "", "image", own.ContentType, own.Name, now), own.Bytes);
        lock (gate)
            return Media.Find(id) is { } medium && now - medium.At <= Life && File.Exists(Path(id)) ? (medium, File.ReadAllBytes(Path(id))) : null;
    }

    /// <summary>Seconds since 1970, as both platforms give the time of an upload.</summary>
    public static string CreatedAt(Medium medium) => medium.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    // Ids are ours, 64 hexadecimal digits: none leads out of the folder.
    private string Path(string id) => System.IO.Path.Combine(folder, id);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Medium))]
public sealed partial class MediumJson : JsonSerializerContext;
