using System.Text;
using System.Xml.Linq;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Crypto;
using CrmServerless.WeChat.Replies;
using CsCheck;

namespace CrmServerless.Tests.WeChat;

public sealed class PassiveReplyTests
{
    [Fact]
    public void A_text_reply_has_the_documented_form() =>
        Assert.Equal(
            "<xml><ToUserName><![CDATA[o1]]></ToUserName><FromUserName><![CDATA[gh_1]]></FromUserName><CreateTime>12345678</CreateTime>"
            + "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好\n<a href=\"x\">&</a>]]></Content></xml>",
            PassiveReplyXml.Write(new TextReply("你好\n<a href=\"x\">&</a>"), "o1", "gh_1", 12345678));

    [Fact]
    public void The_other_replies_have_the_documented_elements()
    {
        Assert.Equal("image|<Image><MediaId><![CDATA[m]]></MediaId></Image>", Body(new ImageReply("m")));
        Assert.Equal("voice|<Voice><MediaId><![CDATA[m]]></MediaId></Voice>", Body(new VoiceReply("m")));
        Assert.Equal(
            "video|<Video><MediaId><![CDATA[m]]></MediaId><Title><![CDATA[t]]></Title><Description><![CDATA[d]]></Description></Video>",
            Body(new VideoReply("m", "t", "d")));
        Assert.Equal(
            "news|<ArticleCount>1</ArticleCount><Articles><item><Title><![CDATA[t]]></Title><Description><![CDATA[d]]></Description>"
            + "<PicUrl><![CDATA[p]]></PicUrl><Url><![CDATA[u]]></Url></item></Articles>",
            Body(new NewsReply([new Article("t", "d", "p", "u")])));
        Assert.Equal("transfer_customer_service|", Body(new TransferToCustomerService()));
        Assert.Equal(
            "transfer_customer_service|<TransInfo><KfAccount><![CDATA[kf2001@gh_1]]></KfAccount></TransInfo>",
            Body(new TransferToCustomerService("kf2001@gh_1")));
    }

    [Fact]
    public void The_end_of_a_CDATA_section_is_split() =>
        Assert.Equal("text|<Content><![CDATA[a]]]]><![CDATA[>b]]></Content>", Body(new TextReply("a]]>b")));

    [Fact]
    public void Any_text_makes_a_document_that_parses_back() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["]>[<&茶"], 1, 30]).Where(text => text.Length > 0).Sample(text =>
        {
            var parsed = XDocument.Parse(PassiveReplyXml.Write(new TextReply(text), "o", "gh", 1));
            // XML readers turn a carriage return into a line feed.
            var expected = PassiveReplyXml.Cut(XmlText.Legal(text)).ReplaceLineEndings("\n");
            return parsed.Root!.Element("Content")!.Value.ReplaceLineEndings("\n") == expected;
        });

    [Theory]
    // 682 * 3 = 2,046 bytes: a third character of 3 bytes does not fit, one of 2 does.
    [InlineData('茶', 682, "茶", 682)]
    [InlineData('茶', 682, "éx", 683)]
    [InlineData('x', 2048, "", 2048)]
    [InlineData('x', 2048, "y", 2048)]
    // An emoji is 4 bytes and 2 UTF-16 units: whole or not at all.
    [InlineData('x', 2044, "👍👍", 2046)]
    [InlineData('x', 2045, "👍", 2045)]
    public void A_text_is_cut_at_2048_bytes_between_characters(char fill, int count, string end, int expectedLength)
    {
        var cut = PassiveReplyXml.Cut(new string(fill, count) + end);
        Assert.Equal(expectedLength, cut.Length);
        Assert.True(Encoding.UTF8.GetByteCount(cut) <= 2048);
        Assert.DoesNotContain("\uFFFD", Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_would_show_the_customer_a_fault_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Body(new TextReply("")));
        Assert.Throws<ArgumentException>(() => Body(new NewsReply([])));
        Assert.Throws<ArgumentException>(() => Body(new NewsReply([.. Enumerable.Repeat(new Article("", "", "", ""), 9)])));
    }

    [Fact]
    public void The_official_reply_is_sealed_byte_for_byte()
    {
        var v = Vectors.OfficialAccountReply;
        Assert.Equal(
            $"<xml><Encrypt><![CDATA[{v.Encrypt}]]></Encrypt><MsgSignature><![CDATA[{v.Signature}]]></MsgSignature>"
            + "<TimeStamp>1713424427</TimeStamp><Nonce><![CDATA[415670741]]></Nonce></xml>",
            ReplyEnvelope.Seal(v.Message, v.Token, v.AesKey, v.ReceiveId, 1713424427, v.Nonce, v.RandomBytes));
    }

    [Fact]
    public void A_sealed_reply_opens_like_a_callback()
    {
        var v = Vectors.JavaSample;
        var xml = PassiveReplyXml.Write(new TextReply("中文 👍"), "o1", "gh_1", 1);
        var sealedXml = ReplyEnvelope.Seal(xml, v.Token, v.AesKey, v.ReceiveId, 1713424427, "n");

        Assert.True(SealedEnvelope.TryRead(Encoding.UTF8.GetBytes(sealedXml), out var envelope, out _));
        Assert.True(CallbackSignature.Matches(XDocument.Parse(sealedXml).Root!.Element("MsgSignature")!.Value, v.Token, "1713424427", "n", envelope.Encrypt));
        Assert.Equal(xml, MessageCipher.Decrypt(v.AesKey, envelope.Encrypt, v.ReceiveId).Message);
    }

    [Fact]
    public void Replies_do_not_print_themselves() => Assert.Equal("TextReply", new TextReply("13800138000").ToString());

    /// <summary>Type, and what follows it.</summary>
    private static string Body(PassiveReply reply)
    {
        var xml = PassiveReplyXml.Write(reply, "o1", "gh_1", 1);
        var type = XDocument.Parse(xml).Root!.Element("MsgType")!.Value;
        var start = xml.IndexOf("</MsgType>", StringComparison.Ordinal) + "</MsgType>".Length;
        return $"{type}|{xml[start..^"</xml>".Length]}";
    }
}
