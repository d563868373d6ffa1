using System.Globalization;
using System.Text;

namespace CrmServerless.Crm.Rules;

/// <summary>
/// Text as words are looked for in it: NFKC (full and half width, circled letters), lower case, and without what people
/// put on or between the characters of a word to hide it (<c>维*权</c>, <c>维 权</c>, accents, zero-width characters).
/// Every folded character remembers where it stood, so that a hit can be shown in the original.
/// </summary>
/// <remarks>
/// Sentence punctuation and line breaks stay: a word does not reach from one sentence into the next. A space between
/// two Latin letters or digits stays too, so "is bad" is not "sb", "3 1 5" is not "315", and "thank you" can be looked for.
/// </remarks>
public sealed class FoldedText
{
    /// <summary>More visible separators than this between two characters, and they are not one word any more.</summary>
    private const int MaxSeparators = 6;

    // The voiced marks of half-width katakana: characters of their own there, part of the letter elsewhere.
    private const char Dakuten = '\u3099', Handakuten = '\u309A';

    private readonly int[] starts, ends;

    private FoldedText(string original, string folded, int[] starts, int[] ends)
    {
        Original = original;
        Folded = folded;
        this.starts = starts;
        this.ends = ends;
    }

    public string Original { get; }

    public string Folded { get; }

    public static FoldedText Of(string original)
    {
        var folded = new StringBuilder(original.Length);
        var (starts, ends) = (new List<int>(original.Length), new List<int>(original.Length));
        var (position, space) = (0, -1);
        foreach (var rune in original.EnumerateRunes())
        {
            var end = position + rune.Utf16SequenceLength;
            var letters = Fold(rune);
            if (letters is " ")
            {
                if (space < 0) space = position;
            }
            else if (letters is [Dakuten or Handakuten])
            {
                if (Voice(folded, letters[0])) ends[^1] = end;
            }
            else if (letters.Length > 0)
            {
                if (space >= 0 && folded.Length > 0 && char.IsAsciiLetterOrDigit(folded[^1]) && char.IsAsciiLetterOrDigit(letters[0]))
                    Append(' ', space, space + 1);
                space = -1;
                foreach (var c in letters) Append(c, position, end);
            }

            position = end;
        }

        return new FoldedText(original, folded.ToString(), [.. starts], [.. ends]);

        void Append(char c, int from, int to)
        {
            folded.Append(c);
            starts.Add(from);
            ends.Add(to);
        }
    }

    /// <summary>A word as it must be written to be found in folded text.</summary>
    public static string Word(string word) => Of(word).Folded;

    /// <summary>Where a folded word first occurs, as a range of the original text; null if it does not.</summary>
    public Range? Find(string foldedWord)
    {
        if (foldedWord.Length == 0) return null;
        for (var at = 0; (at = Folded.IndexOf(foldedWord, at, StringComparison.Ordinal)) >= 0; at++)
        {
            var last = at + foldedWord.Length - 1;
            if (HangsTogether(at, last) && (!IsLatin(foldedWord) || StandsAlone(at, last))) return starts[at]..ends[last];
        }

        return null;
    }

    public bool Contains(string foldedWord) => Find(foldedWord) is not null;

    private bool HangsTogether(int first, int last)
    {
        for (var i = first + 1; i <= last; i++)
            if (starts[i] - ends[i - 1] > MaxSeparators && Visible(Original.AsSpan(ends[i - 1]..starts[i])) > MaxSeparators) return false;
        return true;
    }

    private static int Visible(ReadOnlySpan<char> separators)
    {
        var count = 0;
        foreach (var rune in separators.EnumerateRunes())
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)) count++;
        return count;
    }

    // Neither part of a longer word or number nor of a character that folds to several.
    private bool StandsAlone(int first, int last) =>
        !(first > 0 && char.IsAsciiLetterOrDigit(Folded[first - 1]) && ends[first - 1] >= starts[first])
        && !(last + 1 < Folded.Length && char.IsAsciiLetterOrDigit(Folded[last + 1]) && starts[last + 1] <= ends[last]);

    private static bool IsLatin(string word) => !word.AsSpan().ContainsAnyExceptInRange('\u0000', '\u007f');

    private static bool Voice(StringBuilder folded, char mark)
    {
        if (folded.Length == 0) return false;
        var voiced = string.Concat(folded[^1].ToString(), mark.ToString()).Normalize();
        if (voiced.Length == 1) folded[^1] = voiced[0];
        return voiced.Length == 1;
    }

    private static string Fold(Rune rune)
    {
        if (rune.Value is >= 0x4E00 and <= 0x9FFF) return rune.ToString();
        if (rune.IsAscii) return rune.Value is ' ' or '\t' ? " " : IsSeparator(rune) ? "" : Rune.ToLowerInvariant(rune).ToString();
        // A lone surrogate has become U+FFFD in EnumerateRunes, so Normalize cannot throw here.
        var parts = rune.ToString().Normalize(NormalizationForm.FormKD);
        if (parts is " ") return parts;
        var folded = new StringBuilder();
        foreach (var part in parts.EnumerateRunes())
            if (!IsSeparator(part)) folded.Append(Rune.ToLowerInvariant(part));
        return folded.ToString().Normalize();
    }

    private static bool IsSeparator(Rune rune)
    {
        if (rune.IsAscii) return " \t*-_~+=|/\\^`'\"#@&$%<>()[]{}.".Contains((char)rune.Value, StringComparison.Ordinal);
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark => rune.Value is not (Dakuten or Handakuten),
            UnicodeCategory.Format or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.EnclosingMark or UnicodeCategory.ModifierSymbol or UnicodeCategory.MathSymbol
                or UnicodeCategory.OtherSymbol or UnicodeCategory.DashPunctuation or UnicodeCategory.ConnectorPunctuation
                or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
                or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation => true,
            _ => rune.Value is 0x00B7 or 0x30FB or 0x2022 or 0x2027 or 0x3164 or 0x115F or 0x1160,
        };
    }
}
