using System.Diagnostics.CodeAnalysis;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>
/// One element of an XML payload or one property of a JSON one: its path below the root ("Content", "ScanCodeInfo.ScanType")
/// and its text. A group, which has nodes inside, has no text; they follow it, up to <paramref name="End"/>.
/// </summary>
internal readonly record struct Node(string Path, string? Text, int End = 0);

/// <summary>
/// Reads a payload, XML or JSON, into its nodes, in the order of the document. The account's console chooses the form, and the first
/// character tells it: the Content-Type may lie. A JSON array is its elements repeated, as in XML: neither form knows a list of one.
/// </summary>
internal static class Nodes
{
    /// <summary>Characters in a document, at most: the door takes 128 KiB.</summary>
    public const int MaxCharacters = 128 * 1024;

    /// <summary>Levels, at most: the deepest documented event (MASSSENDJOBFINISH) has 5.</summary>
    public const int MaxDepth = 16;

    // Each node holds its whole path: without a bound a long name with many children would take gigabytes.
    private const int MaxPath = 256;

    /// <summary>False with a fixed reason, which never quotes the document, when it is not a WeChat document.</summary>
    public static bool TryRead(string text, List<Node> nodes, [NotNullWhen(false)] out string? reason)
    {
        var start = Start(text);
        reason = (text.Length - start) switch
        {
            0 => "empty",
            > MaxCharacters => "too large",
            _ => text[start] switch
            {
                '<' => XmlNodes.Read(start == 0 ? text : text[start..], nodes),
                '{' => JsonNodes.Read(start == 0 ? text : text[start..], nodes),
                _ => "neither xml nor json",
            },
        };
        return reason is null;
    }

    /// <summary>Where the document begins: a parser refuses a byte order mark in a string and white space before a declaration; proxies add both.</summary>
    public static int Start(string text)
    {
        var start = 0;
        while (start < text.Length && (text[start] == '\uFEFF' || char.IsWhiteSpace(text[start]))) start++;
        return start;
    }

    /// <summary>The path of a node inside another; null when it is too long.</summary>
    public static string? Below(string parent, string name) =>
        parent.Length + name.Length >= MaxPath ? null : parent.Length == 0 ? name : parent + "." + name;
}
