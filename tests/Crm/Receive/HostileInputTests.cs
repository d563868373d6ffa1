using System.Security.Cryptography;
using System.Text;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Fuzz;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Crypto;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Stages;

/// <summary>
/// What comes through the signature is kept, however strange it is, since a retry could not help; what does not is
/// refused, and every refusal of a status looks like any other.
/// </summary>
public sealed class HostileInputTests : IAsyncDisposable
{
    private const string Bomb = "<!DOCTYPE xml [<!ENTITY a 'SECRETSECRET'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]>";
    private const string External = "<!DOCTYPE xml [<!ENTITY c SYSTEM 'file:///etc/passwd'>]>";

    private readonly Door door = new(new FakeTimeProvider(Some.Now));

    public ValueTask DisposeAsync() => door.DisposeAsync();

    public static TheoryData<string> Unreadable =>
    [
        Bomb + "<xml><FromUserName>&c;</FromUserName><MsgType>text</MsgType></xml>",
        External + "<xml><FromUserName>o</FromUserName><MsgType>text</MsgType><Content>&c;</Content></xml>",
        "<!DOCTYPE xml SYSTEM 'http://127.0.0.1:1/x.dtd'><xml><FromUserName>o</FromUserName><MsgType>text</MsgType></xml>",
        "<html><body>Please sign in</body></html>",
        "<xml><FromUserName>o</FromUserName><MsgType>text</MsgType>",
        "<xml><MsgType>text</MsgType></xml>",
        "<xml>" + string.Concat(Enumerable.Repeat("<a>", 4000)) + string.Concat(Enumerable.Repeat("</a>", 4000)) + "</xml>",
        string.Concat(Enumerable.Repeat("[", 50_000)),
        "\uFEFF\u0000",
        "茶",
    ];

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_is_signed_and_cannot_be_read_is_kept_whole_and_nothing_in_it_is_expanded(string payload)
    {
        var outcome = await door.Seal(payload);
        Assert.Equal(200, outcome.Status);
        Assert.Equal("safe:~account", outcome.Fact!.Key);
        Assert.Equal(payload, outcome.Received().Payload);
    }

    [Fact]
    public async Task Characters_that_XML_cannot_carry_are_kept_in_what_is_kept()
    {
        var payload = Xml.Text(Some.OpenId, "a\u000Bb\u0000c\uFFFFd\u001Be", 1, Some.Now);
        var received = (await door.Seal(payload)).Received();
        Assert.Equal((Kinds.Text, payload, "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe"), (received.Kind, received.Payload, received.Text));
    }

    [Theory]
    [InlineData("oUser", "main:oUser")]
    [InlineData("~account", "main:=7Eaccount")] // not the account's own timeline
    [InlineData("a|b/../c\u0001", null)]
    [InlineData("所有人", null)]
    public async Task No_customer_can_name_himself_into_a_key_of_another_form(string customer, string? key)
    {
        foreach (var name in new[] { customer, customer + new string('长', 5000) })
        {
            var fact = (await door.Seal(Xml.Text(name, "x", 1, Some.Now))).Fact!;
            Assert.True(Keys.IsLegal(fact.Key) && Keys.IsLegal(fact.Id));
            Assert.True(Keys.HasCustomer(fact.Key));
            if (key is not null && name == customer) Assert.Equal(key.Replace("main", "safe", StringComparison.Ordinal), fact.Key);
        }
    }

    [Theory]
    [InlineData("<CreateTime>1772416800</CreateTime><CreateTime>1</CreateTime><MsgId>7</MsgId><MsgId>8</MsgId>", "2026-03-02T02:00:00Z", false)]
    [InlineData("<CreateTime>1772416800123</CreateTime><MsgId>7</MsgId>", "2026-03-02T02:00:00.123Z", true)]
    [InlineData("<CreateTime>99999999999999999999999999</CreateTime><MsgId>99999999999999999999999999</MsgId>", "1970-01-01T00:00:00Z", true)]
    [InlineData("<CreateTime>-9223372036854775808</CreateTime><MsgId>-1</MsgId>", "1970-01-01T00:00:00Z", true)]
    [InlineData("<MsgId></MsgId>", "1970-01-01T00:00:00Z", true)]
    public async Task Double_missing_and_impossible_numbers_lose_no_message(string fields, string occurredAt, bool implausible)
    {
        var fact = (await door.Seal($"<xml><FromUserName>o</FromUserName><MsgType>text</MsgType><Content>茶</Content>{fields}</xml>")).Fact!;
        Assert.Equal(DateTimeOffset.Parse(occurredAt, System.Globalization.CultureInfo.InvariantCulture), fact.OccurredAt);
        Assert.Equal(implausible, fact.CountedAt is not null);
        Assert.Equal(Kinds.Text, fact.Kind);
    }

