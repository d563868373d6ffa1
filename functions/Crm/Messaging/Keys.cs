using System.Buffers;
using System.Text;

namespace CrmServerless.Crm.Messaging;

/// <summary>
/// Keys say what must stay in order. Their alphabet is legal in every store and broker: <c>A-Z a-z 0-9 . _ - ~ : @ |</c>,
/// at most 120 bytes; anything else is escaped <c>=HH</c> per UTF-8 byte, anything longer is cut and ends in a hash.
/// </summary>
public static class Keys
{
    public const int MaxBytes = 120;

    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-~:@|");

    private static readonly SearchValues<char> Legal =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-~:@|=");

    /// <summary>The key of one customer of one account.</summary>
    /// <remarks>A customer must not be able to name himself into the reserved half of the key space, so his first <c>~</c> is escaped.</remarks>
    public static string Customer(string account, string openId) =>
        openId.StartsWith('~') ? EscapeAll($"{account}:{openId}", account.Length + 1) : Escape($"{account}:{openId}");

    /// <summary>The key of what belongs to the account as a whole and has no customer file.</summary>
    public static string AccountWide(string account) => Escape($"{account}:~account");

    /// <summary>The key of what a member of staff does and of what befalls him.</summary>
    public static string Staff(string account, string userId) => Escape($"{account}:~staff:{userId}");

    /// <summary>The key of one customer group.</summary>
    public static string Chat(string account, string chatId) => Escape($"{account}:~chat:{chatId}");

    /// <summary>True for the key of a customer group.</summary>
    public static bool IsChat(string key) => key.AsSpan(key.IndexOf(':') + 1).StartsWith("~chat:", StringComparison.Ordinal);

    /// <summary>True if a customer file stands behind the key.</summary>
    public static bool HasCustomer(string key) =>
        key.IndexOf(':') is var colon and >= 0 && colon + 1 < key.Length && key[colon + 1] != '~';

    public static string Account(string key) => key.IndexOf(':') is var colon and >= 0 ? key[..colon] : key;

    /// <summary>The openid part of a customer's key.</summary>
    public static string OpenId(string key) => key[(key.IndexOf(':') + 1)..];

    /// <summary>True for what a store or a broker may be given as key or id.</summary>
    public static bool IsLegal(string text) =>
        text.Length is > 0 and <= MaxBytes && text.AsSpan().IndexOfAnyExcept(Legal) < 0;

    /// <summary>Makes any text a legal key or id; text of the plain alphabet stays as it is.</summary>
    public static string Escape(string text)
    {
        if (text.Length is > 0 and <= MaxBytes && text.AsSpan().IndexOfAnyExcept(Plain) < 0) return text;
        return EscapeAll(text, -1);
    }

    // One plain character may be escaped too: the one at this place.
    private static string EscapeAll(string text, int guarded)
    {
        var position = 0;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (position != guarded && rune.IsBmp && Plain.Contains((char)rune.Value)) escaped.Append((char)rune.Value);
            else AppendHex(escaped, rune);
            position += rune.Utf16SequenceLength;
        }

        if (escaped.Length is > 0 and <= MaxBytes) return escaped.ToString();
        var hash = Ids.Hash(text);
        return escaped.ToString(0, Math.Min(escaped.Length, MaxBytes - hash.Length - 1)) + "~" + hash;
    }

    private static void AppendHex(StringBuilder escaped, Rune rune)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var b in utf8[..rune.EncodeToUtf8(utf8)]) escaped.Append('=').Append(b.ToString("X2", null));
    }
}
