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
            "music|<Music><Title><![CDATA[t]]></Title><Description><![CDATA[d]]></Description><MusicUrl><![CDATA[u]]></MusicUrl>"
            + "<HQMusicUrl><![CDATA[h]]></HQMusicUrl><ThumbMediaId><![CDATA[m]]></ThumbMediaId></Music>",
            Body(new MusicReply("m", "t", "d", "u", "h")));
        Assert.Equal("music|<Music><ThumbMediaId><![CDATA[m]]></ThumbMediaId></Music>", Body(new MusicReply("m")));
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
    public void WeCom_updates_its_cards()
    {
        Assert.Equal("update_button|<Button><ReplaceName><![CDATA[已处理]]></ReplaceName></Button>", Body(new UpdateButtonReply("已处理")));
        Assert.Equal(
            "update_template_card|<TemplateCard><CardType><![CDATA[text_notice]]></CardType><Source><Desc><![CDATA[d]]></Desc><DescColor>1</DescColor></Source>"
            + "<HorizontalContentList><KeyName><![CDATA[a]]></KeyName></HorizontalContentList><HorizontalContentList><KeyName><![CDATA[b]]></KeyName></HorizontalContentList></TemplateCard>",
            Body(Card));
    }

    [Fact]
    public void A_JSON_callback_is_answered_with_the_same_names_and_no_escape()
    {
        Assert.Equal(
            """{"ToUserName":"o1","FromUserName":"gh_1","CreateTime":12345678,"MsgType":"text","Content":"你好\n\"+</👍>"}""",
            PassiveReplyJson.Write(new TextReply("你好\n\"+</👍>"), "o1", "gh_1", 12345678));
        Assert.EndsWith("""MsgType":"transfer_customer_service"}""", PassiveReplyJson.Write(new TransferToCustomerService(), "o1", "gh_1", 1), StringComparison.Ordinal);
        Assert.EndsWith(
            """MsgType":"news","ArticleCount":1,"Articles":[{"Title":"t","Description":"d","PicUrl":"p","Url":"u"}]}""",
            PassiveReplyJson.Write(new NewsReply([new Article("t", "d", "p", "u")]), "o1", "gh_1", 1), StringComparison.Ordinal);
        Assert.EndsWith(
            """{"CardType":"text_notice","Source":{"Desc":"d","DescColor":1},"HorizontalContentList":[{"KeyName":"a"},{"KeyName":"b"}]}}""",
            PassiveReplyJson.Write(Card, "o1", "gh_1", 1), StringComparison.Ordinal);
    }

    [Theory] // kind, text, news of 1 and of 8, music, transfer, card update
    [InlineData("oa.message.text", "text news1 music transfer")]
    [InlineData("oa.message.unknown", "text news1 music transfer")]
    [InlineData("oa.subscribe", "text news1 news8 music")]
    [InlineData("oa.scan", "text news1 news8 music")]
    [InlineData("oa.menu.click", "text news1 news8 music")]
    [InlineData("oa.menu.scancode_waitmsg", "text news1 news8 music")]
    [InlineData("oa.menu.view", "")]
    [InlineData("oa.unsubscribe", "")]
    [InlineData("oa.location_report", "")]
    [InlineData("oa.template_result", "")]
    [InlineData("oa.event.unknown", "")]
    [InlineData("oa.kf.create", "")]
    [InlineData("oa.quarantined", "")]
    [InlineData("wecom.message.text", "text news1 news8")]
    [InlineData("wecom.agent.subscribe", "text news1 news8")]
    [InlineData("wecom.agent.unsubscribe", "")]
    [InlineData("wecom.enter_agent", "text news1 news8")]
    [InlineData("wecom.menu.view", "text news1 news8")]
    [InlineData("wecom.menu.pic_weixin", "")]
    [InlineData("wecom.card.click", "card button")]
    [InlineData("wecom.customer.added", "")]
    public void What_may_be_answered_to_what(string kind, string allowed)
    {
        var article = new Article("t", "d", "p", "u");
        (string Name, PassiveReply Reply)[] replies =
        [
            ("text", new TextReply("x")), ("news1", new NewsReply([article])), ("news8", new NewsReply([.. Enumerable.Repeat(article, 8)])), ("news9", new NewsReply([.. Enumerable.Repeat(article, 9)])),
            ("music", new MusicReply("m")), ("transfer", new TransferToCustomerService()), ("card", Card), ("button", new UpdateButtonReply("x")),
        ];
        Assert.Equal(allowed, string.Join(' ', replies.Where(r => PassiveReplyLimits.CanAnswer(kind, r.Reply)).Select(r => r.Name)));
        Assert.Equal(allowed.Length > 0, PassiveReplyLimits.CanAnswer(kind));
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
            var expected = PassiveReplyLimits.Cut(XmlText.Legal(text)).ReplaceLineEndings("\n");
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
        var cut = PassiveReplyLimits.Cut(new string(fill, count) + end);
        Assert.Equal(expectedLength, cut.Length);
        Assert.True(Encoding.UTF8.GetByteCount(cut) <= 2048);
        Assert.DoesNotContain("\uFFFD", Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_would_show_the_customer_a_fault_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Body(new TextReply("")));
        Assert.Throws<ArgumentException>(() => Body(new ImageReply("")));
        Assert.Throws<ArgumentException>(() => Body(new MusicReply("", "t")));
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
    public void And_in_the_JSON_form_that_its_page_shows()
    {
        var v = Vectors.OfficialAccountReply;
        Assert.Equal(
            $$"""{"Encrypt":"{{v.Encrypt}}","MsgSignature":"{{v.Signature}}","TimeStamp":1713424427,"Nonce":"415670741"}""",
            ReplyEnvelope.Seal(v.Message, v.Token, v.AesKey, v.ReceiveId, 1713424427, v.Nonce, v.RandomBytes, ReplyFormat.Json));
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

    private static UpdateTemplateCardReply Card => new(
    [
        new CardField("CardType", "text_notice"),
        new CardField("Source", Fields: [new CardField("Desc", "d"), new CardField("DescColor", Number: 1)]),
        new CardField("HorizontalContentList", Fields: [new CardField("KeyName", "a")]),
        new CardField("HorizontalContentList", Fields: [new CardField("KeyName", "b")]),
    ]);

    /// <summary>Type, and what follows it.</summary>
    private static string Body(PassiveReply reply)
    {
        var xml = PassiveReplyXml.Write(reply, "o1", "gh_1", 1);
        var type = XDocument.Parse(xml).Root!.Element("MsgType")!.Value;
        var start = xml.IndexOf("</MsgType>", StringComparison.Ordinal) + "</MsgType>".Length;
        return $"{type}|{xml[start..^"</xml>".Length]}";
    }
}