    [Theory]
    [InlineData("application/json; charset=gb2312")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/xml; charset=utf-16")]
    [InlineData("\u0001")]
    [InlineData(null)]
    public async Task Whatever_the_content_type_claims_the_bytes_count(string? contentType)
    {
        door.ContentType = contentType;
        Assert.Equal("茶", (await door.Seal(Xml.Text(Some.OpenId, "茶", 1, Some.Now))).Received().Text);
    }

    [Fact]
    public async Task A_key_that_is_not_canonical_Base64_works_as_those_of_the_console_do()
    {
        const string account = "rotating";
        Assert.False(System.Buffers.Text.Base64.IsValid(Targets.Find(account).AesKey + "="));
        Assert.Equal(200, (await door.Seal(Xml.Text(Some.OpenId, "茶", 1, Some.Now), account)).Status);
    }

    [Fact]
    public async Task Every_truncation_of_a_ciphertext_is_refused_alike_however_well_it_is_signed()
    {
        var account = Targets.Find("safe").Account;
        var whole = MessageCipher.Encrypt(account.EncodingAesKey, Xml.Text(Some.OpenId, "SECRET-CONTENT", 1, Some.Now), account.ReceiveId, "aaaabbbbccccdddd"u8);
        var bytes = Convert.FromBase64String(whole);
        var looks = new HashSet<string>(StringComparer.Ordinal);
        for (var length = 1; length < whole.Length; length++) looks.Add((await door.Sign(whole[..length])).Look());
        for (var length = 1; length < bytes.Length; length++) looks.Add((await door.Sign(Convert.ToBase64String(bytes.AsSpan(0, length)))).Look());
        for (var at = 0; at < bytes.Length; at += 16) looks.Add((await door.Sign(Convert.ToBase64String([.. bytes[..at], .. new byte[16], .. bytes[at..]]))).Look());
        Assert.StartsWith("403\n", Assert.Single(looks), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_refusal_tells_a_wrong_padding_from_a_wrong_length_a_wrong_account_or_a_wrong_signature()
    {
        var target = Targets.Find("safe");
        var payload = Encoding.UTF8.GetBytes(Xml.Text(Some.OpenId, "SECRET-CONTENT", 1, Some.Now));
        var random = new Random(1);
        byte[] Framed(byte[] message, string id) => Frame.Of(random, message, id);
        byte[] padding0 = Framed(payload, target.Account.AppId), padding33 = Framed(payload, target.Account.AppId), uneven = Framed(payload, target.Account.AppId), length = Framed(payload, target.Account.AppId);
        (padding0[^1], padding33[^1], length[16]) = (0, 33, 0xFF);
        uneven[^2] ^= 1;
        string[] ciphers = [.. new[] { padding0, padding33, uneven, length, Framed(payload, "wx0000000000000000"), Framed(payload, ""), new byte[32] }.Select(f => Frame.Encrypt(target.Key, f))];
        var looks = new List<string>();
        foreach (var cipher in ciphers.Append("not Base64 !").Append(Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)))) looks.Add((await door.Sign(cipher)).Look());
        looks.Add((await door.Send(door.Query("other"), Encoding.UTF8.GetBytes(Xml.Envelope(ciphers[0])))).Look());
        looks.Add((await door.Send("?timestamp=1", Encoding.UTF8.GetBytes(Xml.Envelope(ciphers[0])))).Look());
        looks.Add((await door.Get("?echostr=SECRET-CONTENT")).Look());
        Assert.Equal("403\nContent-Length: 7\nContent-Type: text/plain; charset=utf-8\nX-Content-Type-Options: nosniff\n\nrefused", Assert.Single(looks.Distinct()));
    }

    [Theory]
    [InlineData(Bomb + "<xml><Encrypt>&c;</Encrypt></xml>")]
    [InlineData(External + "<xml><Encrypt>&c;</Encrypt></xml>")]
    [InlineData("<html><body>SECRET-CONTENT</body></html>")]
    [InlineData("<xml><Encrypt><a><Encrypt>SECRET-CONTENT</Encrypt></a></Encrypt></xml>")]
    [InlineData("\u0000\u0001\u0002")]
    [InlineData("<xml><ToUserName>SECRET-CONTENT</ToUserName>")]
    public async Task Nothing_of_a_malformed_envelope_is_expanded_echoed_or_looks_different(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        foreach (var sent in new[] { bytes, [0xEF, 0xBB, 0xBF, .. bytes], [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(body)], [.. "\r\n "u8, .. bytes] })
            Assert.Equal("400\nContent-Length: 7\nContent-Type: text/plain; charset=utf-8\nX-Content-Type-Options: nosniff\n\nrefused", (await door.Send(door.Query("x"), sent)).Look());
    }

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData("\r\n\t \uFEFF")]
    [InlineData("\uFEFF<?xml version=\"1.0\" encoding=\"utf-16\"?>")]
    public async Task A_byte_order_mark_and_a_lying_declaration_around_a_genuine_callback_do_no_harm(string before)
    {
        var account = Targets.Find("safe").Account;
        var encrypt = MessageCipher.Encrypt(account.EncodingAesKey, before + Xml.Text(Some.OpenId, "茶", 1, Some.Now), account.ReceiveId);
        var outcome = await door.Send(door.Query(encrypt), Encoding.UTF8.GetBytes(before + Xml.Envelope(encrypt)));
        Assert.Equal("茶", outcome.Received().Text);
    }

    [Fact]
    public async Task Nothing_of_what_is_refused_or_accepted_is_logged()
    {
        var secret = Xml.Text("oSECRET", "SECRET-CONTENT", 1, Some.Now);
        foreach (var target in Targets.All)
        {
            await door.Seal(secret, target.Account.Name);
            await door.Seal(secret + "SECRET<", target.Account.Name);
            await door.Sign("SECRET", target.Account.Name);
            await door.Sign(Convert.ToBase64String(new byte[64]), target.Account.Name);
            await door.Send("?msg_signature=SECRET&nonce=SECRET&timestamp=SECRET", Encoding.UTF8.GetBytes(secret), target.Account.Name);
            await door.Get("?echostr=SECRET", target.Account.Name);
        }

        Assert.Contains(door.Log.Lines, line => line.Contains("check EncodingAesKey", StringComparison.Ordinal));
        Assert.All(door.Log.Lines, line =>
        {
            Assert.DoesNotContain("SECRET", line, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("QingHeTea", line, StringComparison.Ordinal); // token and key
        });
    }
}
