using System.Security.Cryptography;
using System.Text;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Receive;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Tests.Stages;

public sealed class CallbackDoorTests
{
    private const string Payload =
        "<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><FromUserName><![CDATA[oUser1]]></FromUserName><CreateTime>1772416800</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[我要维权]]></Content><MsgId>23456789012345678</MsgId></xml>";

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(10);
    private static readonly EncodingAesKey Other = EncodingAesKey.Parse(new string('B', 43));

    [Fact]
    public void A_signed_and_sealed_callback_is_let_in()
    {
        var admission = Admit(Sealed.Of(Some.Account, Payload, Some.Now));
        Assert.Equal((200, "accepted", Payload), (admission.Status, admission.Reason, admission.Payload));
        Assert.Equal("我要维权", Assert.IsType<TextMessage>(admission.Callback).Content);
    }

    [Theory] // both ways, both ends inclusive
    [InlineData(-600, 200)]
    [InlineData(-601, 403)]
    [InlineData(600, 200)]
    [InlineData(601, 403)]
    public void Ten_minutes_of_skew_are_allowed_both_ways(int seconds, int status)
    {
        var call = Sealed.Of(Some.Account, Payload, Some.Now.AddSeconds(seconds));
        Assert.Equal(status, Admit(call).Status);
        Assert.Equal((status, status == 200 ? "echo" : ""), Echo(Some.Account, call.Query));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("-1772416800")]
    [InlineData("+1772416800")]
    [InlineData(" 1772416800")]
    [InlineData("1772416800.0")]
    [InlineData("1772416800000")]
    [InlineData("9223372036854775807")]
    [InlineData("99999999999999999999")]
    public void A_time_that_is_none_is_stale_however_well_it_is_signed(string timestamp)
    {
        var call = Sealed.OfCipher(Some.Account, MessageCipher.Encrypt(Some.Account.EncodingAesKey, Payload, Some.Account.AppId), timestamp);
        Assert.Equal((403, "stale"), Refusal(Admit(call)));
        Assert.Equal((403, ""), Echo(Some.Account, call.Query));
    }

