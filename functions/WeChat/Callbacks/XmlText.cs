using System.Buffers;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>Characters that customers type and XML 1.0 cannot carry.</summary>
internal static class XmlText
{
    private const char Replacement = '\uFFFD';

    private static readonly SearchValues<char> Illegal = SearchValues.Create(
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000B\u000C\u000E\u000F"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\uFFFE\uFFFF");

    /// <summary>The text with each illegal character and lone surrogate replaced by U+FFFD; the same instance when there is none.</summary>
    public static string Legal(string text)
    {
        if (!text.AsSpan().ContainsAny(Illegal) && !HasLoneSurrogate(text)) return text;
        return string.Create(text.Length, text, static (span, source) =>
        {
            source.CopyTo(span);
            for (var i = 0; i < span.Length; i++)
            {
                if (IsPairAt(source, i)) i++;
                else if (char.IsSurrogate(span[i]) || Illegal.Contains(span[i])) span[i] = Replacement;
            }
        });
    }

    private static bool HasLoneSurrogate(string text)
    {
        var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        if (i < 0) return false;
        for (; i < text.Length; i++)
        {
            if (IsPairAt(text, i)) i++;
            else if (char.IsSurrogate(text[i])) return true;
        }

        return false;
    }

    private static bool IsPairAt(string text, int i) =>
        i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
}
