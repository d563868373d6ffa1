using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using CrmServerless.Crm.Accounts;

namespace CrmServerless.Tests.Support;

/// <summary>An answer in the response to a callback as WeChat reads it: by the documented scheme, without the product's own code.</summary>
public static class SealedAnswer
{
    /// <summary>The decrypted answer; the signature and the receive-id are right.</summary>
    public static string Open(string body, Account account, string? aesKey = null)
    {
        string encrypt, signature, time, nonce;
        if (body.StartsWith('{'))
        {
            using var json = JsonDocument.Parse(body);
            string Text(string name) => json.RootElement.GetProperty(name).GetString()!;
            (encrypt, signature, time, nonce) = (Text("Encrypt"), Text("MsgSignature"), json.RootElement.GetProperty("TimeStamp").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture), Text("Nonce"));
        }
        else
        {
            var xml = XDocument.Parse(body).Root!;
            string Text(string name) => xml.Element(name)!.Value;
            (encrypt, signature, time, nonce) = (Text("Encrypt"), Text("MsgSignature"), Text("TimeStamp"), Text("Nonce"));
        }

        string[] signed = [account.Token, time, nonce, encrypt];
        Array.Sort(signed, StringComparer.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(signed)))), signature);

        using var aes = Aes.Create();
        aes.Key = Convert.FromBase64String((aesKey ?? Key) + "=");
        var plain = aes.DecryptCbc(Convert.FromBase64String(encrypt), aes.Key.AsSpan(0, 16), PaddingMode.None);
        Assert.Equal(0, plain.Length % 32);
        Assert.InRange(plain[^1], 1, 32);
        Assert.All(plain[^plain[^1]..], b => Assert.Equal(plain[^1], b));
        var length = BinaryPrimitives.ReadInt32BigEndian(plain.AsSpan(16));
        Assert.Equal(account.AppId, Encoding.UTF8.GetString(plain.AsSpan(20 + length, plain.Length - plain[^1] - 20 - length)));
        return Encoding.UTF8.GetString(plain.AsSpan(20, length));
    }

    /// <summary>The EncodingAESKey of every test account.</summary>
    public static string Key { get; } = new('k', 43);
}
