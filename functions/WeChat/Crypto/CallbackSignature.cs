using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace CrmServerless.WeChat.Crypto;

/// <summary>
/// The signature of callbacks and of encrypted replies: SHA-1 over the ordinally sorted, concatenated values.
/// Three values (token, timestamp, nonce) for <c>signature</c>, four (and the ciphertext) for <c>msg_signature</c>.
/// Rule: developers.weixin.qq.com/doc/service/guide/dev/push/encryption.html, developer.work.weixin.qq.com/document/path/90968.
/// </summary>
public static class CallbackSignature
{
    /// <summary>Characters of a signature: 20 bytes in hexadecimal.</summary>
    public const int Length = SHA1.HashSizeInBytes * 2;

    private const int ValuesOnStack = 16;

    /// <summary>The signature of <paramref name="values"/>, in any order: 40 lower-case hexadecimal characters. A null value counts as empty.</summary>
    public static string Compute(params ReadOnlySpan<string> values)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        Hash(values, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>
    /// Whether <paramref name="signature"/> is that of <paramref name="values"/>, in constant time.
    /// Anything but exactly 40 hexadecimal characters is false; never throws.
    /// </summary>
    public static bool Matches(string? signature, params ReadOnlySpan<string> values)
    {
        if (signature is not { Length: Length }) return false;
        Span<byte> claimed = stackalloc byte[SHA1.HashSizeInBytes];
        if (Convert.FromHexString(signature, claimed, out _, out _) != OperationStatus.Done) return false;
        Span<byte> expected = stackalloc byte[SHA1.HashSizeInBytes];
        Hash(values, expected);
        return CryptographicOperations.FixedTimeEquals(claimed, expected);
    }

    private static void Hash(ReadOnlySpan<string> values, Span<byte> hash)
    {
        Span<int> order = values.Length <= ValuesOnStack ? stackalloc int[values.Length] : new int[values.Length];
        var bytes = 0;
        for (var i = 0; i < values.Length; i++)
        {
            bytes += Encoding.UTF8.GetByteCount(values[i] ?? "");
            var at = i;
            // Ordinal: culture order differs for some ciphertexts only, which makes a wrong sort look right for weeks.
            for (; at > 0 && string.CompareOrdinal(values[order[at - 1]] ?? "", values[i] ?? "") > 0; at--) order[at] = order[at - 1];
            order[at] = i;
        }

        var rented = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            var length = 0;
            foreach (var index in order) length += Encoding.UTF8.GetBytes(values[index] ?? "", rented.AsSpan(length));
            SHA1.HashData(rented.AsSpan(0, length), hash);
        }
        finally
        {
            // It held the token.
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }
}
