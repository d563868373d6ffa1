using System.Globalization;
using System.Security;

namespace CrmServerless.Tests.Support;

/// <summary>Decrypted payloads as WeChat writes them.</summary>
public static class Xml
{
    public static string Text(string openId, string content, long msgId, DateTimeOffset at) =>
        Write(openId, at, "text", $"<Content><![CDATA[{content}]]></Content><MsgId>{msgId.ToString(CultureInfo.InvariantCulture)}</MsgId>");

    public static string Event(string openId, string name, DateTimeOffset at, string? key = null, string more = "") =>
        Write(openId, at, "event", $"<Event><![CDATA[{name}]]></Event>{(key is null ? "" : $"<EventKey><![CDATA[{key}]]></EventKey>")}{more}");

    public static string Write(string openId, DateTimeOffset at, string type, string fields) => string.Create(CultureInfo.InvariantCulture,
        $"<xml><ToUserName><![CDATA[gh_test]]></ToUserName><FromUserName><![CDATA[{openId}]]></FromUserName><CreateTime>{at.ToUnixTimeSeconds()}</CreateTime><MsgType><![CDATA[{type}]]></MsgType>{fields}</xml>");

    public static string Envelope(string encrypt) =>
        $"<xml><ToUserName><![CDATA[gh_test]]></ToUserName><Encrypt><![CDATA[{SecurityElement.Escape(encrypt)}]]></Encrypt></xml>";
}
