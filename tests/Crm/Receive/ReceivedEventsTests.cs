using System.Text;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.Tests.Stages;

public sealed class ReceivedEventsTests
{
    [Fact]
    public void A_text_becomes_a_fact_with_its_raw_payload_beside_it()
    {
        var payload = Xml("text", "<Content>我要维权</Content><MsgId>23456789012345678</MsgId>", "1714112445");
        var (fact, received) = Of(payload);
        // The id as computed in IdsTests, by openssl.
        Assert.Equal(("2yj6t733st33mzufppxejbkp2q", Subjects.EventReceived, "main:oUser1", Kinds.Text), (fact.Id, fact.Subject, fact.Key, fact.Kind));
        Assert.Equal((fact.Id, Origins.Live, 0, null), (fact.Root, fact.Origin, fact.Depth, fact.CausationId));
        Assert.Equal((DateTimeOffset.FromUnixTimeSeconds(1714112445), Some.Now), (fact.OccurredAt, fact.PublishedAt));
        Assert.Equal(("oUser1", "我要维权", payload, null), (received.From, received.Text, received.Payload, received.CountedAt));
    }

    [Theory] // CreateTime; what becomes of it; whether it is implausible. Received 2026-03-02T02:00:00Z = 1772416800.
    [InlineData("1772416800", "2026-03-02T02:00:00Z", false)]
    [InlineData("1293840000", "2011-01-01T00:00:00Z", false)]
    [InlineData("1293839999", "2010-12-31T23:59:59Z", true)]
    [InlineData("1772503200", "2026-03-03T02:00:00Z", false)] // a day ahead
    [InlineData("1772503201", "2026-03-03T02:00:01Z", true)]
    [InlineData("1772416800000", "2026-03-02T02:00:00Z", true)] // milliseconds
    [InlineData("0", "1970-01-01T00:00:00Z", true)]
    [InlineData("", "1970-01-01T00:00:00Z", true)]
    [InlineData("-5", "1970-01-01T00:00:00Z", true)]
    [InlineData("soon", "1970-01-01T00:00:00Z", true)]
    [InlineData("99999999999", "5138-11-16T09:46:39Z", true)]
    [InlineData("9223372036854775807", "9999-12-30T00:00:00Z", true)] // a day in Shanghai must still exist
    public void An_implausible_time_stays_in_the_payload_and_counts_under_the_day_of_receipt(string createTime, string occurredAt, bool implausible)
    {
        var (fact, received) = Of(Xml("text", "<Content>x</Content><MsgId>1</MsgId>", createTime));
        Assert.Equal(DateTimeOffset.Parse(occurredAt, System.Globalization.CultureInfo.InvariantCulture), fact.OccurredAt);
        Assert.Equal(implausible ? Some.Now : null, received.CountedAt);
        // And nothing on the way falls over it.
        Assert.True(Keys.IsLegal(Timeline.Id(fact)));
        Assert.True(Envelope.TryRead(fact.ToUtf8Bytes(), out _));
        Assert.NotNull(CustomerRules.Decide(null, fact, Some.NoTagRules, "s").Next);
    }

