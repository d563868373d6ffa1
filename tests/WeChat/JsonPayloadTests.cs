using System.Globalization;
using System.Text;
using System.Text.Json;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Crypto;
using CsCheck;

namespace CrmServerless.Tests.WeChat;

/// <summary>The JSON form of a payload, which the account's console may choose.</summary>
public sealed class JsonPayloadTests
{
    [Fact]
    public void The_official_example_is_verified_decrypted_and_parsed()
    {
        var vector = Vectors.OfficialAccount;
        var body = $$"""{"ToUserName":"gh_97417a04a28d","Encrypt":"{{vector.Encrypt}}"}""";
        Assert.True(SealedEnvelope.TryRead(Encoding.UTF8.GetBytes(body), out var envelope, out _));
        Assert.True(CallbackSignature.Matches(vector.Signature, vector.Token, vector.Timestamp, vector.Nonce, envelope.Encrypt));
        var decrypted = MessageCipher.Decrypt(vector.AesKey, envelope.Encrypt, vector.ReceiveId);
        Assert.True(CallbackParser.TryParse(decrypted.Message, out var callback, out _));
        Assert.Equal(
            ("oa.event.unknown", "debug_demo", "gh_97417a04a28d", "o9AgO5Kd5ggOC-bXrbNODIiE3bGY", 1714112445, "hello world"),
            (callback.Kind, callback.RawName, callback.ToUserName, callback.FromUserName, callback.CreateTime, callback.Fields["debug_str"]));
    }

    [Theory]
    [InlineData("{", "malformed json")]
    [InlineData("{}", "no FromUserName")]
    [InlineData("{\"FromUserName\":\"o\"}", "no MsgType")]
    [InlineData("{\"FromUserName\":null,\"MsgType\":\"text\"}", "no FromUserName")]
    [InlineData("{\"FromUserName\":{\"a\":\"o\"},\"MsgType\":\"text\"}", "no FromUserName")]
    [InlineData("{\"x\":{\"FromUserName\":\"o\"},\"MsgType\":\"text\"}", "no FromUserName")]
    [InlineData("{\"FromUserName\":\"o\",\"MsgType\":\"text\",}", "malformed json")]
    [InlineData("{\"FromUserName\":\"o\",\"MsgType\":\"text\"} x", "malformed json")]
    [InlineData("{\"FromUserName\":\"o\",\"MsgType\":\"text\"}{}", "malformed json")]
    [InlineData("{/* no */\"FromUserName\":\"o\",\"MsgType\":\"text\"}", "malformed json")]
    [InlineData("{\"FromUserName\":\"o\",\"MsgType\":\"te\nxt", "malformed json")]
    [InlineData("{'FromUserName':'o','MsgType':'text'}", "malformed json")]
    [InlineData("{\"FromUserName\":\"o\",\"MsgType\":\"\\x\"}", "malformed json")]
    [InlineData("[{\"FromUserName\":\"o\",\"MsgType\":\"text\"}]", "neither xml nor json")]
    [InlineData("\"<xml/>\"", "neither xml nor json")]
    public void What_is_no_callback_is_refused_with_a_reason(string text, string expected)
    {
        Assert.False(CallbackParser.TryParse(text, out var callback, out var reason));
        Assert.Equal((null, expected), (callback, reason));
    }

    [Fact]
    public void Size_depth_and_names_are_bounded()
    {
        Assert.Equal("too large", Refusal(Text("\"" + new string('x', 128 * 1024) + "\"")));
        Assert.Equal("too deep", Refusal("{\"a\":" + new string('[', 5000) + new string(']', 5000) + "}"));
        Assert.Equal("too deep", Refusal(string.Concat(Enumerable.Repeat("{\"a\":", 20)) + "1" + new string('}', 20)));
        Assert.Equal("name too long", Refusal($"{{\"{new string('n', 300)}\":1}}"));
        // What nobody may send a gigabyte of: names below names.
        Assert.Equal("name too long", Refusal($"{{\"{new string('n', 200)}\":{{\"{new string('m', 200)}\":1}}}}"));
        Assert.True(CallbackParser.TryParse(Text("\"x\"", "\"deep\":" + string.Concat(Enumerable.Repeat("[", 14)) + string.Concat(Enumerable.Repeat("]", 14))), out _, out _));
    }

    [Theory]
    [InlineData("23456789012345679", 23456789012345679)] // 2^54 and more: a double would make it ...680
    [InlineData("\"23456789012345679\"", 23456789012345679)]
    [InlineData("9223372036854775807", 9223372036854775807)]
    [InlineData("9223372036854775808", null)]
    [InlineData("1.5", null)]
    [InlineData("-1", null)]
    [InlineData("null", null)]
    [InlineData("\"\"", null)]
    [InlineData("true", null)]
    [InlineData("[]", null)]
    public void A_number_may_be_a_string_and_is_exact(string sent, long? expected)
    {
        Assert.True(CallbackParser.TryParse(Text("\"x\"", $"\"MsgId\":{sent},\"CreateTime\":{sent}"), out var callback, out _));
        Assert.Equal((expected, expected ?? 0), (callback.MsgId, callback.CreateTime));
    }

