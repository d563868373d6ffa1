using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.WeChat.Replies;

/// <summary>
/// The encrypted form of a passive reply, which safe mode demands of every answer but <c>success</c> and the empty one.
/// Rule: developers.weixin.qq.com/doc/service/guide/dev/push/encryption.html.
/// </summary>
public static class ReplyEnvelope
{
    /// <summary>Encrypts and signs a reply.</summary>
    /// <param name="plaintext">What <see cref="PassiveReplyXml"/> or <see cref="PassiveReplyJson"/> made.</param>
    /// <param name="token">The account's callback token.</param>
    /// <param name="key">The key that decrypted the request: during a rotation it may be the previous one.</param>
    /// <param name="receiveId">appid, corpid, suiteid or empty.</param>
    /// <param name="timestamp">Unix seconds, now.</param>
    /// <param name="nonce">Our own or the request's.</param>
    /// <param name="format">That of the request.</param>
    public static string Seal(
        string plaintext, string token, EncodingAesKey key, string receiveId, long timestamp, string nonce, ReplyFormat format = ReplyFormat.Xml)
    {
        Span<byte> random = stackalloc byte[MessageCipher.RandomLength];
        RandomNumberGenerator.Fill(random);
        return Seal(plaintext, token, key, receiveId, timestamp, nonce, random, format);
    }

    /// <summary>The same with a given randomness, for the documented vectors.</summary>
    /// <exception cref="ArgumentException"><paramref name="random16"/> is not 16 bytes.</exception>
    public static string Seal(
        string plaintext, string token, EncodingAesKey key, string receiveId, long timestamp, string nonce, ReadOnlySpan<byte> random16,
        ReplyFormat format = ReplyFormat.Xml)
    {
        var encrypt = MessageCipher.Encrypt(key, plaintext, receiveId, random16);
        var time = timestamp.ToString(CultureInfo.InvariantCulture);
        var signature = CallbackSignature.Compute(token, time, nonce, encrypt);
        return format == ReplyFormat.Json ? Json(encrypt, signature, timestamp, nonce) : Xml(encrypt, signature, time, nonce);
    }

    private static string Xml(string encrypt, string signature, string time, string nonce) =>
        new StringBuilder("<xml>", encrypt.Length + 256)
            .Element("Encrypt", encrypt)
            .Element("MsgSignature", signature)
            .Append("<TimeStamp>").Append(time).Append("</TimeStamp>")
            .Element("Nonce", nonce)
            .Append("</xml>").ToString();

    // The time is a number here: as documented.
    private static string Json(string encrypt, string signature, long timestamp, string nonce)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WritePropertyName("Encrypt");
            RawStrings.Write(json, encrypt); // Base64 has a '+', which the library would escape
            json.WriteString("MsgSignature", signature);
            json.WriteNumber("TimeStamp", timestamp);
            json.WritePropertyName("Nonce");
            RawStrings.Write(json, nonce);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}