    [Theory]
    [InlineData("<Latitude>31.230416</Latitude><Longitude>121.473701</Longitude><Precision>65.25</Precision>")]
    [InlineData("<Latitude><![CDATA[31.230416]]></Latitude><Longitude> 121.473701 </Longitude><Precision>\n65.25\n</Precision>")]
    [InlineData("<Latitude >31.230416</Latitude ><Longitude\n>121.473701</Longitude><Precision>65.25</Precision>")]
    [InlineData("<Latitude a=\"1\">31.230416</Latitude><Longitude>121.473701</Longitude><Precision>65.25</Precision>")]
    [InlineData("<Latitude>31.230416</Latitude><Longitude>121.473701,</Longitude><Precision>65.25</Precision>")] // not to be read as a place, but one
    [InlineData("<Latitude>31.230416</Latitude><Longitude>181.473701</Longitude><Precision>65.25</Precision>")]
    public void Drop_removes_the_coordinates_from_the_fact_and_from_the_payload(string coordinates)
    {
        var payload = Xml("event", $"<Event>LOCATION</Event>{coordinates}");
        var (fact, received) = Of(payload);
        Assert.Null(received.Location);
        var json = Encoding.UTF8.GetString(fact.ToUtf8Bytes());
        foreach (var trace in new[] { "31.23", "1.4737", "65.25" }) Assert.DoesNotContain(trace, json, StringComparison.Ordinal);
        // The id is that of what WeChat sent, so a delivery after a change of the setting is still the same event.
        Assert.Equal(Ids.ForCallback("main", "oUser1", null, 1772416800, payload), fact.Id);
        Assert.True(CallbackParser.TryParse(received.Payload, out var again, out _));
        Assert.Equal("LOCATION", again.RawName);
    }

    [Theory]
    [InlineData("\"Latitude\":31.230416,\"Longitude\":121.473701,\"Precision\":65.25")]
    [InlineData("\"Latitude\" : \"31.230416\" ,\n \"Longitude\":\n\" 121.473701\",\"Precision\":\"65.25\"")]
    [InlineData("\"\\u004catitude\":31.230416,\"Longitude\":1.21473701e2,\"Precision\":65.25")] // a name may be escaped
    [InlineData("\"Latitude\":\"3\\u0031.230416\",\"Longitude\":181.473701,\"Precision\":[65.25,{\"x\":65.25}]")]
    [InlineData("\"Latitude\":31.230416,\"Latitude\":31.230417,\"Longitude\":null,\"x\":{\"Precision\":65.25,\"Longitude\":121.473701}")]
    [InlineData("\"Latitude\":\"31.230416\u000B\",\"Longitude\":121.473701,\"Precision\":65.25")] // not escaped, read all the same
    [InlineData("\"\\ud800\":1,\"Latitude\":31.230416,\"Longitude\":121.473701,\"Precision\":65.25")]
    public void Drop_removes_them_from_JSON_too(string coordinates)
    {
        var payload = "\uFEFF " + Json($"\"Event\":\"LOCATION\",{coordinates},\"Note\":\"茶 \\\"31\\\" 🍵\"");
        var (fact, received) = Of(payload);
        Assert.Null(received.Location);
        var json = Encoding.UTF8.GetString(fact.ToUtf8Bytes());
        foreach (var trace in new[] { "31.23", "1.4737", "1.21473", "65.25", "u0031" }) Assert.DoesNotContain(trace, json, StringComparison.Ordinal);
        Assert.Equal(Ids.ForCallback("main", "oUser1", null, 1772416800, payload), fact.Id);
        Assert.True(CallbackParser.TryParse(received.Payload, out var again, out _));
        // All else is as it was.
        Assert.Equal(("LOCATION", "oUser1", "茶 \"31\" 🍵"), (again.RawName, again.FromUserName, again.Fields["Note"]));
    }

    [Fact]
    public void A_payload_without_coordinates_stays_as_it_was_to_the_byte()
    {
        var payload = Json("\"Event\" : \"LOCATION\", \"x\":[ 1.50 , {} ]");
        Assert.Equal(payload, Of(payload).Received.Payload);
    }

