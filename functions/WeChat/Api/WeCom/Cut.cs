using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>Where WeCom would cut silently, we cut ourselves: between code points, and with an ellipsis that shows it.</summary>
internal static class Cut
{
    private const string Ellipsis = "…";

    /// <summary>At most so many bytes of UTF-8.</summary>
    public static string Bytes(string text, int most)
    {
        if (Encoding.UTF8.GetByteCount(text) <= most) return text;
        var bytes = new byte[most - Encoding.UTF8.GetByteCount(Ellipsis)];
        // It stops before the character that does not fit, never inside one.
        var status = Utf8.FromUtf16(text, bytes, out var read, out _);
        return status == OperationStatus.DestinationTooSmall ? text[..read] + Ellipsis : text;
    }

    /// <summary>At most so many code points.</summary>
    public static string Characters(string text, int most)
    {
        if (text.Length <= most) return text;
        var (count, kept) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (++count > most) return text[..kept] + Ellipsis;
            if (count < most) kept += rune.Utf16SequenceLength;
        }

        return text;
    }
}
