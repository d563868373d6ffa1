using System.Text;
using System.Xml;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>
/// Reads a WeChat document in one forward pass. Hardened for the outer and the decrypted document alike:
/// no DTD (so neither external entities nor entity bombs), no resolver, bounded size and depth, root <c>xml</c>.
/// </summary>
internal static class XmlNodes
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = Nodes.MaxCharacters,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        // Literal illegal characters are replaced beforehand; this lets `&#11;` through, to be replaced after.
        CheckCharacters = false,
    };

    /// <summary>Null, or why it is not a WeChat document.</summary>
    public static string? Read(string text, List<Node> nodes)
    {
        var legal = XmlText.Legal(text);
        try
        {
            using var reader = XmlReader.Create(new StringReader(legal), Settings);
            return Walk(reader, nodes, mayHoldReferences: legal.Contains("&#", StringComparison.Ordinal));
        }
        catch (XmlException)
        {
            return legal.Contains("<!DOCTYPE", StringComparison.Ordinal) ? "dtd" : "malformed xml";
        }
    }

    private static string? Walk(XmlReader reader, List<Node> nodes, bool mayHoldReferences)
    {
        if (reader.MoveToContent() != XmlNodeType.Element || reader.Name != "xml") return "wrong root";

        Span<int> open = stackalloc int[Nodes.MaxDepth]; // the node at each level
        var text = "";
        StringBuilder? pieces = null;
        var isLeaf = false;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    var depth = reader.Depth;
                    if (depth >= Nodes.MaxDepth) return "too deep";
                    if (Nodes.Below(depth == 1 ? "" : nodes[open[depth - 1]].Path, reader.Name) is not { } path) return "name too long";
                    if (isLeaf) nodes[open[depth - 1]] = nodes[open[depth - 1]] with { Text = null };
                    open[depth] = nodes.Count;
                    nodes.Add(new Node(path, ""));
                    isLeaf = !reader.IsEmptyElement;
                    text = "";
                    pieces = null;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace when isLeaf:
                    // CDATA that contained "]]>" arrives in pieces.
                    if (text.Length == 0) text = reader.Value;
                    else (pieces ??= new StringBuilder(text)).Append(reader.Value);
                    break;
                case XmlNodeType.EndElement when reader.Depth > 0:
                    var node = nodes[open[reader.Depth]];
                    if (pieces is not null) text = pieces.ToString();
                    nodes[open[reader.Depth]] = isLeaf
                        ? node with { Text = mayHoldReferences ? XmlText.Legal(text) : text }
                        : node with { End = nodes.Count };
                    isLeaf = false;
                    break;
            }
        }

        return null;
    }
}