    [Theory] // WeCom's are called the same
    [InlineData("<xml><ToUserName>ww1</ToUserName><FromUserName>zhangsan</FromUserName><CreateTime>1772416800</CreateTime><MsgType>event</MsgType><Event>LOCATION</Event><Latitude>31.230416</Latitude><Longitude>121.473701</Longitude><Precision>65.25</Precision><AgentID>1</AgentID><AppType>wxwork</AppType></xml>")]
    [InlineData("{\"ToUserName\":\"ww1\",\"FromUserName\":\"zhangsan\",\"CreateTime\":1772416800,\"MsgType\":\"event\",\"Event\":\"LOCATION\",\"Latitude\":31.230416,\"Longitude\":\"121.473701\",\"Precision\":65.25,\"AgentID\":1}")]
    public void Drop_removes_those_of_WeCom(string payload)
    {
        Assert.True(WeComParser.TryParse(payload, out var callback, out var reason), reason);
        var fact = ReceivedEvents.Of(ReceivedWeComTests.Account, callback, payload, Some.Now);
        var json = Encoding.UTF8.GetString(fact.ToUtf8Bytes());
        foreach (var trace in new[] { "31.23", "1.4737", "65.25" }) Assert.DoesNotContain(trace, json, StringComparison.Ordinal);
        Assert.Null(fact.Read(CrmJson.Types.EventReceived).Location);
    }

    [Fact]
    public void Keep_keeps_them()
    {
        var payload = Xml("event", "<Event>LOCATION</Event><Latitude>31.230416</Latitude><Longitude>121.473701</Longitude><Precision>65.25</Precision>");
        var (_, received) = Of(payload, Some.Account with { Location = LocationPolicy.Keep });
        Assert.Equal((new GeoPoint(31.230416, 121.473701), payload), (received.Location, received.Payload));
    }

    [Fact]
    public void A_place_that_the_customer_sends_on_purpose_is_kept()
    {
        var payload = Xml("location", "<Location_X>31.230416</Location_X><Location_Y>121.473701</Location_Y><Scale>16</Scale><Label>人民广场</Label><MsgId>1</MsgId>");
        var (_, received) = Of(payload);
        Assert.Equal((new GeoPoint(31.230416, 121.473701), "人民广场", payload), (received.Location, received.Text, received.Payload));
    }

    [Fact]
    public void A_place_chosen_in_the_menu_is_sent_on_purpose_too()
    {
        var (_, received) = OfSample("oa.menu.location_select.json");
        Assert.Equal((new GeoPoint(23, 113.3), "广州市海珠区客村艺苑路 106号", "MENU_NEAR"), (received.Location, received.Text, received.MenuKey));
        Assert.Contains("113.3", received.Payload, StringComparison.Ordinal);
    }

    [Theory] // what the platform tells of the account is in nobody's file; what it tells of a customer is in that customer's
    [InlineData("oa.mass_result", "main:~account")]
    [InlineData("oa.publish_result", "main:~account")]
    [InlineData("oa.verify.naming_fail", "main:~account")]
    [InlineData("oa.card.not_pass_check", "main:~account")]
    [InlineData("oa.card.get", "main:oia2TjuEGTNoeX76QEjQNrcURxG8")]
    [InlineData("oa.template_result", "main:oia2TjuEGTNoeX76QEjQNrcURxG8")]
    [InlineData("oa.kf.close", "main:oia2TjuEGTNoeX76QEjQNrcURxG8")]
    [InlineData("oa.submsg.sent", "main:oia2TjuEGTNoeX76QEjQNrcURxG8")]
    [InlineData("oa.user.authorization_revoke", "main:oia2TjuEGTNoeX76QEjQNrcURxG8")] // the sender is the platform
    public void An_event_stands_under_the_key_of_what_it_is_about(string sample, string key)
    {
        foreach (var form in new[] { ".xml", ".json" })
        {
            var (fact, received) = OfSample(sample + form);
            Assert.Equal((key, sample), (fact.Key, received.Kind));
            if (Keys.HasCustomer(key)) Assert.Equal(Keys.OpenId(key), received.From);
        }
    }

