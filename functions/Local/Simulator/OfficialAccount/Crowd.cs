using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// Any number of followers without storing one of them: an openid is its follower's number, enciphered under the
/// account's seed, and so tells its number again. What a follower is like follows from the number too.
/// </summary>
public sealed class Crowd
{
    /// <summary>Followers on one page of <c>user/get</c>.</summary>
    public const int PageSize = 10_000;

    // As with WeChat, all openids of an account begin alike and have 28 characters.
    private const int Block = 16;
    private const int Head = 6;
    private const int Length = 28;

    private static readonly string[] Ways = ["ADD_SCENE_SEARCH", "ADD_SCENE_PROFILE_CARD", "ADD_SCENE_QR_CODE", "ADD_SCENE_PROFILE_LINK", "ADD_SCENE_OTHERS"];
    private static readonly DateTimeOffset First = new(2023, 1, 1, 0, 0, 0, TimeSpan.FromHours(8));

    private readonly byte[] key;
    private readonly string head;
    private readonly ulong mark;

    /// <param name="seed">The account's; the same seed gives the same followers.</param>
    public Crowd(string seed)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(seed));
        key = hash[..Block];
        head = "o" + Base64Url.EncodeToString(hash.AsSpan(Block))[..(Head - 1)];
        mark = BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan(24));
    }

    /// <summary>How many there are; numbers 0 to this are followers.</summary>
    public int Count { get; set; }

    /// <summary>The openids of some followers in a row.</summary>
    public string[] OpenIds(int from, int count)
    {
        var blocks = new byte[count * Block];
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(blocks.AsSpan(i * Block), (ulong)(from + i));
            BinaryPrimitives.WriteUInt64LittleEndian(blocks.AsSpan((i * Block) + 8), mark);
        }

        using var cipher = Cipher();
        // One block each and never the same twice: there is nothing for a mode to hide.
        var enciphered = cipher.EncryptEcb(blocks, PaddingMode.None);
        var openIds = new string[count];
        for (var i = 0; i < count; i++) openIds[i] = head + Base64Url.EncodeToString(enciphered.AsSpan(i * Block, Block));
        return openIds;
    }

    /// <summary>The follower's number; null if the openid is of nobody in this crowd.</summary>
    public int? IndexOf(string openId)
    {
        if (openId.Length != Length || !openId.StartsWith(head, StringComparison.Ordinal)) return null;
        Span<byte> block = stackalloc byte[Block];
        if (Base64Url.DecodeFromChars(openId.AsSpan(Head), block, out _, out var written) != OperationStatus.Done || written != Block) return null;
        using var cipher = Cipher();
        var plain = cipher.DecryptEcb(block, PaddingMode.None);
        var number = BinaryPrimitives.ReadUInt64LittleEndian(plain);
        return BinaryPrimitives.ReadUInt64LittleEndian(plain.AsSpan(8)) == mark && number < (ulong)Count ? (int)number : null;
    }

    /// <summary>When and how a follower came.</summary>
    public static (DateTimeOffset At, string Scene) Came(int number) =>
        (First.AddSeconds(number * 53L), Ways[number % Ways.Length]);

    private Aes Cipher()
    {
        var cipher = Aes.Create();
        cipher.Key = key;
        return cipher;
    }
}
