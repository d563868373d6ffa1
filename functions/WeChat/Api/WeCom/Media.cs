using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>What WeCom tells apart.</summary>
public enum MediaKind
{
    /// <summary>JPG or PNG, up to 10 MB.</summary>
    Image,

    /// <summary>AMR, up to 2 MB and 60 s.</summary>
    Voice,

    /// <summary>MP4, up to 10 MB.</summary>
    Video,

    /// <summary>Anything, up to 20 MB.</summary>
    File,
}

/// <summary>A file to upload, of more than 5 bytes.</summary>
/// <param name="FileName">As people see it, where it is sent as a file.</param>
/// <param name="Content">The bytes.</param>
public sealed record MediaFile(string FileName, ReadOnlyMemory<byte> Content) : WireRecord
{
    private const int Megabyte = 1024 * 1024;

    /// <summary>By the first bytes: names and declared types are not to be trusted.</summary>
    public MediaKind Kind => Content.Span switch
    {
        [0xFF, 0xD8, 0xFF, ..] or [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => MediaKind.Image,
        [(byte)'#', (byte)'!', (byte)'A', (byte)'M', (byte)'R', ..] => MediaKind.Voice,
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => MediaKind.Video,
        _ => MediaKind.File,
    };

    internal static string Name(MediaKind kind) => kind switch
    {
        MediaKind.Image => "image", MediaKind.Voice => "voice", MediaKind.Video => "video", _ => "file",
    };

    internal void Check(MediaKind kind, int? most = null)
    {
        // Everything may be sent as a file.
        WeComLimits.Rule(kind == MediaKind.File || kind == Kind, $"WeCom takes {Formats(kind)} as {Name(kind)}, and this is something else.", "media");
        WeComLimits.Rule(Content.Length > 5, "WeCom takes files of more than 5 bytes.", "media");
        var limit = most ?? kind switch { MediaKind.Voice => 2 * Megabyte, MediaKind.File => 20 * Megabyte, _ => 10 * Megabyte };
        WeComLimits.Rule(Content.Length <= limit, $"WeCom takes {limit / Megabyte} MB as {Name(kind)}, not {Content.Length} bytes.", "media");
    }

    /// <summary>As WeCom documents it. What .NET would write differs (names without quotation marks, a second name in another encoding), and is not understood.</summary>
    internal HttpContent Multipart()
    {
        var name = new string([.. FileName.Where(c => !char.IsControl(c) && c is not '"' and not '\\' and not '/')]);
        var part = new ReadOnlyMemoryContent(Content);
        part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"media\"; filename=\"{name}\"; filelength={Content.Length}");
        part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        var boundary = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var whole = new MultipartContent("form-data", boundary) { part };
        whole.HeaderEncodingSelector = static (_, _) => Encoding.UTF8;
        whole.Headers.Remove("Content-Type");
        whole.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={boundary}");
        return whole;
    }

    private static string Formats(MediaKind kind) => kind switch { MediaKind.Image => "JPG and PNG", MediaKind.Voice => "AMR", _ => "MP4" };
}

/// <summary>Something uploaded.</summary>
public sealed record UploadedMedia : WireRecord
{
    private const int Days = 3;

    public required string MediaId { get; init; }

    /// <summary>image, voice, video or file.</summary>
    public string? Type { get; init; }

    /// <summary>Unix seconds; a string on the wire.</summary>
    public long CreatedAt { get; init; }

    /// <summary>From when on the id is of no use.</summary>
    [JsonIgnore]
    public DateTimeOffset ExpiresAt => DateTimeOffset.FromUnixTimeSeconds(CreatedAt).AddDays(Days);
}

/// <param name="Url">Shown in WeCom's messages only.</param>
public sealed record UploadedImage(string Url) : WireRecord;

/// <summary>A medium.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="ContentType">As WeCom says.</param>
/// <param name="FileName">As WeCom says; null where it does not.</param>
public sealed record MediaContent(ReadOnlyMemory<byte> Content, string ContentType, string? FileName) : WireRecord;
