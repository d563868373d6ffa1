using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using CrmServerless.Crm.Accounts;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Local.Simulator;

/// <summary>What a callback and its answer look like on the wire, by the console's mode. Strict with the answer, as WeChat is.</summary>
public static class CallbackWire
{
    public static HttpRequestMessage Write(Uri host, Account account, string payload, DateTimeOffset now)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = RandomNumberGenerator.GetInt32(100_000_000, 1_000_000_000).ToString(CultureInfo.InvariantCulture);
        // WeCom has no such signature, and no mode but the safe one.
        var query = account.IsWeCom ? "" : $"signature={CallbackSignature.Compute(account.Token, timestamp, nonce)}&";
        query += $"timestamp={timestamp}&nonce={nonce}";
        var body = payload;
        if (Encrypts(account))
        {
            var encrypt = MessageCipher.Encrypt(account.EncodingAesKey, payload, account.ReceiveId);
            query += $"{(account.IsWeCom ? "" : "&encrypt_type=aes")}&msg_signature={CallbackSignature.Compute(account.Token, timestamp, nonce, encrypt)}";
            body = Envelope(account, payload, $"<Encrypt><![CDATA[{encrypt}]]></Encrypt>");
        }

        return new HttpRequestMessage(HttpMethod.Post, new Uri(host, $"/api/wechat/{account.Name}?{query}"))
        {
            Content = new StringContent(body, Encoding.UTF8, "text/xml"),
        };
    }

    /// <summary>Reads an answer that is no acknowledgement; false if the customer would be told that the service is out of order.</summary>
    public static bool TryOpen(Account account, string body, [NotNullWhen(true)] out string? reply)
    {
        reply = null;
        if (Root(body) is not { } root) return false;
        if (root.Element("Encrypt") is not { } encrypt)
        {
            // Safe mode takes no plain answer.
            reply = account.Mode == CallbackMode.Safe ? null : body;
            return reply is not null;
        }

        string Field(string name) => root.Element(name)?.Value ?? "";
        if (!CallbackSignature.Matches(Field("MsgSignature"), account.Token, Field("TimeStamp"), Field("Nonce"), encrypt.Value)) return false;
        var opened = MessageCipher.Decrypt(account.EncodingAesKey, encrypt.Value, account.ReceiveId);
        if (opened.Failure != DecryptFailure.None || Root(opened.Message) is null) return false;
        reply = opened.Message;
        return true;
    }

    private static bool Encrypts(Account account) => account.IsWeCom || account.Mode != CallbackMode.Plaintext;

    private static string Envelope(Account account, string payload, string encrypt) => account switch
    {
        { IsWeCom: true } => $"<xml><ToUserName><![CDATA[{account.AppId}]]></ToUserName>{encrypt}<AgentID>{account.AgentId}</AgentID></xml>",
        { Mode: CallbackMode.Compatible } => string.Concat(payload.AsSpan(0, payload.LastIndexOf("</xml>", StringComparison.Ordinal)), encrypt, "</xml>"),
        _ => $"<xml><ToUserName><![CDATA[{account.OriginalId ?? "gh_simulator"}]]></ToUserName>{encrypt}</xml>",
    };

    private static XElement? Root(string xml)
    {
        try
        {
            return XDocument.Parse(xml).Root is { Name.LocalName: "xml" } root ? root : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