    [Theory]
    [InlineData("oa.menu.scancode_waitmsg", "EAN_13,6901234567892", "MENU_BOTTLE", null, null, null)]
    [InlineData("oa.menu.view_miniprogram", null, null, "pages/index/index?shop=7", null, null)]
    [InlineData("oa.menu.pic_sysphoto", null, "MENU_PHOTO", null, null, null)]
    [InlineData("oa.template_result", null, null, null, "200163836", "failed:user block")]
    [InlineData("oa.template_result~sent", null, null, null, "200163840", null)]
    [InlineData("oa.mass_result", null, null, null, "1000001625", "err(30003)")]
    [InlineData("oa.mass_result~plain", null, null, null, "1000001625", null)]
    [InlineData("oa.publish_result", null, null, null, "2247503051", null)]
    [InlineData("oa.publish_result~refused", null, null, null, "2247503060", "2")]
    [InlineData("oa.kf.create", null, null, null, "test1@test", null)]
    [InlineData("oa.kf.switch", null, null, null, "test2@test", null)]
    [InlineData("oa.card.not_pass_check", null, null, null, "pZI8Fjwsy5fVPRBeD78J4RmqVvBc", "非法代制")]
    [InlineData("oa.submsg.popup", null, null, null, "9nLIlbOQZC5Y89AZteFEux3WCXRRRG5Wfzkpssu4bLI", "reject")]
    [InlineData("oa.submsg.popup~one", null, null, null, "VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3_3gz3Oc0NIc", null)]
    [InlineData("oa.submsg.sent", null, null, null, "1700827132819554304", null)]
    [InlineData("oa.submsg.sent~one", null, null, null, "1700827132819554305", "user refuse to accept the msg")]
    [InlineData("oa.verify.naming_fail", null, null, null, null, "名称已被占用")]
    public void Rules_and_timeline_see_what_an_event_is_about(string sample, string? text, string? menuKey, string? url, string? objectId, string? reason)
    {
        foreach (var form in new[] { ".xml", ".json" })
        {
            var (_, received) = OfSample(sample + form);
            Assert.Equal((text, menuKey, url, objectId, reason), (received.Text, received.MenuKey, received.Url, received.ObjectId, received.Reason));
        }
    }