    [Theory]
    [InlineData("\\u8336\\n\\t\\/\\\\\\\"\\b", "茶\n\t/\\\"\uFFFD")] // \b is none that XML could carry
    [InlineData("\\uD83D\\uDC4D", "👍")]
    [InlineData("a\\uD83D", "a\uFFFD")]
    [InlineData("\\uDC4Da", "\uFFFDa")]
    [InlineData("\\uD83D\\uD83D\\uDC4D", "\uFFFD👍")]
    [InlineData("\\u0000\\uFFFE", "\uFFFD\uFFFD")]
    [InlineData("  茶 ", "  茶 ")]
    [InlineData("<xml>]]></xml>", "<xml>]]></xml>")]
    [InlineData("a\u000Bb", "a\uFFFDb")] // not escaped, as JSON demands: the message is kept all the same
    [InlineData("a\nb\tc\\\"\\\\", "a\nb\tc\"\\")]
    public void Whatever_the_customer_types_is_kept(string sent, string expected) => Assert.Equal(expected, Content(Text($"\"{sent}\"")));

    [Fact]
    public void A_thousand_broken_emoji_cost_nothing_but_themselves()
    {
        var broken = string.Concat(Enumerable.Repeat("\\uD83D", 10_000));
        Assert.Equal(new string('\uFFFD', 10_000), Content(Text($"\"{broken}\"")));
    }

    [Fact]
    public void Any_text_reads_the_same_from_both_forms() =>
        Gen.String.Where(text => !text.Contains("]]>", StringComparison.Ordinal) && !text.Contains('\r', StringComparison.Ordinal)).Sample(text =>
        {
            var xml = $"<xml><FromUserName>o</FromUserName><MsgType>text</MsgType><Content><![CDATA[{text}]]></Content></xml>";
            Assert.Equal(Content(xml), Content(Text(JsonSerializer.Serialize(text))));
        });

    [Fact]
    public void Arbitrary_documents_never_throw() =>
        Gen.String[Gen.Char["{}[]\":,\\ud83 aFromUserNameMsgType01.-\n\u0001"], 0, 60].Sample(text =>
        {
            _ = CallbackParser.TryParse("{" + text, out _, out _);
            _ = CallbackParser.TryParse(Text("\"x\"", "\"y\":" + text), out _, out _);
            _ = Coordinates.RemovedFrom("{\"y\":1}");
        });

    [Fact]
    public void Of_a_repeated_name_the_first_counts() =>
        Assert.Equal("a", Content("{\"FromUserName\":\"o\",\"MsgType\":\"text\",\"MsgType\":\"image\",\"Content\":\"a\",\"Content\":\"b\",\"Content\":[\"c\"]}"));

    [Fact]
    public void A_byte_order_mark_and_white_space_do_no_harm() => Assert.Equal("x", Content("\uFEFF\r\n " + Text("\"x\"") + "\n"));

    [Fact]
    public void Control_fields_are_trimmed()
    {
        Assert.True(CallbackParser.TryParse("{\"FromUserName\":\" o \",\"MsgType\":\" event\",\"Event\":\"CLICK \",\"EventKey\":\" K \"}", out var callback, out _));
        Assert.Equal(("o", "K"), (callback.FromUserName, Assert.IsType<MenuClickEvent>(callback).MenuKey));
    }

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("[]", 0)]
    [InlineData("null", 0)]
    [InlineData("\"\"", 0)]
    [InlineData("{\"TemplateId\":\"t\"}", 1)]
    [InlineData("[{\"TemplateId\":\"t\"}]", 1)]
    [InlineData("[{\"TemplateId\":\"t\"},{\"TemplateId\":\"u\"}]", 2)]
    public void A_list_is_an_array_or_a_single_object(string list, int count)
    {
        var json = $$$"""{"FromUserName":"o","MsgType":"event","Event":"subscribe_msg_popup_event","SubscribeMsgPopupEvent":{"List":{{{list}}}}}""";
        Assert.True(CallbackParser.TryParse(json, out var callback, out _));
        var choices = Assert.IsType<SubscribeMessagePopupEvent>(callback).Choices;
        Assert.Equal(count, choices.Count);
        if (count > 0) Assert.Equal("t", choices[0].TemplateId);
    }

    [Fact]
    public void The_fields_of_an_unknown_kind_are_all_there()
    {
        var json = """{"FromUserName":"o","MsgType":"event","Event":"new","A":1.50,"B":true,"C":null,"D":{"E":[1,2,{"F":"x"}]},"G":[],"H":{}}""";
        Assert.True(CallbackParser.TryParse(json, out var callback, out _));
        Assert.Equal(
            "FromUserName=o MsgType=event Event=new A=1.50 B=true C= D.E=1 D.E#2=2 D.E.F=x G= H=",
            string.Join(' ', callback.Fields.Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.Key}={field.Value}"))));
    }

    private static string Text(string content, string rest = "\"z\":0") =>
        $"{{\"FromUserName\":\"o\",\"MsgType\":\"text\",\"Content\":{content},{rest}}}";

    private static string Content(string payload)
    {
        Assert.True(CallbackParser.TryParse(payload, out var callback, out var reason), reason);
        return Assert.IsType<TextMessage>(callback).Content;
    }

    private static string? Refusal(string payload)
    {
        Assert.False(CallbackParser.TryParse(payload, out _, out var reason));
        return reason;
    }
}
