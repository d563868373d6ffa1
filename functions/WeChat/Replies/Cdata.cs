using System.Text;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.WeChat.Replies;

/// <summary>Writes the one form of element that WeChat documents for texts.</summary>
internal static class Cdata
{
    /// <summary>Appends <c>&lt;name&gt;&lt;![CDATA[value]]&gt;&lt;/name&gt;</c>; the value may hold anything.</summary>
    public static StringBuilder Element(this StringBuilder xml, string name, string value)
    {
        xml.Append('<').Append(name).Append("><![CDATA[");
        var start = xml.Length;
        // A CDATA section cannot hold its own end; two sections can.
        xml.Append(XmlText.Legal(value)).Replace("]]>", "]]]]><![CDATA[>", start, xml.Length - start);
        return xml.Append("]]></").Append(name).Append('>');
    }
}
