using System.Globalization;
using System.Text;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Receive;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Tests.Support;

/// <summary>
/// A callback as WeChat sends it: encrypted and signed. Always with the same random bytes: one ciphertext in 256 looks
/// well padded under the wrong key, which no test may meet by chance.
/// </summary>
public sealed record Sealed(CallbackQuery Query, byte[] Body)
{
    public static Sealed Of(Account account, string payload, DateTimeOffset at, EncodingAesKey? key = null, string? receiveId = null) =>
        OfCipher(account, MessageCipher.Encrypt(key ?? account.EncodingAesKey, payload, receiveId ?? account.AppId, "aaaabbbbccccdddd"u8), at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    public static Sealed OfCipher(Account account, string encrypt, string timestamp)
    {
        var query = new CallbackQuery(
            CallbackSignature.Compute(account.Token, timestamp, "nonce"),
            CallbackSignature.Compute(account.Token, timestamp, "nonce", encrypt), timestamp, "nonce", "echo");
        return new Sealed(query, Encoding.UTF8.GetBytes($"<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"));
    }
}
