namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>
/// What a medium is to WeChat, told by its first bytes: names and content types of files lie.
/// Rule: developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia.html. (A voice may also last 60 s at most, which only WeChat checks.)
/// </summary>
/// <param name="Type">As the upload calls it: image, voice, video or thumb.</param>
/// <param name="ContentType">Such as image/jpeg.</param>
/// <param name="Extension">Of a file name, without the dot.</param>
/// <param name="MostBytes">The largest that WeChat takes.</param>
public sealed record MediaKind(string Type, string ContentType, string Extension, int MostBytes)
{
    private const int Mebibyte = 1024 * 1024;

    private static readonly MediaKind Jpg = new("image", "image/jpeg", "jpg", 10 * Mebibyte);
    private static readonly MediaKind Png = new("image", "image/png", "png", 10 * Mebibyte);
    private static readonly MediaKind Gif = new("image", "image/gif", "gif", 10 * Mebibyte);
    private static readonly MediaKind Bmp = new("image", "image/bmp", "bmp", 10 * Mebibyte);
    private static readonly MediaKind Amr = new("voice", "audio/amr", "amr", 2 * Mebibyte);
    private static readonly MediaKind Mp3 = new("voice", "audio/mpeg", "mp3", 2 * Mebibyte);
    private static readonly MediaKind Mp4 = new("video", "video/mp4", "mp4", 10 * Mebibyte);

    /// <summary>The still of a video, the cover of music or of a mini program's page: a JPG of 64 KB.</summary>
    private static readonly MediaKind Thumb = Jpg with { Type = "thumb", MostBytes = 64 * 1024 };

    /// <summary>The kind, or null: nothing that WeChat takes.</summary>
    public static MediaKind? Of(ReadOnlySpan<byte> content) => content switch
    {
        [0xFF, 0xD8, 0xFF, ..] => Jpg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => Gif,
        // "BM", and two reserved fields that are 0: two letters alone would take in any text.
        [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => Bmp,
        [(byte)'#', (byte)'!', (byte)'A', (byte)'M', (byte)'R', ..] => Amr,
        [(byte)'I', (byte)'D', (byte)'3', ..] => Mp3,
        [0xFF, var second, ..] when IsMp3Frame(second) => Mp3,
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', var a, var b, var c, _, ..] when IsVideo(a, b, c) => Mp4,
        _ => null,
    };

    /// <summary>Why WeChat does not take it; null if it does.</summary>
    public static string? Fault(ReadOnlySpan<byte> content, bool thumb = false) => Of(content) switch
    {
        null => "No medium that WeChat takes: JPG, PNG, GIF, BMP; AMR, MP3; MP4.",
        var kind when thumb && kind != Jpg => "A cover must be a JPG.",
        var kind when content.Length > (thumb ? Thumb : kind).MostBytes => $"{content.Length} bytes; WeChat takes {(thumb ? Thumb : kind).MostBytes} of {(thumb ? Thumb : kind).Type}.",
        _ => null,
    };

    /// <summary>The kind of what is to be uploaded.</summary>
    /// <param name="content">All of it.</param>
    /// <param name="thumb">It is to be a cover.</param>
    /// <exception cref="ArgumentException">WeChat does not take it: the message says what it takes.</exception>
    public static MediaKind Required(ReadOnlySpan<byte> content, bool thumb = false)
    {
        if (Fault(content, thumb) is { } fault) throw new ArgumentException(fault, nameof(content));
        return thumb ? Thumb : Of(content)!;
    }

    // Layer III of MPEG 1, 2 or 2.5 behind the eleven bits of a frame's start.
    private static bool IsMp3Frame(byte second) => (second & 0xE0) == 0xE0 && (second & 0x18) != 0x08 && (second & 0x06) == 0x02;

    // The same box begins pictures (heic, avif), sound (M4A) and QuickTime.
    private static bool IsVideo(byte a, byte b, byte c) =>
        (a, b, c) is not ((byte)'h', (byte)'e', _) and not ((byte)'m', (byte)'i', (byte)'f') and not ((byte)'a', (byte)'v', (byte)'i')
            and not ((byte)'M', (byte)'4', (byte)'A') and not ((byte)'q', (byte)'t', (byte)' ');
}
