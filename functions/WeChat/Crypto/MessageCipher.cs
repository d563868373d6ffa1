using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CrmServerless.WeChat.Crypto;

/// <summary>
/// The AES scheme that the Official Account and WeCom share:
/// Base64(AES-256-CBC(random(16) + big-endian length(4) + message + receive-id + padding to a multiple of 32)).
/// Rule: developers.weixin.qq.com/doc/service/guide/dev/push/encryption.html, developer.work.weixin.qq.com/document/path/90968.
/// </summary>
public static class MessageCipher
{
    /// <summary>Bytes of randomness before each message.</summary>
    public const int RandomLength = 16;

    // Twice the block of AES, so the library's PKCS#7 refuses paddings of 17 to 32.
    private const int Block = 32;
    private const int Head = RandomLength + sizeof(uint);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Encrypts <paramref name="message"/> for <paramref name="receiveId"/> (appid, corpid, suiteid or empty); Base64.</summary>
    public static string Encrypt(EncodingAesKey key, string message, string receiveId)
    {
        Span<byte> random = stackalloc byte[RandomLength];
        RandomNumberGenerator.Fill(random);
        return Encrypt(key, message, receiveId, random);
    }

    /// <summary>The same with a given randomness, for the documented vectors.</summary>
    /// <exception cref="ArgumentException"><paramref name="random16"/> is not 16 bytes.</exception>
    public static string Encrypt(EncodingAesKey key, string message, string receiveId, ReadOnlySpan<byte> random16)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (random16.Length != RandomLength) throw new ArgumentException("16 random bytes are needed.", nameof(random16));
        var messageLength = Encoding.UTF8.GetByteCount(message);
        var used = Head + messageLength + Encoding.UTF8.GetByteCount(receiveId);
        var padding = Block - used % Block;
        var plain = ArrayPool<byte>.Shared.Rent(used + padding);
        try
        {
            random16.CopyTo(plain);
            BinaryPrimitives.WriteUInt32BigEndian(plain.AsSpan(RandomLength), (uint)messageLength);
            Encoding.UTF8.GetBytes(message, plain.AsSpan(Head));
            Encoding.UTF8.GetBytes(receiveId, plain.AsSpan(Head + messageLength));
            plain.AsSpan(used, padding).Fill((byte)padding);
            using var aes = Aes.Create();
            aes.SetKey(key.Key);
            return Convert.ToBase64String(aes.EncryptCbc(plain.AsSpan(0, used + padding), key.Iv, PaddingMode.None));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain, clearArray: true);
        }
    }

    /// <summary>
    /// Decrypts and checks everything; never throws on hostile input. Verify the signature first.
    /// </summary>
    /// <param name="key">The account's current or previous key.</param>
    /// <param name="encrypt">Base64 as it was signed; a '+' that a query parser turned into ' ' must be repaired before.</param>
    /// <param name="expectedReceiveId">appid (Official Account), corpid, suiteid, or empty: compared, never optional.</param>
    public static Decrypted Decrypt(EncodingAesKey key, string encrypt, string expectedReceiveId)
    {
        ArgumentNullException.ThrowIfNull(key);
        // The decoder skips white space; a signed text never has any.
        if (encrypt is null || encrypt.AsSpan().ContainsAny(" \t\r\n")) return Refused(DecryptFailure.Base64);
        var capacity = encrypt.Length / 4 * 3;
        var cipher = ArrayPool<byte>.Shared.Rent(capacity);
        var plain = ArrayPool<byte>.Shared.Rent(capacity);
        try
        {
            if (!Convert.TryFromBase64String(encrypt, cipher, out var length)) return Refused(DecryptFailure.Base64);
            if (length == 0 || length % Block != 0) return Refused(DecryptFailure.Length);
            using var aes = Aes.Create();
            aes.SetKey(key.Key);
            aes.DecryptCbc(cipher.AsSpan(0, length), key.Iv, plain, PaddingMode.None);
            return Open(plain.AsSpan(0, length), expectedReceiveId);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(cipher);
            ArrayPool<byte>.Shared.Return(plain, clearArray: true);
        }
    }

    private static Decrypted Open(ReadOnlySpan<byte> plain, string expectedReceiveId)
    {
        int padding = plain[^1];
        if (padding is < 1 or > Block) return Refused(DecryptFailure.Padding);
        if (plain[^padding..].ContainsAnyExcept((byte)padding)) return Refused(DecryptFailure.Padding);
        var content = plain[..^padding];
        if (content.Length < Head) return Refused(DecryptFailure.InnerLength);
        var messageLength = BinaryPrimitives.ReadUInt32BigEndian(content[RandomLength..]);
        if (messageLength > (uint)(content.Length - Head)) return Refused(DecryptFailure.InnerLength);
        var message = content.Slice(Head, (int)messageLength);
        // The receive-id before the text: only what is surely ours is worth keeping although it cannot be read.
        var found = Encoding.UTF8.GetString(content[(Head + (int)messageLength)..]);
        if (!string.Equals(found, expectedReceiveId, StringComparison.Ordinal)) return new Decrypted(DecryptFailure.ReceiveId, "", found);
        try
        {
            return new Decrypted(DecryptFailure.None, StrictUtf8.GetString(message), found);
        }
        catch (DecoderFallbackException)
        {
            return Refused(DecryptFailure.Content);
        }
    }

    private static Decrypted Refused(DecryptFailure failure) => new(failure, "", "");
}
