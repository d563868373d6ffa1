using System.Security.Cryptography;
using System.Text;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Crypto;
using CsCheck;

namespace CrmServerless.Tests.WeChat;

public sealed class MessageCipherTests
{
    private static readonly EncodingAesKey Key = Vectors.JavaSample.AesKey;
    private static readonly byte[] Random = Encoding.ASCII.GetBytes("aaaabbbbccccdddd");

    private static readonly Vectors.Vector[] All =
        [Vectors.OfficialAccount, Vectors.OfficialAccountReply, Vectors.WeComVerification, Vectors.WechatpyVerification, Vectors.JavaSample];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, All.Length)];

    [Theory]
    [MemberData(nameof(Indices))]
    public void The_documented_ciphertexts_are_read(int index)
    {
        var vector = All[index];
        Assert.Equal(
            new Decrypted(DecryptFailure.None, vector.Message, vector.ReceiveId),
            MessageCipher.Decrypt(vector.AesKey, vector.Encrypt, vector.ReceiveId));
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void The_documented_ciphertexts_are_produced(int index)
    {
        var vector = All[index];
        if (vector.Random is null) return;
        Assert.Equal(vector.Encrypt, MessageCipher.Encrypt(vector.AesKey, vector.Message, vector.ReceiveId, vector.RandomBytes));
    }

    [Fact]
    public void The_official_WeCom_message_with_its_padding_of_30_is_read_and_parsed()
    {
        var opened = MessageCipher.Decrypt(Vectors.WeComVerification.AesKey, Vectors.WeComMessage.Encrypt, Vectors.WeComVerification.ReceiveId);

        Assert.Equal(DecryptFailure.None, opened.Failure);
        Assert.True(CallbackParser.TryParse(opened.Message, out var callback, out _));
        var text = Assert.IsType<TextMessage>(callback);
        Assert.Equal(("hello", "mycreate", 4561255354251345929L), (text.Content, text.FromUserName, text.MsgId));
    }

    [Fact]
    public void Every_padding_from_1_to_32_is_written_and_read()
    {
        var seen = new HashSet<int>();
        for (var length = 0; length < 32; length++)
        {
            var message = new string('x', length);
            var encrypt = MessageCipher.Encrypt(Key, message, "");
            // 20 bytes of head, then the padding up to a multiple of 32.
            seen.Add(Convert.FromBase64String(encrypt).Length - 20 - length);
            Assert.Equal(message, MessageCipher.Decrypt(Key, encrypt, "").Message);
        }

        Assert.Equal(Enumerable.Range(1, 32), seen.Order());
    }

    [Fact]
    public void Whatever_is_encrypted_decrypts_to_itself() =>
        Gen.Select(Gen.String, Gen.String[Gen.Char.AlphaNumeric, 0, 40]).Sample((text, receiveId) =>
        {
            // Half a surrogate pair has no UTF-8 form.
            var message = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            return MessageCipher.Decrypt(Key, MessageCipher.Encrypt(Key, message, receiveId), receiveId)
                == new Decrypted(DecryptFailure.None, message, receiveId);
        });

    [Fact]
    public void The_same_message_never_encrypts_twice_alike() =>
        Assert.NotEqual(MessageCipher.Encrypt(Key, "x", "a"), MessageCipher.Encrypt(Key, "x", "a"));

    [Fact]
    public void Every_truncation_is_refused()
    {
        var encrypt = Vectors.OfficialAccount.Encrypt;
        for (var length = 0; length < encrypt.Length; length++)
        {
            var opened = MessageCipher.Decrypt(Vectors.OfficialAccount.AesKey, encrypt[..length], Vectors.OfficialAccount.ReceiveId);
            Assert.NotEqual(DecryptFailure.None, opened.Failure);
            Assert.Equal("", opened.Message);
        }
    }

    [Fact]
    public void Arbitrary_texts_are_refused_without_an_exception() =>
        Gen.OneOf(Gen.String, Gen.Byte.Array[0, 200].Select(Convert.ToBase64String), Gen.Byte.Array[64].Select(Convert.ToBase64String))
            .Sample(text => MessageCipher.Decrypt(Key, text, "wx").Failure != DecryptFailure.None);

    [Fact]
    public void Each_fault_has_its_name()
    {
        Assert.Equal(DecryptFailure.Base64, Failure("not base64!"));
        Assert.Equal(DecryptFailure.Base64, Failure(null!));
        Assert.Equal(DecryptFailure.Base64, Failure(Vectors.JavaSample.Encrypt.Replace('+', ' ')));
        Assert.Equal(DecryptFailure.Length, Failure(""));
        Assert.Equal(DecryptFailure.Length, Failure(Convert.ToBase64String(new byte[48])));
        Assert.Equal(DecryptFailure.Padding, Failure(Seal([.. new byte[31], 0])));
        Assert.Equal(DecryptFailure.Padding, Failure(Seal([.. new byte[31], 33])));
        Assert.Equal(DecryptFailure.Padding, Failure(Seal([.. new byte[30], 9, 2])));
        // 32 bytes of padding leave nothing to hold the head.
        Assert.Equal(DecryptFailure.InnerLength, Failure(Seal(Enumerable.Repeat((byte)32, 32).ToArray())));
        Assert.Equal(DecryptFailure.InnerLength, Failure(Seal(Plain(length: 12))));
        Assert.Equal(DecryptFailure.InnerLength, Failure(Seal(Plain(length: uint.MaxValue))));
        Assert.Equal(DecryptFailure.Content, MessageCipher.Decrypt(Key, Seal(Plain(length: 1, first: 0xFF)), "0123456789").Failure);
        // A text that is none, for somebody else: whose it is comes first. The receive-id may be no text either.
        Assert.Equal(DecryptFailure.ReceiveId, Failure(Seal(Plain(length: 1, first: 0xFF))));
        Assert.Equal(DecryptFailure.ReceiveId, Failure(Seal(Plain(length: 0, first: 0xFF))));
        Assert.Equal(DecryptFailure.None, MessageCipher.Decrypt(Key, Seal(Plain(length: 11)), "").Failure);
    }

    [Fact]
    public void Another_account_is_refused_and_named_but_its_message_is_not_given()
    {
        var opened = MessageCipher.Decrypt(Key, Vectors.JavaSample.Encrypt, "wx0000000000000000");
        Assert.Equal(new Decrypted(DecryptFailure.ReceiveId, "", "wxb11529c136998cb6"), opened);
        Assert.Equal(DecryptFailure.ReceiveId, MessageCipher.Decrypt(Key, Vectors.JavaSample.Encrypt, "").Failure);
    }

    [Fact]
    public void A_wrong_key_is_refused() =>
        Assert.NotEqual(
            DecryptFailure.None,
            MessageCipher.Decrypt(Vectors.OfficialAccount.AesKey, Vectors.JavaSample.Encrypt, Vectors.JavaSample.ReceiveId).Failure);

    [Fact]
    public void A_decrypted_message_does_not_print_itself() =>
        Assert.Equal("14 characters", new Decrypted(DecryptFailure.None, "13800138000...", "wx").ToString());

    private static DecryptFailure Failure(string encrypt) => MessageCipher.Decrypt(Key, encrypt, Vectors.JavaSample.ReceiveId).Failure;

    /// <summary>One block: 16 random bytes, the given length, 11 bytes, one byte of padding.</summary>
    private static byte[] Plain(uint length, byte first = (byte)'x') =>
        [.. Random, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, first, .. "0123456789"u8, 1];

    private static string Seal(byte[] plain)
    {
        using var aes = Aes.Create();
        aes.Key = Convert.FromBase64String(Vectors.JavaSample.Key + "=");
        return Convert.ToBase64String(aes.EncryptCbc(plain, aes.Key.AsSpan(0, 16), PaddingMode.None));
    }
}
