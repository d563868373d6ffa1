using System.Globalization;
using CrmServerless.WeChat.Callbacks;
using CsCheck;

namespace CrmServerless.Tests.WeChat;

public sealed class CallbackParserTests
{
    [Theory]
    [InlineData("", "empty")]
    [InlineData(null, "empty")]
    [InlineData("   ", "empty")]
    [InlineData("MsgType=text", "neither xml nor json")]
    [InlineData("<html><body>Please sign in</body></html>", "wrong root")]
    [InlineData("<XML></XML>", "wrong root")]
    [InlineData("<a:xml xmlns:a='b'></a:xml>", "wrong root")]
    [InlineData("<xml><MsgType>text</MsgType>", "malformed xml")]
    [InlineData("<xml><MsgType>text</xml>", "malformed xml")]
    [InlineData("<xml/><xml/>", "malformed xml")]
    [InlineData("<xml/>", "no FromUserName")]
    [InlineData("<xml><MsgType>text</MsgType></xml>", "no FromUserName")]
    [InlineData("<xml><FromUserName> </FromUserName><MsgType>text</MsgType></xml>", "no FromUserName")]
    [InlineData("<xml><FromUserName>o</FromUserName></xml>", "no MsgType")]
    [InlineData("<xml><FromUserName>&unknown;</FromUserName><MsgType>text</MsgType></xml>", "malformed xml")]
    [InlineData("<!DOCTYPE xml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><xml><FromUserName>&x;</FromUserName><MsgType>text</MsgType></xml>", "dtd")]
    [InlineData("<!DOCTYPE xml [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]><xml><FromUserName>&b;</FromUserName></xml>", "dtd")]
    [InlineData("<!DOCTYPE xml SYSTEM 'http://127.0.0.1:1/x.dtd'><xml/>", "dtd")]
    public void What_is_no_callback_is_refused_with_a_reason(string? text, string expected)
    {
        Assert.False(CallbackParser.TryParse(text!, out var callback, out var reason));
        Assert.Null(callback);
        Assert.Equal(expected, reason);
    }

    [Fact]
    public void Size_and_depth_are_bounded()
    {
        Assert.False(CallbackParser.TryParse(Text(new string('x', 128 * 1024)), out _, out var reason));
        Assert.Equal("too large", reason);

        var deep = string.Concat(Enumerable.Repeat("<a>", 5000)) + string.Concat(Enumerable.Repeat("</a>", 5000));
        Assert.False(CallbackParser.TryParse($"<xml>{deep}</xml>", out _, out reason));
        Assert.Equal("too deep", reason);
    }

    [Fact]
    public void Names_below_names_cannot_fill_the_memory()
    {
        var name = new string('n', 300);
        Assert.False(CallbackParser.TryParse($"<xml><{name}>{string.Concat(Enumerable.Repeat("<a/>", 10_000))}</{name}></xml>", out _, out var reason));
        Assert.Equal("name too long", reason);
    }

