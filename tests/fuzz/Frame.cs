using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CrmServerless.Fuzz;

/// <summary>
/// What is encrypted, by hand: random(16), length, message, receive-id, padding. The product's own cipher would not make
/// the wrong ones.
/// </summary>
public static class Frame
{
    public static byte[] Of(Random random, byte[] message, string receiveId)
    {
        var unpadded = new byte[20 + message.Length + Encoding.UTF8.GetByteCount(receiveId)];
        random.NextBytes(unpadded.AsSpan(0, 16));
        BinaryPrimitives.WriteUInt32BigEndian(unpadded.AsSpan(16), (uint)message.Length);
        message.CopyTo(unpadded, 20);
        Encoding.UTF8.GetBytes(receiveId, unpadded.AsSpan(20 + message.Length));
        var padding = 32 - (unpadded.Length % 32);
        return [.. unpadded, .. Enumerable.Repeat((byte)padding, padding)];
    }

    /// <summary>A fault in it that only who has the key can make: the signature will be right.</summary>
    public static byte[] Spoil(Random random, byte[] message, string receiveId)
    {
        switch (random.Next(7))
        {
            case 0: return Of(random, message, random.Next(3) switch { 0 => "", 1 => receiveId + " ", _ => "wx9999999999999999" });
            case 1: return Of(random, Mutations.Mutate(random, message), receiveId); // mostly no UTF-8 any more
            case 2: return Pad(random, Of(random, message, receiveId));
            case 3: return Mutations.Mutate(random, Of(random, message, receiveId));
            case 4: return Of(random, message, receiveId)[..^random.Next(1, 33)];
            case 5:
                var small = new byte[random.Next(0, 4) * 16];
                random.NextBytes(small);
                return small;
            default:
                var frame = Of(random, message, receiveId);
                BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(16), random.Next(4) switch
                {
                    0 => uint.MaxValue, 1 => int.MaxValue, 2 => (uint)message.Length + 1, _ => (uint)random.Next(message.Length + 1),
                });
                return frame;
        }
    }

    /// <summary>Base64 of AES-256-CBC; what is no multiple of 16 is cut to one, else it could not be encrypted.</summary>
    public static string Encrypt(byte[] key, byte[] frame)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        return Convert.ToBase64String(aes.EncryptCbc(frame.AsSpan(0, frame.Length / 16 * 16), key.AsSpan(0, 16), PaddingMode.None));
    }

    private static byte[] Pad(Random random, byte[] frame)
    {
        var padding = frame[^1];
        if (random.Next(2) == 0) frame[^1] = (byte)random.Next(256);
        else frame[^random.Next(1, padding + 1)] ^= (byte)random.Next(1, 256);
        return frame;
    }
}
