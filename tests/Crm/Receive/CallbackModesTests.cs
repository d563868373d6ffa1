using System.Text;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Receive;
using CrmServerless.Tests.Support;
using CrmServerless.Tests.WeChat;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Callbacks.WeCom;
using CrmServerless.WeChat.Crypto;
using CrmServerless.WeChat.Replies;

namespace CrmServerless.Tests.Stages;

/// <summary>The door in each mode of the console and for each kind of account; where there is one, with the documented vector.</summary>
public sealed class CallbackModesTests
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(10);
    private static readonly EncodingAesKey Other = EncodingAesKey.Parse(new string('B', 43));
    private static readonly Account Plaintext = Some.Account with { Mode = CallbackMode.Plaintext };
    private static readonly Account Compatible = Some.Account with { Mode = CallbackMode.Compatible };

    [Fact]
    public void The_official_verification_of_an_Official_Account()
    {
        var query = new CallbackQuery("f464b24fc39322e44b38aa78f5edd27bd1441696", null, "1714036504", "1514711492", "4375120948345356249");
        Assert.Equal((200, "4375120948345356249"), Verify(Of(Vectors.OfficialAccount), query));
        Assert.Equal((403, ""), Verify(Of(Vectors.OfficialAccount), query with { Signature = "f464b24fc39322e44b38aa78f5edd27bd1441697" }));
    }

    [Fact]
    public void The_official_verification_of_WeCom()
    {
        foreach (var v in new[] { Vectors.WeComVerification, Vectors.WechatpyVerification })
        {
            var account = Of(v) with { Kind = AccountKind.WeCom };
            var query = new CallbackQuery(null, v.Signature, v.Timestamp, v.Nonce, v.Encrypt);
            Assert.Equal((200, v.Message), Verify(account, query));
            // What a query parser makes of '+'; the official sample has one.
            Assert.Equal((200, v.Message), Verify(account, query with { EchoStr = v.Encrypt.Replace('+', ' ') }));
            // Rotated: the previous key opens it too.
            Assert.Equal((200, v.Message), Verify(account with { EncodingAesKey = Other, PreviousEncodingAesKey = v.AesKey }, query));
        }
    }

    [Fact]
    public void WeCom_is_verified_by_four_values_and_by_what_the_echo_holds()
    {
        var v = Vectors.WeComVerification;
        var account = Of(v) with { Kind = AccountKind.WeCom };
        var query = new CallbackQuery(null, v.Signature, v.Timestamp, v.Nonce, v.Encrypt);
        var three = CallbackSignature.Compute(v.Token, v.Timestamp, v.Nonce);
        Assert.Equal((403, ""), Verify(account, query with { Signature = three, MsgSignature = null })); // an Official Account's
        Assert.Equal((403, ""), Verify(account, query with { MsgSignature = three }));
        Assert.Equal((403, ""), Verify(account, query with { EchoStr = null }));
        Assert.Equal((403, ""), Verify(account with { AppId = "wx0000000000000000" }, query));
        Assert.Equal((403, ""), Verify(account with { Kind = AccountKind.WeComPersonal }, query)); // whose receive-id is empty
        Assert.Equal((403, ""), Verify(account with { EncodingAesKey = Other }, query));
    }

    [Fact]
    public void A_plus_in_a_query_stays_one_and_a_percent_code_is_read()
    {
        Assert.Equal(
            ("a", "b", "1", "c+d e", "P9nA+z/w=="),
            Parts(CallbackQuery.Read("?signature=a&msg_signature=b&timestamp=1&nonce=c+d%20e&echostr=P9nA%2Bz%2Fw%3D%3D&signature=later")));
        Assert.Equal((null, null, null, null, "P9nA+z/w=="), Parts(CallbackQuery.Read("?echostr=P9nA+z/w==&openid=o&encrypt_type=aes")));
        Assert.Equal((null, null, null, null, ""), Parts(CallbackQuery.Read("?&&=&echostr&%%%&x=%")));
        Assert.Equal((null, null, null, null, null), Parts(CallbackQuery.Read(null)));
    }

    [Fact]
    public void The_official_message_of_WeCom()
    {
        var v = Vectors.WeComMessage;
        var account = Of(Vectors.WeComVerification) with { Kind = AccountKind.WeCom };
        var body = $"<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName><Encrypt><![CDATA[{v.Encrypt}]]></Encrypt><AgentID><![CDATA[218]]></AgentID></xml>";
        var admission = Admit(account, new CallbackQuery(null, v.Signature, v.Timestamp, v.Nonce, null), body);
        Assert.Equal((200, "accepted"), (admission.Status, admission.Reason));
        Assert.Equal("hello", Assert.IsType<StaffText>(admission.Callback).Content);
    }

    [Fact]
    public void The_official_message_of_an_Official_Account_is_JSON_in_JSON()
    {
        var v = Vectors.OfficialAccount;
        var query = new CallbackQuery("6c5c811b55cc85e0e1b54100749188c20beb3f5d", v.Signature, v.Timestamp, v.Nonce, null);
        var admission = Admit(Of(v), query, $$"""{"ToUserName":"gh_97417a04a28d","Encrypt":"{{v.Encrypt}}"}""");
        Assert.Equal((200, "accepted", v.Message, ReplyFormat.Json), (admission.Status, admission.Reason, admission.Payload, admission.Format));
        Assert.Equal(("o9AgO5Kd5ggOC-bXrbNODIiE3bGY", "debug_demo"), (admission.Callback!.FromUserName, admission.Callback.RawName));
        // JSON writers may escape what Base64 has.
        Assert.Equal(200, Admit(Of(v), query, $$"""{"Encrypt":"{{v.Encrypt.Replace("/", "\\/", StringComparison.Ordinal).Replace("+", "\\u002B", StringComparison.Ordinal)}}"}""").Status);
        Assert.Equal((403, "signature"), Refusal(Admit(Of(v), query with { MsgSignature = query.Signature }, $$"""{"Encrypt":"{{v.Encrypt}}"}""")));
    }

    [Fact]
    public void Compatible_and_plaintext_mode_speak_JSON_too()
    {
        const string payload = """{"ToUserName":"gh_1","FromUserName":"oUser1","CreateTime":1772416800,"MsgType":"text","Content":"真的","MsgId":23456789012345678}""";
        var call = Sealed.Of(Compatible, payload, Some.Now);
        var tampered = payload.Replace("真的", "假的", StringComparison.Ordinal)[..^1] + $$""","Encrypt":"{{Encrypt(call)}}"}""";
        var admission = Admit(Compatible, call.Query, tampered);
        Assert.Equal("真的", Assert.IsType<TextMessage>(admission.Callback).Content);
        admission = Admit(Plaintext, call.Query with { MsgSignature = null }, payload);
        Assert.Equal(("真的", 23456789012345678), (Assert.IsType<TextMessage>(admission.Callback).Content, admission.Callback!.MsgId));
    }

    [Fact]
    public void The_receive_id_is_that_of_the_kind()
    {
        foreach (var (kind, receiveId) in new[] { (AccountKind.WeCom, "ww5823bf96d3bd56c7"), (AccountKind.WeComPersonal, "") })
        {
            var account = Some.Account with { Kind = kind, AppId = "ww5823bf96d3bd56c7" };
            foreach (var given in new[] { "ww5823bf96d3bd56c7", "", "ww0000000000000000" })
                Assert.Equal(given == receiveId ? 200 : 403, Admit(account, Sealed.Of(account, Text("x"), Some.Now, receiveId: given)).Status);
        }
    }

    [Theory] // developer.work.weixin.qq.com/document/path/91144: a company's own for data, the suiteid for commands
    [InlineData("ww5823bf96d3bd56c7", 200)]
    [InlineData("wwe17d1c563ee10f68", 200)]
    [InlineData("wpAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 200)] // as third parties get it since 2022
    [InlineData("", 403)]
    [InlineData("gh_97417a04a28d", 403)]
    [InlineData("ww5823bf96d3bd56c7\n", 403)]
    public void A_suite_gets_the_ids_of_its_companies(string receiveId, int status)
    {
        var account = Some.Account with { Kind = AccountKind.WeComSuite, AppId = "ww5823bf96d3bd56c7" };
        var admission = Admit(account, Sealed.Of(account, Text("x"), Some.Now, receiveId: receiveId));
        Assert.Equal((status, status == 200 ? receiveId : ""), (admission.Status, admission.ReceiveId));
    }

    [Fact]
    public void Of_compatible_mode_the_encrypted_half_counts()
    {
        var call = Sealed.Of(Compatible, Text("真的"), Some.Now);
        var tampered = Text("假的", "oSomebodyElse").Replace("</xml>", $"<Encrypt><![CDATA[{Encrypt(call)}]]></Encrypt></xml>", StringComparison.Ordinal);
        var admission = Admit(Compatible, call.Query, tampered);
        Assert.Equal(("oUser1", "真的"), (admission.Callback!.FromUserName, Assert.IsType<TextMessage>(admission.Callback).Content));
        Assert.DoesNotContain("假的", admission.Payload, StringComparison.Ordinal);
        Assert.Equal(Some.Account.EncodingAesKey, admission.Key);
        // And there is no way past it: neither the half alone, nor by the weaker signature.
        Assert.Equal((400, "envelope"), Refusal(Admit(Compatible, call.Query, Text("假的"))));
        Assert.Equal((403, "signature"), Refusal(Admit(Compatible, call.Query with { MsgSignature = null }, tampered)));
    }

    [Fact]
    public void Safe_mode_takes_no_plain_body_however_it_is_signed()
    {
        var query = Sealed.Of(Some.Account, Text("x"), Some.Now).Query;
        Assert.Equal((400, "envelope"), Refusal(Admit(Some.Account, query, Text("x"))));
        Assert.Equal((400, "envelope"), Refusal(Admit(Some.Account, query with { MsgSignature = null }, Text("x"))));
    }

    [Fact]
    public void The_official_signature_of_plaintext_mode()
    {
        var account = Of(Vectors.OfficialAccount) with { Mode = CallbackMode.Plaintext };
        var query = new CallbackQuery("899cf89e464efb63f54ddac96b0a0a235f53aa78", null, "1714037059", "486452656", null);
        var admission = Admit(account, query, Text("明文"));
        Assert.Equal((200, "accepted", null), (admission.Status, admission.Reason, admission.Key));
        Assert.Equal("明文", Assert.IsType<TextMessage>(admission.Callback).Content);
    }

    [Fact]
    public void Plaintext_mode_refuses_what_is_not_signed_or_stale()
    {
        var query = Sealed.Of(Plaintext, "", Some.Now).Query with { MsgSignature = null };
        Assert.Equal(200, Admit(Plaintext, query, Text("x")).Status);
        Assert.Equal((403, "signature"), Refusal(Admit(Plaintext, query with { Signature = null }, Text("x"))));
        Assert.Equal((403, "signature"), Refusal(Admit(Plaintext, query with { Nonce = "other" }, Text("x"))));
        Assert.Equal((403, "stale"), Refusal(Admit(Plaintext, Sealed.Of(Plaintext, "", Some.Now.AddSeconds(-601)).Query with { MsgSignature = null }, Text("x"))));
        // Signed, but not to be read: kept, since a retry cannot help.
        Assert.Equal((200, "payload"), Refusal(Admit(Plaintext, query, "<!DOCTYPE xml [<!ENTITY a 'b'>]><xml>&a;</xml>")));
    }

    [Fact]
    public void Plaintext_mode_follows_a_console_that_encrypts_already()
    {
        var call = Sealed.Of(Plaintext, Text("密"), Some.Now);
        Assert.Equal("密", Assert.IsType<TextMessage>(Admit(Plaintext, call).Callback).Content);
        // But what names the better signature must have it.
        Assert.Equal((403, "signature"), Refusal(Admit(Plaintext, call with { Query = call.Query with { MsgSignature = call.Query.Signature } })));
    }

    [Theory]
    [InlineData(AccountKind.WeCom)]
    [InlineData(AccountKind.WeComSuite)]
    [InlineData(AccountKind.WeComPersonal)]
    public void WeCom_has_no_plaintext_mode_whatever_the_setting_says(AccountKind kind)
    {
        var account = Plaintext with { Kind = kind };
        var query = Sealed.Of(account, "", Some.Now).Query with { MsgSignature = null };
        Assert.Equal((400, "envelope"), Refusal(Admit(account, query, Text("x"))));
    }

    [Fact]
    public void The_answer_has_the_form_of_the_callback()
    {
        Assert.Equal(ReplyFormat.Xml, Admit(Some.Account, Sealed.Of(Some.Account, Text("x"), Some.Now)).Format);
        var query = Sealed.Of(Plaintext, "", Some.Now).Query with { MsgSignature = null };
        Assert.Equal(ReplyFormat.Xml, Admit(Plaintext, query, "\uFEFF \n" + Text("{")).Format);
        Assert.Equal(ReplyFormat.Json, Admit(Plaintext, query, "\uFEFF \n{\"Content\":\"<\"}").Format);
    }

    [Fact]
    public void An_admission_and_a_query_do_not_print_themselves()
    {
        var call = Sealed.Of(Some.Account, Text("13800138000"), Some.Now);
        Assert.Equal(("accepted", "CallbackQuery"), (Admit(Some.Account, call).ToString(), call.Query.ToString()));
    }

    private static Account Of(Vectors.Vector v) => Some.Account with { Token = v.Token, EncodingAesKey = v.AesKey, AppId = v.ReceiveId };

    private static string Text(string content, string from = "oUser1") =>
        $"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[{from}]]></FromUserName><CreateTime>1772416800</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content><MsgId>23456789012345678</MsgId></xml>";

    private static string Encrypt(Sealed call) =>
        SealedEnvelope.TryRead(call.Body, out var envelope, out _) ? envelope.Encrypt : throw new InvalidDataException();

    // Each vector at its own time.
    private static (int, string) Verify(Account account, CallbackQuery query)
    {
        var admission = CallbackDoor.Verify(account, query, At(query), Skew);
        return (admission.Status, admission.Payload);
    }

    private static Admission Admit(Account account, CallbackQuery query, string body) =>
        CallbackDoor.Admit(account, query, Encoding.UTF8.GetBytes(body), query.Timestamp!.StartsWith("1772", StringComparison.Ordinal) ? Some.Now : At(query), Skew);

    private static Admission Admit(Account account, Sealed call) => CallbackDoor.Admit(account, call.Query, call.Body, Some.Now, Skew);

    private static DateTimeOffset At(CallbackQuery query) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(query.Timestamp!, System.Globalization.CultureInfo.InvariantCulture));

    private static (string?, string?, string?, string?, string?) Parts(CallbackQuery q) => (q.Signature, q.MsgSignature, q.Timestamp, q.Nonce, q.EchoStr);

    private static (int, string) Refusal(Admission admission)
    {
        Assert.Null(admission.Callback);
        return (admission.Status, admission.Reason);
    }
}
