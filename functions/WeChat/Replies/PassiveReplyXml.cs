using System.Globalization;
using System.Text;

namespace CrmServerless.WeChat.Replies;

/// <summary>Writes a passive reply as XML.</summary>
public static class PassiveReplyXml
{
    /// <summary>The XML of <paramref name="reply"/>, not encrypted.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="toUserName">The customer: FromUserName of the request.</param>
    /// <param name="fromUserName">The account: ToUserName of the request.</param>
    /// <param name="createTime">Unix seconds.</param>
    /// <exception cref="ArgumentException">An empty text or id, or not 1 to 8 articles: WeChat would show the customer a fault.</exception>
    public static string Write(PassiveReply reply, string toUserName, string fromUserName, long createTime)
    {
        var xml = new StringBuilder("<xml>", 512);
        Append(xml, ReplyNode.Of(reply, toUserName, fromUserName, createTime));
        return xml.Append("</xml>").ToString();
    }

    private static void Append(StringBuilder xml, IReadOnlyList<ReplyNode> nodes)
    {
        foreach (var node in nodes)
        {
            if (node.Text is { } text)
            {
                xml.Element(node.Name, text);
                continue;
            }

            xml.Append('<').Append(node.Name).Append('>');
            if (node.Number is { } number) xml.Append(CultureInfo.InvariantCulture, $"{number}");
            if (node.Children is { } children) Append(xml, children);
            foreach (var item in node.Items ?? [])
            {
                xml.Append("<item>");
                Append(xml, item);
                xml.Append("</item>");
            }

            xml.Append("</").Append(node.Name).Append('>');
        }
    }
}
