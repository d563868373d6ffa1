namespace CrmServerless.Local.Simulator.Front;

/// <summary>What bytes are, told by themselves: file names and content types are what a caller says.</summary>
public static class MediaKinds
{
    // Bytes of a frame of 20 ms after its header, by the frame's type (3GPP TS 26.101).
    private static readonly int[] AmrFrames = [12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The content type; null if it is none of those that a platform takes.</summary>
    public static string? Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47])) return "image/png";
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return "image/jpeg";
        if (bytes.StartsWith("GIF8"u8)) return "image/gif";
        if (bytes.StartsWith("BM"u8)) return "image/bmp";
        if (bytes.StartsWith("#!AMR"u8)) return "audio/amr";
        if (bytes.StartsWith("ID3"u8) || (bytes.Length > 1 && bytes[0] == 0xFF && (bytes[1] & 0xE0) == 0xE0)) return "audio/mpeg";
        return bytes.Length > 8 && bytes[4..].StartsWith("ftyp"u8) ? "video/mp4" : null;
    }

    /// <summary>How long an AMR recording is; null for anything else.</summary>
    public static TimeSpan? Duration(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("#!AMR\n"u8)) return null;
        var frames = 0;
        for (var at = 6; at < bytes.Length; at += 1 + AmrFrames[(bytes[at] >> 3) & 0x0F]) frames++;
        return TimeSpan.FromMilliseconds(20 * frames);
    }
}
