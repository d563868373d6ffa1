using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>
/// The fields of one payload, or of one group inside it, by name; those of a group by their path ("ScanCodeInfo.ScanType").
/// The same for XML and JSON. Of a repeated field the first counts, unless all are asked for.
/// </summary>
internal readonly struct CallbackFields
{
    private const int MaxFields = 100;
    private const int MaxValueLength = 2048;

    private readonly List<Node> _nodes;
    private readonly string _parent;
    private readonly int _start, _end;

    private CallbackFields(List<Node> nodes, string parent, int start, int end) => (_nodes, _parent, _start, _end) = (nodes, parent, start, end);

    private ReadOnlySpan<Node> Own => CollectionsMarshal.AsSpan(_nodes)[_start.._end];

    /// <summary>Reads a payload of either form; false with a fixed reason, safe to log.</summary>
    public static bool TryRead(string payload, out CallbackFields fields, [NotNullWhen(false)] out string? reason)
    {
        var nodes = new List<Node>(16);
        var read = Nodes.TryRead(payload, nodes, out reason);
        fields = new CallbackFields(nodes, "", 0, nodes.Count);
        return read;
    }

    /// <summary>The text as sent, or null.</summary>
    public string? Raw(string name)
    {
        var path = Path(name);
        foreach (var node in Own)
            if (node.Text is not null && node.Path == path) return node.Text;
        return null;
    }

    /// <summary>A text that people wrote, as sent; empty when absent.</summary>
    public string Prose(string name) => Raw(name) ?? "";

    /// <summary>A control value: trimmed, because official samples put blanks around the CDATA; empty when absent.</summary>
    public string Control(string name) => Raw(name)?.Trim() ?? "";

    /// <summary>A control value; null when absent or empty.</summary>
    public string? Optional(string name) => Control(name) is { Length: > 0 } value ? value : null;

    /// <summary>A number without sign; null when absent, malformed or too large.</summary>
    public long? Integer(string name) => Number(Control(name));

    /// <summary>1 or true, 0 or false; null when absent or anything else.</summary>
    public bool? Flag(string name) => Control(name) switch
    {
        "1" or "true" => true,
        "0" or "false" => false,
        _ => null,
    };

    /// <summary>A finite decimal number within the bounds; null otherwise.</summary>
    public double? Decimal(string name, double min, double max) =>
        double.TryParse(Control(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? value : null;

    /// <summary>A place on Earth in degrees; null when one of the two is none.</summary>
    public (double Latitude, double Longitude)? Place(string latitude, string longitude) =>
        Decimal(latitude, -90, 90) is { } x && Decimal(longitude, -180, 180) is { } y ? (x, y) : null;

    /// <summary>The scale of a map; 0 when absent or absurd.</summary>
    public int MapScale(string name) => (int)(Decimal(name, 0, 1000) ?? 0);

    /// <summary>The control values of a repeated field, in order, without empty ones.</summary>
    public Items<string> All(string name)
    {
        var path = Path(name);
        var found = new List<string>();
        foreach (var node in Own)
            if (node.Path == path && node.Text?.Trim() is { Length: > 0 } value) found.Add(value);
        return new Items<string>(found);
    }

    /// <summary>What <paramref name="read"/> makes of each group of that name, in order: a single one, or a list of them.</summary>
    public Items<T> All<T>(string name, Func<CallbackFields, T> read)
    {
        var path = Path(name);
        var found = new List<T>();
        for (var i = _start; i < _end; i++)
            if (_nodes[i] is { Text: null } group && group.Path == path) found.Add(read(new CallbackFields(_nodes, path, i + 1, group.End)));
        return new Items<T>(found);
    }

    /// <summary>The same for a list: XML puts each group into an <c>item</c>, JSON may leave that out.</summary>
    public Items<T> List<T>(string name, Func<CallbackFields, T> read)
    {
        var items = All(name + ".item", read);
        return items.Count > 0 || Raw(name + ".item") is not null ? items : All(name, read);
    }

    /// <summary>All that have a text, bounded.</summary>
    public ReadOnlyDictionary<string, string> ToDictionary()
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in Own)
        {
            if (fields.Count == MaxFields) break;
            if (node.Text is null) continue;
            var name = node.Path;
            var value = Capped(node.Text);
            for (var n = 2; !fields.TryAdd(name, value); n++) name = $"{node.Path}#{n}";
        }

        return fields.AsReadOnly();
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private string Path(string name) => _parent.Length == 0 ? name : _parent + "." + name;

    private static string Capped(string text)
    {
        if (text.Length <= MaxValueLength) return text;
        // Never half an emoji.
        return text[..(char.IsHighSurrogate(text[MaxValueLength - 1]) ? MaxValueLength - 1 : MaxValueLength)];
    }
}
