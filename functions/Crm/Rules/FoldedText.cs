using System.Globalization;
using System.Text;

namespace CrmServerless.Crm.Rules;

/// <summary>
/// Text as words are looked for in it: NFKC (full and half width, circled letters), lower case, and without what people
/// put between the characters of a word to hide it (<c>维*权</c>, <c>维 权</c>, zero-width characters). Every folded
/// character remembers where it stood, so that a hit can be shown in the original.
/// </summary>
/// <remarks>Sentence punctuation and line breaks stay: a word does not reach from one sentence into the next.</remarks>
public sealed class FoldedText
{
    /// <summary>More separators than this between two characters are not one word any more.</summary>
    private const int MaxSeparators = 6;

    private readonly int[] origins;

    private FoldedText(string original, string folded, int[] origins)
    {
        Original = original;
        Folded = folded;
        this.origins = origins;
    }

    public string Original { get; }

    public string Folded { get; }

    public static FoldedText Of(string original)
    {
        var folded = new StringBuilder(original.Length);
        var origins = new List<int>(original.Length);
        var position = 0;
        foreach (var rune in original.EnumerateRunes())
        {
            foreach (var c in Fold(rune).AsSpan())
            {
                folded.Append(c);
                origins.Add(position);
            }

            position += rune.Utf16SequenceLength;
        }

        return new FoldedText(original, folded.ToString(), [.. origins]);
    }

    /// <summary>A word as it must be written to be found in folded text.</summary>
    public static string Word(string word) => Of(word).Folded;

    /// <summary>Where a folded word first occurs, as a range of the original text; null if it does not.</summary>
    public Range? Find(string foldedWord)
    {
        if (foldedWord.Length == 0) return null;
        for (var at = 0; (at = Folded.IndexOf(foldedWord, at, StringComparison.Ordinal)) >= 0; at++)
        {
            var (start, end) = (origins[at], EndOf(at + foldedWord.Length - 1));
            if (IsOneWord(foldedWord, at, start, end)) return start..end;
        }

        return null;
    }

    public bool Contains(string foldedWord) => Find(foldedWord) is not null;

    private int EndOf(int index)
    {
        var start = origins[index];
        return start + (Rune.TryGetRuneAt(Original, start, out var rune) ? rune.Utf16SequenceLength : 1);
    }

    // "is bad" must not read as "sb": a word of Latin letters stands alone and is not spread over spaces.
    private bool IsOneWord(string word, int at, int start, int end)
    {
        if (end - start > word.Length + (MaxSeparators * (word.Length - 1)) + 2) return false;
        if (!IsLatin(word)) return true;
        return !Original.AsSpan(start, end - start).ContainsAny(' ', '\t', '\u3000')
            && !TouchesLatin(at - 1, start, before: true)
            && !TouchesLatin(at + word.Length, end, before: false);
    }

    private bool TouchesLatin(int folded, int original, bool before)
    {
        if (folded < 0 || folded >= Folded.Length || !char.IsAsciiLetterOrDigit(Folded[folded])) return false;
        return before ? EndOf(folded) == original : origins[folded] == original;
    }

    private static bool IsLatin(string word) => !word.AsSpan().ContainsAnyExceptInRange('\u0000', '\u007f');

    private static string Fold(Rune rune)
    {
        if (rune.Value is >= 0x4E00 and <= 0x9FFF) return rune.ToString();
        if (rune.IsAscii) return IsSeparator(rune) ? "" : Rune.ToLowerInvariant(rune).ToString();
        if (IsSeparator(rune)) return "";
        var folded = new StringBuilder();
        foreach (var part in Normal(rune).EnumerateRunes())
            if (!IsSeparator(part)) folded.Append(Rune.ToLowerInvariant(part));
        return folded.ToString();
    }

    // A lone surrogate has become U+FFFD in EnumerateRunes, so Normalize cannot throw here.
    private static string Normal(Rune rune) => rune.ToString().Normalize(NormalizationForm.FormKC);

    private static bool IsSeparator(Rune rune)
    {
        if (rune.IsAscii) return " \t*-_~+=|/\\^`'\"#@&$%<>()[]{}.".Contains((char)rune.Value, StringComparison.Ordinal);
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark or UnicodeCategory.ModifierSymbol or UnicodeCategory.MathSymbol
                or UnicodeCategory.OtherSymbol or UnicodeCategory.DashPunctuation or UnicodeCategory.ConnectorPunctuation => true,
            _ => rune.Value is 0x00B7 or 0x30FB or 0x2022 or 0x2027 or 0x3164 or 0x115F or 0x1160,
        };
    }
}