    [Fact]
    public void Nothing_is_decrypted_before_the_envelope_the_time_and_the_signature_are_right()
    {
        // Each call has every later fault too, so the first refusal shows the order.
        var garbage = Sealed.OfCipher(Some.Account, "not even Base64 !", "1");
        Assert.Equal((400, "envelope"), Refusal(Admit(garbage with { Body = "<xml>"u8.ToArray() })));
        Assert.Equal((403, "stale"), Refusal(Admit(garbage with { Query = garbage.Query with { MsgSignature = "wrong" } })));
        var fresh = Sealed.OfCipher(Some.Account, "not even Base64 !", "1772416800");
        Assert.Equal((403, "signature"), Refusal(Admit(fresh with { Query = fresh.Query with { MsgSignature = "wrong" } })));
        Assert.Equal((403, "decrypt"), Refusal(Admit(fresh)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html/>")]
    [InlineData("<xml/>")]
    [InlineData("<!DOCTYPE xml [<!ENTITY a 'b'>]><xml><Encrypt>&a;</Encrypt></xml>")]
    public void A_body_that_is_no_envelope_is_a_bad_request(string body) =>
        Assert.Equal((400, "envelope"), Refusal(Admit(Sealed.Of(Some.Account, Payload, Some.Now) with { Body = Encoding.UTF8.GetBytes(body) })));

    [Fact]
    public void Each_part_of_the_signature_counts()
    {
        var call = Sealed.Of(Some.Account, Payload, Some.Now);
        Assert.Equal("signature", Admit(call with { Query = call.Query with { Nonce = "other" } }).Reason);
        Assert.Equal("signature", Admit(call with { Query = call.Query with { Nonce = null } }).Reason);
        Assert.Equal("signature", Admit(call with { Query = call.Query with { MsgSignature = null } }).Reason);
        Assert.Equal("signature", Admit(call with { Query = call.Query with { Timestamp = "1772416801" } }).Reason);
        // The plain signature covers no content and opens nothing.
        Assert.Equal("signature", Admit(call with { Query = call.Query with { MsgSignature = call.Query.Signature } }).Reason);
        Assert.Equal("signature", Admit(call, Some.Account with { Token = "Other2026" }).Reason);
        Assert.Equal("signature", Admit(call with { Body = Sealed.Of(Some.Account, Payload + " ", Some.Now).Body }).Reason);
    }

    [Fact]
    public void During_a_rotation_the_previous_key_opens_too()
    {
        var call = Sealed.Of(Some.Account, Payload, Some.Now, Other);
        Assert.Equal((403, "decrypt"), Refusal(Admit(call)));
        Assert.Equal(200, Admit(call, Rotating).Status);
        Assert.Equal(200, Admit(Sealed.Of(Some.Account, Payload, Some.Now), Rotating).Status);
    }

    [Fact]
    public void A_callback_for_another_receive_id_is_refused_by_whatever_key()
    {
        foreach (var account in new[] { Some.Account, Rotating })
            foreach (var key in new[] { Some.Account.EncodingAesKey, Other })
                foreach (var id in new[] { "wx0000000000000000", "", "WXBA5FAD812F8E6FB9" })
                    Assert.Equal((403, "decrypt"), Refusal(Admit(Sealed.Of(account, Payload, Some.Now, key, id), account)));
    }

    [Fact]
    public void A_wrong_key_is_refused_also_where_it_seems_to_fit()
    {
        // Search for the one in 256 whose last byte under the current key looks like a padding.
        for (var n = 0; ; n++)
        {
            byte[] random = [.. BitConverter.GetBytes(n), .. new byte[12]];
            var encrypt = MessageCipher.Encrypt(Other, Payload, Some.Account.AppId, random);
            if (MessageCipher.Decrypt(Some.Account.EncodingAesKey, encrypt, Some.Account.AppId).Failure == DecryptFailure.Padding) continue;

            var call = Sealed.OfCipher(Some.Account, encrypt, "1772416800");
            Assert.Equal((403, "decrypt"), Refusal(Admit(call)));
            // To a rotating account it is no riddle: the previous key opens it.
            Assert.Equal((200, Other), (Admit(call, Rotating).Status, Admit(call, Rotating).Key));
            var foreign = Sealed.OfCipher(Rotating, MessageCipher.Encrypt(Other, Payload, "wx0000000000000000", random), "1772416800");
            Assert.Equal((403, "decrypt"), Refusal(Admit(foreign, Rotating)));
            return;
        }
    }

    [Fact]
    public void No_ciphertext_under_a_wrong_key_is_ever_acknowledged()
    {
        for (var n = 0; n < 1000; n++)
        {
            var encrypt = MessageCipher.Encrypt(Other, Payload, Some.Account.AppId, [.. BitConverter.GetBytes(n), .. new byte[12]]);
            Assert.Equal(403, Admit(Sealed.OfCipher(Some.Account, encrypt, "1772416800")).Status);
        }
    }

    [Theory]
    [InlineData("<xml><FromUserName>o</FromUserName>")]
    [InlineData("<!DOCTYPE xml><xml/>")]
    [InlineData("{}")]
    [InlineData("")]
    public void A_verified_payload_that_cannot_be_read_is_let_in_since_a_retry_cannot_help(string payload)
    {
        var admission = Admit(Sealed.Of(Some.Account, payload, Some.Now));
        Assert.Equal((200, "payload", null, payload), (admission.Status, admission.Reason, admission.Callback, admission.Payload));
    }

    [Fact]
    public void Also_one_that_is_no_text_and_also_during_a_rotation()
    {
        foreach (var account in new[] { Some.Account, Rotating })
        {
            var admission = Admit(Sealed.OfCipher(account, NotUtf8("QingHeTeaShopSampleKeyDoNotUseInProduction1"), "1772416800"), account);
            Assert.Equal((200, "content", null), (admission.Status, admission.Reason, admission.Callback));
        }

        Assert.Equal((200, "content"), Refusal(Admit(Sealed.OfCipher(Rotating, NotUtf8(new string('B', 43)), "1772416800"), Rotating)));
    }

    [Fact]
    public void The_console_is_answered_with_its_echo_and_nobody_else()
    {
        var query = Sealed.Of(Some.Account, Payload, Some.Now).Query;
        Assert.Equal((200, "echo"), Echo(Some.Account, query));
        Assert.Equal((200, ""), Echo(Some.Account, query with { EchoStr = null }));
        Assert.Equal((403, ""), Echo(Some.Account, query with { Signature = query.MsgSignature }));
        Assert.Equal((403, ""), Echo(Some.Account, query with { Signature = null }));
        Assert.Equal((403, ""), Echo(Some.Account, query with { Timestamp = null }));
        Assert.Equal((403, ""), Echo(Some.Account with { Token = "Other2026" }, query));
    }

    private static Account Rotating => Some.Account with { PreviousEncodingAesKey = Other };

    private static (int, string) Echo(Account account, CallbackQuery query)
    {
        var admission = CallbackDoor.Verify(account, query, Some.Now, Skew);
        return (admission.Status, admission.Payload);
    }

    private static Admission Admit(Sealed call, Account? account = null) => CallbackDoor.Admit(account ?? Some.Account, call.Query, call.Body, Some.Now, Skew);

    private static (int Status, string Reason) Refusal(Admission admission)
    {
        Assert.Null(admission.Callback);
        if (admission.Status != 200) Assert.Equal("", admission.Payload);
        return (admission.Status, admission.Reason);
    }

    // 16 random bytes, the length 2, the bytes FF FE, the appid, padding to a multiple of 32: by hand, since no string is that.
    private static string NotUtf8(string key)
    {
        byte[] plain = [.. new byte[16], 0, 0, 0, 2, 0xFF, 0xFE, .. "wxba5fad812f8e6fb9"u8];
        var padding = 32 - (plain.Length % 32);
        using var aes = Aes.Create();
        aes.Key = Convert.FromBase64String(key + "=");
        return Convert.ToBase64String(aes.EncryptCbc([.. plain, .. Enumerable.Repeat((byte)padding, padding)], aes.Key.AsSpan(0, 16), PaddingMode.None));
    }
}
