using System.Diagnostics.CodeAnalysis;
using System.Xml;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>One element without child elements: its path below the root ("Content", "ScanCodeInfo.ScanType") and its text.</summary>
internal readonly record struct XmlLeaf(string Path, string Text);

/// <summary>
/// Reads a WeChat document into its leaves in one forward pass. Hardened for the outer and the decrypted document alike:
/// no DTD (so neither external entities nor entity bombs), no resolver, bounded size and depth, root <c>xml</c>.
/// </summary>
internal static class XmlLeaves
{
    /// <summary>Characters in a document, at most: the door takes 128 KiB.</summary>
    public const int MaxCharacters = 128 * 1024;

    // The deepest documented event (MASSSENDJOBFINISH) has 5 levels.
    private const int MaxDepth = 16;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxCharacters,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        // Literal illegal characters are replaced beforehand; this lets `&#11;` through, to be replaced after.
        CheckCharacters = false,
    };

    /// <summary>False with a fixed reason, which never quotes the document, when it is not a WeChat document.</summary>
    public static bool TryRead(string text, List<XmlLeaf> leaves, [NotNullWhen(false)] out string? reason)
    {
        // A parser refuses a byte order mark in a string and white space before a declaration; proxies add both.
        var start = 0;
        while (start < text.Length && (text[start] == '\uFEFF' || char.IsWhiteSpace(text[start]))) start++;
        reason = (text.Length - start) switch
        {
            0 => "empty",
            > MaxCharacters => "too large",
            _ => text[start] == '<' ? null : "not xml",
        };
        if (reason is not null) return false;

        var legal = XmlText.Legal(start == 0 ? text : text[start..]);
        try
        {
            using var reader = XmlReader.Create(new StringReader(legal), Settings);
            reason = Walk(reader, leaves, mayHoldReferences: legal.Contains("&#", StringComparison.Ordinal));
        }
        catch (XmlException)
        {
            reason = legal.Contains("<!DOCTYPE", StringComparison.Ordinal) ? "dtd" : "malformed xml";
        }

        return reason is null;
    }

    private static string? Walk(XmlReader reader, List<XmlLeaf> leaves, bool mayHoldReferences)
    {
        if (reader.MoveToContent() != XmlNodeType.Element || reader.Name != "xml") return "wrong root";

        var path = new string[MaxDepth];
        var depth = 0;
        var text = "";
        var isLeaf = false;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (reader.Depth >= MaxDepth) return "too deep";
                    depth = reader.Depth;
                    path[depth] = depth == 1 ? reader.Name : path[depth - 1] + "." + reader.Name;
                    isLeaf = !reader.IsEmptyElement;
                    text = "";
                    if (!isLeaf) leaves.Add(new XmlLeaf(path[depth], ""));
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace when isLeaf:
                    // CDATA that contained "]]>" arrives in pieces.
                    text = text.Length == 0 ? reader.Value : text + reader.Value;
                    break;
                case XmlNodeType.EndElement:
                    if (isLeaf) leaves.Add(new XmlLeaf(path[depth], mayHoldReferences ? XmlText.Legal(text) : text));
                    isLeaf = false;
                    break;
            }
        }

        return null;
    }
}
