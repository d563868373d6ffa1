using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace CrmServerless.WeChat.Crypto;

/// <summary>
/// The EncodingAESKey of the console: 43 Base64 characters without padding, 32 bytes.
/// The unused low bits of the last character are usually not zero, as in the official samples; that is accepted.
/// </summary>
public sealed class EncodingAesKey
{
    /// <summary>Characters in the console's form of the key.</summary>
    public const int TextLength = 43;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    private readonly byte[] _bytes;

    private EncodingAesKey(byte[] bytes) => _bytes = bytes;

    /// <summary>The AES-256 key.</summary>
    internal ReadOnlySpan<byte> Key => _bytes;

    /// <summary>The initialisation vector, which the scheme takes from the key.</summary>
    internal ReadOnlySpan<byte> Iv => _bytes.AsSpan(0, 16);

    /// <summary>Reads the console's form; false for anything but 43 Base64 characters.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EncodingAesKey? key)
    {
        key = null;
        // The alphabet is checked here because the decoder skips white space.
        if (text is not { Length: TextLength } || text.AsSpan().ContainsAnyExcept(Alphabet)) return false;
        var bytes = new byte[32];
        // Not System.Buffers.Text.Base64: it refuses a last character with unused bits set.
        if (!Convert.TryFromBase64String(text + "=", bytes, out var written) || written != bytes.Length) return false;
        key = new EncodingAesKey(bytes);
        return true;
    }

    /// <summary>Reads the console's form.</summary>
    /// <exception cref="FormatException">Not 43 Base64 characters; the message names the form, never the value.</exception>
    public static EncodingAesKey Parse(string text) =>
        TryParse(text, out var key)
            ? key
            : throw new FormatException("An EncodingAESKey is 43 characters of A-Z a-z 0-9 + / as the WeChat console shows them, without padding or spaces.");

    /// <summary>The type name: a key is never printed.</summary>
    public override string ToString() => nameof(EncodingAesKey);
}
