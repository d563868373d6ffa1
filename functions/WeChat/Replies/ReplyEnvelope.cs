using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.WeChat.Replies;

/// <summary>
/// The encrypted form of a passive reply, which safe mode demands of every answer but <c>success</c> and the empty one.
/// Rule: developers.weixin.qq.com/doc/service/guide/dev/push/encryption.html.
/// </summary>
public static class ReplyEnvelope
{
    /// <summary>Encrypts and signs a reply.</summary>
    /// <param name="plaintextXml">What <see cref="PassiveReplyXml.Write"/> made.</param>
    /// <param name="token">The account's callback token.</param>
    /// <param name="key">The key that decrypted the request: during a rotation it may be the previous one.</param>
    /// <param name="receiveId">appid or corpid.</param>
    /// <param name="timestamp">Unix seconds, now.</param>
    /// <param name="nonce">Our own or the request's.</param>
    public static string Seal(string plaintextXml, string token, EncodingAesKey key, string receiveId, long timestamp, string nonce)
    {
        Span<byte> random = stackalloc byte[MessageCipher.RandomLength];
        RandomNumberGenerator.Fill(random);
        return Seal(plaintextXml, token, key, receiveId, timestamp, nonce, random);
    }

    /// <summary>The same with a given randomness, for the documented vectors.</summary>
    /// <exception cref="ArgumentException"><paramref name="random16"/> is not 16 bytes.</exception>
    public static string Seal(string plaintextXml, string token, EncodingAesKey key, string receiveId, long timestamp, string nonce, ReadOnlySpan<byte> random16)
    {
        var encrypt = MessageCipher.Encrypt(key, plaintextXml, receiveId, random16);
        var time = timestamp.ToString(CultureInfo.InvariantCulture);
        return new StringBuilder("<xml>", encrypt.Length + 256)
            .Element("Encrypt", encrypt)
            .Element("MsgSignature", CallbackSignature.Compute(token, time, nonce, encrypt))
            .Append("<TimeStamp>").Append(time).Append("</TimeStamp>")
            .Element("Nonce", nonce)
            .Append("</xml>").ToString();
    }
}