    [Theory]
    [InlineData(8 * 1024, false)]
    [InlineData((8 * 1024) + 1, true)]
    public void Above_8_KiB_a_payload_is_zipped(int bytes, bool zipped)
    {
        foreach (var (unit, size) in new[] { ("a", 1), ("维", 3) })
        {
            var payload = string.Concat(Enumerable.Repeat(unit, bytes / size)) + new string('b', bytes % size);
            Assert.Equal(bytes, Encoding.UTF8.GetByteCount(payload));
            var received = new EventReceived { From = "o", Kind = Kinds.Text }.WithPayload(payload);
            Assert.Equal(zipped, received.RawGzip is not null);
            Assert.Equal(zipped, received.Raw is null);
            Assert.Equal(payload, received.Payload);
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(9000)] // zipped
    public void A_byte_order_mark_stays_where_it_was(int length)
    {
        var payload = "\uFEFF\uFEFF<xml>" + new string('a', length);
        Assert.Equal(payload, new EventReceived { From = "", Kind = "" }.WithPayload(payload).Payload);
    }

    [Fact]
    public void A_long_payload_comes_back_through_the_envelope_emoji_and_all()
    {
        var text = string.Concat(Enumerable.Range(0, 3000).Select(n => "维权😡" + n.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        var payload = Xml("text", $"<Content>{text}</Content><MsgId>1</MsgId>");
        var (fact, _) = Of(payload);
        Assert.True(Envelope.TryRead(fact.ToUtf8Bytes(), out var read));
        Assert.Equal(payload, read!.Read(CrmJson.Types.EventReceived).Payload);
    }

    [Fact]
    public void What_cannot_be_read_is_kept_whole_on_the_accounts_own_timeline()
    {
        var fact = ReceivedEvents.Quarantined(Some.Account, "<xml>broken", Some.Now);
        var again = ReceivedEvents.Quarantined(Some.Account, "<xml>broken", Some.Now.AddSeconds(5));
        Assert.Equal(("main:~account", "oa.quarantined", fact.Id), (fact.Key, fact.Kind, again.Id));
        Assert.False(Keys.HasCustomer(fact.Key));
        Assert.Equal("<xml>broken", fact.Read(CrmJson.Types.EventReceived).Payload);
    }

    [Theory]
    [InlineData("event", "<Event>subscribe</Event><EventKey>qrscene_store-01</EventKey>", Kinds.Subscribe, "store-01", null, null)]
    [InlineData("event", "<Event>SCAN</Event><EventKey>store-01</EventKey>", Kinds.Scan, "store-01", null, null)]
    [InlineData("event", "<Event>CLICK</Event><EventKey>MENU_OFFERS</EventKey>", Kinds.MenuClick, null, "MENU_OFFERS", null)]
    [InlineData("event", "<Event>WifiConnected</Event>", Kinds.UnknownEvent, null, null, "WifiConnected")]
    [InlineData("file", "<MsgId>1</MsgId>", Kinds.UnknownMessage, null, null, "file")]
    public void The_parsed_fields_are_those_that_rules_read(string type, string fields, string kind, string? scene, string? menuKey, string? name)
    {
        var (fact, received) = Of(Xml(type, fields));
        Assert.Equal((kind, kind, scene, menuKey, name), (fact.Kind, received.Kind, received.Scene, received.MenuKey, received.Name));
    }

    [Theory] // 0 is no id: two of them are two
    [InlineData("text", "<Content>{0}</Content><MsgId>0</MsgId>")]
    [InlineData("event", "<Event>CLICK</Event><EventKey>{0}</EventKey><MsgId>0</MsgId>")]
    [InlineData("event", "<Event>CLICK</Event><EventKey>{0}</EventKey><MsgId>7</MsgId>")] // an event has none
    public void What_has_no_MsgId_is_known_by_all_that_it_says(string type, string fields) =>
        Assert.NotEqual(
            Of(Xml(type, fields.Replace("{0}", "one", StringComparison.Ordinal))).Fact.Id,
            Of(Xml(type, fields.Replace("{0}", "two", StringComparison.Ordinal))).Fact.Id);

    [Fact]
    public void A_report_that_cannot_be_read_is_kept_without_its_coordinates()
    {
        const string Broken = "<xml><Event>LOCATION</Event><Latitude>31.2345</Latitude>&nbsp;</xml>";
        var fact = ReceivedEvents.Quarantined(Some.Account, Broken, Some.Now);
        Assert.DoesNotContain("31.2345", fact.Read(CrmJson.Types.EventReceived).Payload, StringComparison.Ordinal);
        var kept = ReceivedEvents.Quarantined(Some.Account with { Location = LocationPolicy.Keep }, Broken, Some.Now);
        Assert.Equal((fact.Id, Broken), (kept.Id, kept.Read(CrmJson.Types.EventReceived).Payload));
    }

    private static (Envelope Fact, EventReceived Received) Of(string payload, Account? account = null)
    {
        Assert.True(CallbackParser.TryParse(payload, out var callback, out var reason), reason);
        var fact = ReceivedEvents.Of(account ?? Some.Account, callback, payload, Some.Now);
        return (fact, fact.Read(CrmJson.Types.EventReceived));
    }

    private static (Envelope Fact, EventReceived Received) OfSample(string file) =>
        Of(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", "oa", file)));

    private static string Json(string fields) =>
        $"{{\"ToUserName\":\"gh_97417a04a28d\",\"FromUserName\":\"oUser1\",\"CreateTime\":1772416800,\"MsgType\":\"event\",{fields}}}";

    private static string Xml(string type, string fields, string createTime = "1772416800") =>
        $"<xml><ToUserName>gh_97417a04a28d</ToUserName><FromUserName>oUser1</FromUserName><CreateTime>{createTime}</CreateTime><MsgType>{type}</MsgType>{fields}</xml>";
}
