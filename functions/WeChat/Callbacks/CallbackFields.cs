using System.Collections.ObjectModel;
using System.Globalization;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>The leaves of one callback, by name. Of a repeated element the first counts.</summary>
internal readonly struct CallbackFields(List<XmlLeaf> leaves)
{
    private const int MaxFields = 100;
    private const int MaxValueLength = 2048;

    /// <summary>The text as sent, or null.</summary>
    public string? Raw(string name)
    {
        foreach (var leaf in leaves)
            if (leaf.Path == name) return leaf.Text;
        return null;
    }

    /// <summary>A text that people wrote, as sent; empty when absent.</summary>
    public string Prose(string name) => Raw(name) ?? "";

    /// <summary>A control value: trimmed, because official samples put blanks around the CDATA; empty when absent.</summary>
    public string Control(string name) => Raw(name)?.Trim() ?? "";

    /// <summary>A control value; null when absent or empty.</summary>
    public string? Optional(string name) => Control(name) is { Length: > 0 } value ? value : null;

    /// <summary>A number without sign; null when absent, malformed or too large.</summary>
    public long? Integer(string name) =>
        long.TryParse(Control(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A finite decimal number within the bounds; null otherwise.</summary>
    public double? Decimal(string name, double min, double max) =>
        double.TryParse(Control(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? value : null;

    /// <summary>The texts of a repeated element, in order.</summary>
    public IEnumerable<string> All(string name) => leaves.Where(leaf => leaf.Path == name).Select(leaf => leaf.Text);

    /// <summary>What stands below a path, in order: the rest of the path, and the text.</summary>
    public IEnumerable<(string Path, string Text)> Below(string prefix) =>
        leaves.Where(leaf => leaf.Path.StartsWith(prefix, StringComparison.Ordinal)).Select(leaf => (leaf.Path[prefix.Length..], leaf.Text));

    /// <summary>All leaves, bounded.</summary>
    public ReadOnlyDictionary<string, string> ToDictionary()
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var leaf in leaves)
        {
            if (fields.Count == MaxFields) break;
            var name = leaf.Path;
            var value = Capped(leaf.Text);
            for (var n = 2; !fields.TryAdd(name, value); n++) name = $"{leaf.Path}#{n}";
        }

        return fields.AsReadOnly();
    }

    private static string Capped(string text)
    {
        if (text.Length <= MaxValueLength) return text;
        // Never half an emoji.
        return text[..(char.IsHighSurrogate(text[MaxValueLength - 1]) ? MaxValueLength - 1 : MaxValueLength)];
    }
}
