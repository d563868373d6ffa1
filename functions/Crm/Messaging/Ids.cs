using System.Security.Cryptography;
using System.Text;

namespace CrmServerless.Crm.Messaging;

/// <summary>
/// Deterministic ids: the same callback, however often WeChat delivers it and however it is encrypted, has one id, and
/// so has everything that follows from it.
/// </summary>
public static class Ids
{
    private const int Length = 26;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>
    /// Id of a callback. WeChat's own advice (MsgId for messages, FromUserName + CreateTime for events) loses data:
    /// a MsgId may repeat across users, and two events of one user in one second share the other key. So with a MsgId
    /// the whole quadruple counts, and without one the decrypted content. Never the ciphertext or the query, which may
    /// differ from delivery to delivery.
    /// </summary>
    public static string ForCallback(string account, string from, long? msgId, long createTime, string plaintext) =>
        msgId is { } id ? Hash($"{account}|{from}|{id}|{createTime}") : Hash($"{account}|{plaintext}");

    /// <summary>Id of the n-th fact that a stage makes of another.</summary>
    public static string Child(string id, string stage, int n) => Keys.Escape($"{id}.{stage}.{n}");

    /// <summary>First 26 characters (130 bits) of the lower-case base32 of the SHA-256.</summary>
    public static string Hash(string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        Span<char> chars = stackalloc char[Length];
        for (var i = 0; i < Length; i++)
        {
            var bit = i * 5;
            var pair = (digest[bit / 8] << 8) | digest[(bit / 8) + 1];
            chars[i] = Alphabet[(pair >> (11 - (bit % 8))) & 31];
        }

        return new string(chars);
    }
}