    [Fact]
    public void Nor_can_a_text_in_thousands_of_pieces()
    {
        var pieces = string.Concat(Enumerable.Repeat("x<!---->", 10_000));
        var xml = $"<xml><FromUserName>o</FromUserName><MsgType>text</MsgType><Content>{pieces}</Content></xml>";
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(new string('x', 10_000), Content(xml));
        // Joined one by one the pieces would take 100 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void Only_what_is_inside_a_list_counts_as_its_entries()
    {
        var xml = Event("pic_weixin", "<SendPicsInfo><Count>2</Count><PicList><item/><item><PicMd5Sum>a</PicMd5Sum></item></PicList></SendPicsInfo><item><PicMd5Sum>b</PicMd5Sum></item>");
        Assert.True(CallbackParser.TryParse(xml, out var callback, out _));
        Assert.Equal("a", Assert.Single(Assert.IsType<MenuPicturesEvent>(callback).Md5Sums));
        Assert.True(CallbackParser.TryParse(Event("pic_weixin", "<SendPicsInfo><PicList><item/></PicList></SendPicsInfo>"), out callback, out _));
        Assert.Empty(Assert.IsType<MenuPicturesEvent>(callback).Md5Sums);
    }

    [Theory]
    [InlineData("\uFEFF", "")]
    [InlineData("\r\n \uFEFF", "<?xml version=\"1.0\" encoding=\"gb2312\"?>")]
    [InlineData("", "<?xml version=\"1.0\" encoding=\"no-such-encoding\"?><!-- a comment --><?pi x?>\n")]
    public void A_byte_order_mark_white_space_and_a_lying_declaration_do_no_harm(string before, string declaration) =>
        Assert.Equal("新茶", Content(before + declaration + Text("新茶")));

    [Theory]
    [InlineData("a\u000Bb", "a\uFFFDb")]
    [InlineData("\u0000", "\uFFFD")]
    [InlineData("\uFFFF\uFFFE\u001F", "\uFFFD\uFFFD\uFFFD")]
    [InlineData("a\tb", "a\tb")]
    public void Characters_that_XML_cannot_carry_are_replaced_and_the_message_is_kept(string sent, string expected) =>
        Assert.Equal(expected, Content(Text(sent)));

    [Fact]
    public void Half_an_emoji_is_replaced_and_a_whole_one_kept()
    {
        Assert.Equal("👍\uFFFD", Content(Text("👍\uD83D")));
        Assert.Equal("\uFFFD👍", Content(Text("\uDC4D👍")));
        Assert.Equal("👨‍👩‍👧‍👦🇨🇳", Content(Text("👨‍👩‍👧‍👦🇨🇳")));
    }

    [Fact]
    public void A_reference_to_an_illegal_character_is_replaced_too() =>
        Assert.Equal("a\uFFFDb<", Content("<xml><FromUserName>o</FromUserName><MsgType>text</MsgType><Content>a&#11;b&lt;</Content></xml>"));

    [Fact]
    public void Any_text_parses() =>
        Gen.String.Where(text => !text.Contains("]]>", StringComparison.Ordinal)).Sample(text =>
            CallbackParser.TryParse(Text(text), out var callback, out _) && ((TextMessage)callback).Content.Length <= text.Length);

    [Fact]
    public void Arbitrary_documents_never_throw() =>
        Gen.String[Gen.Char["<>/xml![CDATA]&#;\" aFromUserNameMsgType\n"], 0, 60].Sample(text =>
        {
            _ = CallbackParser.TryParse(text, out _, out _);
            _ = CallbackParser.TryParse("<xml>" + text, out _, out _);
        });

    [Fact]
    public void Control_fields_are_trimmed_and_what_people_wrote_is_not()
    {
        Assert.Equal("  茶 \n", Content(Text("  茶 \n")));
        Assert.Equal("  ", Content("<xml><FromUserName>o</FromUserName><MsgType>text</MsgType><Content>  </Content></xml>"));

        var padded = """
            <xml><FromUserName> <![CDATA[o]]> </FromUserName><CreateTime> 1348831860
            </CreateTime><MsgType> <![CDATA[event]]> </MsgType><Event> <![CDATA[CLICK]]> </Event><EventKey> <![CDATA[K]]> </EventKey></xml>
            """;
        Assert.True(CallbackParser.TryParse(padded, out var callback, out _));
        Assert.Equal(("o", 1348831860, "K"), (callback.FromUserName, callback.CreateTime, Assert.IsType<MenuClickEvent>(callback).MenuKey));
    }

    [Fact]
    public void Of_a_repeated_element_the_first_counts() =>
        Assert.Equal("a", Content("<xml><FromUserName>o</FromUserName><FromUserName>p</FromUserName><MsgType>text</MsgType><Content>a</Content><Content>b</Content></xml>"));

    [Fact]
    public void Fields_inside_other_elements_do_not_pose_as_top_level_ones()
    {
        Assert.False(CallbackParser.TryParse("<xml><x><FromUserName>o</FromUserName></x><MsgType>text</MsgType></xml>", out _, out var reason));
        Assert.Equal("no FromUserName", reason);
    }

    [Fact]
    public void A_split_CDATA_is_one_text() =>
        Assert.Equal("a]]>b", Content(Text("a]]]]><![CDATA[>b")));

    [Theory]
    [InlineData("", 0)]
    [InlineData("soon", 0)]
    [InlineData("-5", 0)]
    [InlineData("99999999999999999999", 0)]
    [InlineData("1348831860123", 1348831860123)]
    public void A_time_is_kept_as_sent_or_is_0(string sent, long expected)
    {
        Assert.True(CallbackParser.TryParse($"<xml><FromUserName>o</FromUserName><CreateTime>{sent}</CreateTime><MsgType>text</MsgType></xml>", out var callback, out _));
        Assert.Equal(expected, callback.CreateTime);
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData("qrscene_12", "12", null)]
    [InlineData("qrscene_", null, "qrscene_")]
    [InlineData("last_trade_no_42", null, "last_trade_no_42")]
    public void A_follow_says_where_it_came_from(string key, string? scene, string? eventKey)
    {
        Assert.True(CallbackParser.TryParse(Event("subscribe", $"<EventKey>{key}</EventKey>"), out var callback, out _));
        var subscribe = Assert.IsType<SubscribeEvent>(callback);
        Assert.Equal((scene, eventKey), (subscribe.Scene, subscribe.EventKey));
    }

    [Theory]
    [InlineData("location", "oa.event.unknown")]
    [InlineData("Subscribe", "oa.event.unknown")]
    [InlineData("scan", "oa.event.unknown")]
    [InlineData("", "oa.event.unknown")]
    [InlineData("CLICK", "oa.menu.click")]
    public void Event_names_are_case_sensitive(string name, string kind)
    {
        Assert.True(CallbackParser.TryParse(Event(name, ""), out var callback, out _));
        Assert.Equal((kind, name), (callback.Kind, callback.RawName));
    }

    [Theory]
    [InlineData("NaN", "0")]
    [InlineData("90.1", "0")]
    [InlineData("0", "-180.5")]
    [InlineData("", "")]
    [InlineData("23,13", "113,35")]
    public void A_position_off_the_Earth_is_kept_as_unknown(string latitude, string longitude)
    {
        Assert.True(CallbackParser.TryParse(Event("LOCATION", $"<Latitude>{latitude}</Latitude><Longitude>{longitude}</Longitude>"), out var callback, out _));
        Assert.Equal((Kinds.UnknownEvent, "LOCATION", latitude), (callback.Kind, callback.RawName, callback.Fields["Latitude"]));
    }

    [Fact]
    public void Numbers_are_read_the_same_under_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            Assert.True(CallbackParser.TryParse(Event("LOCATION", "<Latitude>23.5</Latitude><Longitude>113.25</Longitude>"), out var callback, out _));
            Assert.Equal(23.5, Assert.IsType<LocationReportEvent>(callback).Latitude);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_fields_of_an_unknown_kind_are_bounded_and_repeated_ones_numbered()
    {
        var many = string.Concat(Enumerable.Range(0, 150).Select(i => $"<F{i}>x</F{i}>"));
        Assert.True(CallbackParser.TryParse(Event("new", many), out var callback, out _));
        Assert.Equal(100, callback.Fields.Count);

        // 2,047 letters and an emoji of two: cut before it, never inside.
        var longValue = new string('x', 2047) + "👍";
        Assert.True(CallbackParser.TryParse(Event("new", $"<L>{longValue}</L><List><Id>1</Id></List><List><Id>2</Id></List><Empty/>"), out callback, out _));
        Assert.Equal(new string('x', 2047), callback.Fields["L"]);
        Assert.Equal(("1", "2", ""), (callback.Fields["List.Id"], callback.Fields["List.Id#2"], callback.Fields["Empty"]));
    }

    private static string Text(string content) =>
        $"<xml><FromUserName><![CDATA[o]]></FromUserName><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content></xml>";

    private static string Event(string name, string rest) =>
        $"<xml><FromUserName>o</FromUserName><MsgType>event</MsgType><Event>{name}</Event>{rest}</xml>";

    private static string Content(string xml)
    {
        Assert.True(CallbackParser.TryParse(xml, out var callback, out var reason), reason);
        return Assert.IsType<TextMessage>(callback).Content;
    }
}
