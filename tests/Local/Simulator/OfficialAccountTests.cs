using CrmServerless.Local.Simulator.OfficialAccount;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>Templates, subscriptions, media, QR codes, the desk and the daily figures: rows of fact sheet F.1 and F.4.</summary>
public sealed class OfficialAccountTests : IDisposable
{
    private const string Ready = "sim-order-ready-0000000000000000000000000000";
    private const string NewTea = "sim-new-tea-000000000000000000000000000000000";

    private readonly SimulatorRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_template_message_arrives_and_its_end_is_told_afterwards()
    {
        var sent = await Template("oOne");
        Assert.Equal(0, sent.Code);
        var message = Assert.Single(await rig.Phone("oOne"));
        Assert.Equal(("template", "取餐提醒", "A12"), (message.Type, message.Title, message.Fields![0].Value));
        var (account, xml) = Assert.Single(rig.Callbacks());
        Assert.Equal("main", account);
        Assert.Contains("<Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event>", xml, StringComparison.Ordinal);
        Assert.Contains($"<MsgID>{sent["msgid"]}</MsgID><Status><![CDATA[success]]></Status>", xml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_blacklisted_customer_only_the_event_tells_that_nothing_came()
    {
        await rig.Oa("cgi-bin/tags/members/batchblacklist", new { openid_list = new[] { "oOne" } });
        Assert.Equal(0, (await Template("oOne")).Code);
        Assert.Empty(await rig.Phone("oOne"));
        Assert.Contains("failed:user block", Assert.Single(rig.Callbacks()).Xml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_s_own_id_keeps_a_template_message_from_being_sent_again_for_ten_minutes()
    {
        var (first, again) = (await Template("oOne", clientId: "order-1"), await Template("oOne", clientId: "order-1"));
        Assert.Equal(first["msgid"], again["msgid"]);
        Assert.Single(await rig.Phone("oOne"));
        rig.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.NotEqual(first["msgid"], (await Template("oOne", clientId: "order-1"))["msgid"]);
    }

    [Theory]
    [InlineData("oGone", Ready, "A12", 43004)]
    [InlineData("oOne", "no-such-template", "A12", 40037)]
    [InlineData("oOne", Ready, "", 47003)]
    [InlineData("oOne", Ready, "123456789012345678901234567890123", 47003)] // character_string: 32
    [InlineData("no openid!", Ready, "A12", 40003)]
    public async Task A_template_message_is_checked(string openId, string template, string number, int code)
    {
        rig.Follower("oGone", "oa.unsubscribe");
        Assert.Equal(code, (await Template(openId, template, number)).Code);
    }

    [Fact]
    public async Task A_value_that_the_template_does_not_have_is_47003_by_name()
    {
        var answer = await rig.Oa("cgi-bin/message/template/send", $$$$"""{"touser":"oOne","template_id":"{{{{Ready}}}}","data":{"first":{"value":"老式"}}}""");
        Assert.Equal(47003, answer.Code);
        Assert.StartsWith("argument invalid! data.first", answer["errmsg"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subscribe_message_needs_a_consent_for_each_and_its_end_is_told()
    {
        Assert.Equal(43101, (await Subscribe()).Code);
        lock (rig.State.Gate) rig.State.Consents.Put(new Consent("oOne", NewTea, 1));
        Assert.Equal(0, (await Subscribe()).Code);
        Assert.Equal(43101, (await Subscribe()).Code);
        Assert.Equal("新品上市通知", Assert.Single(await rig.Phone("oOne")).Title);
        var xml = Assert.Single(rig.Callbacks()).Xml;
        Assert.Contains("subscribe_msg_sent_event", xml, StringComparison.Ordinal);
        Assert.Contains($"<TemplateId><![CDATA[{NewTea}]]></TemplateId>", xml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image", 10 * 1024 * 1024, 0)]
    [InlineData("image", (10 * 1024 * 1024) + 1, 40009)]
    [InlineData("voice", (2 * 1024 * 1024) + 1, 40010)]
    [InlineData("video", (10 * 1024 * 1024) + 1, 40011)]
    [InlineData("thumb", 64 * 1024, 0)]
    [InlineData("thumb", (64 * 1024) + 1, 40012)]
    [InlineData("hologram", 10, 40004)]
    [InlineData("image", 0, 44001)]
    public async Task Media_have_their_sizes(string type, int bytes, int code)
    {
        var file = new byte[bytes];
        var head = type switch { "voice" => "ID3"u8.ToArray(), "video" => CustomMessageTests.Mp4, _ => CustomMessageTests.Jpeg };
        head.AsSpan(0, Math.Min(head.Length, bytes)).CopyTo(file);
        Assert.Equal(code, (await rig.Upload("cgi-bin/media/upload?type=" + type, file)).Code);
    }

    [Fact]
    public async Task Media_are_what_their_bytes_are_and_come_as_a_file_named_media()
    {
        Assert.Equal(40005, (await rig.Upload("cgi-bin/media/upload?type=image", [.. "<html>"u8, .. new byte[20]])).Code);
        Assert.Equal(40005, (await rig.Upload("cgi-bin/media/upload?type=voice", CustomMessageTests.Jpeg)).Code);
        Assert.Equal(41005, (await rig.Upload("cgi-bin/media/upload?type=image", CustomMessageTests.Jpeg, field: "file")).Code);
        Assert.Equal(41005, (await rig.Upload("cgi-bin/media/upload?type=image", CustomMessageTests.Jpeg, name: null)).Code);
        // 61 seconds of AMR, 50 frames each.
        var recording = Enumerable.Range(0, 61 * 50).SelectMany(_ => new byte[] { 0x3C }.Concat(new byte[31]));
        Assert.Equal(45007, (await rig.Upload("cgi-bin/media/upload?type=voice", [.. "#!AMR\n"u8, .. recording])).Code);
    }

    [Fact]
    public async Task A_medium_comes_back_as_it_went_for_three_days()
    {
        var id = (await rig.Upload("cgi-bin/media/upload?type=image", CustomMessageTests.Jpeg))["media_id"];
        var back = await rig.Oa("cgi-bin/media/get?media_id=" + id);
        Assert.Equal("image/jpeg", back.ContentType);
        Assert.Equal(CustomMessageTests.Jpeg, back.Bytes);
        Assert.Equal(40007, (await rig.Oa("cgi-bin/media/get?media_id=" + id, account: "other")).Code);
        Assert.Equal(40007, (await rig.Oa("cgi-bin/media/get?media_id=none")).Code);
        rig.Clock.Advance(TimeSpan.FromDays(3) + TimeSpan.FromSeconds(1));
        Assert.Equal(40007, (await rig.Oa("cgi-bin/media/get?media_id=" + id)).Code);
    }

    [Theory]
    [InlineData("""{"expire_seconds":2592000,"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":"store-042"}}}""", 0)]
    [InlineData("""{"expire_seconds":2592001,"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":"store-042"}}}""", 40053)]
    [InlineData("""{"action_name":"QR_SCENE","action_info":{"scene":{"scene_id":4294967295}}}""", 0)]
    [InlineData("""{"action_name":"QR_SCENE","action_info":{"scene":{"scene_id":0}}}""", 40053)]
    [InlineData("""{"action_name":"QR_SCENE","action_info":{"scene":{"scene_id":4294967296}}}""", 40053)]
    [InlineData("""{"action_name":"QR_LIMIT_SCENE","action_info":{"scene":{"scene_id":100000}}}""", 0)]
    [InlineData("""{"action_name":"QR_LIMIT_SCENE","action_info":{"scene":{"scene_id":100001}}}""", 40053)]
    [InlineData("""{"action_name":"QR_LIMIT_STR_SCENE","action_info":{"scene":{"scene_str":"1234567890123456789012345678901234567890123456789012345678901234"}}}""", 0)]
    [InlineData("""{"action_name":"QR_LIMIT_STR_SCENE","action_info":{"scene":{"scene_str":"12345678901234567890123456789012345678901234567890123456789012345"}}}""", 40053)]
    [InlineData("""{"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":""}}}""", 40053)]
    [InlineData("""{"action_name":"QR_FOREVER","action_info":{"scene":{"scene_id":1}}}""", 40052)]
    [InlineData("""{"action_name":"QR_SCENE"}""", 40053)]
    public async Task QR_codes_have_their_scenes(string body, int code) => Assert.Equal(code, (await rig.Oa("cgi-bin/qrcode/create", body)).Code);

    [Fact]
    public async Task A_temporary_code_says_its_scene_until_it_is_over_and_a_permanent_one_for_ever()
    {
        var temporary = await rig.Oa("cgi-bin/qrcode/create", """{"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":"store-042"}}}""");
        var permanent = await rig.Oa("cgi-bin/qrcode/create", """{"action_name":"QR_LIMIT_SCENE","action_info":{"scene":{"scene_id":7}}}""");
        Assert.Equal("60", temporary["expire_seconds"]);
        Assert.False(permanent.Json.TryGetProperty("expire_seconds", out _));
        Assert.Equal("store-042", Scene(temporary));
        rig.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal((null, "7"), (Scene(temporary), Scene(permanent)));

        string? Scene(Answer answer) => OaQrCodes.Scene(rig.State, answer["ticket"], rig.Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_session_at_the_desk_begins_and_ends_with_an_event()
    {
        const string Pair = """{"kf_account":"kf2001@gh_test","openid":"oOne"}""";
        Assert.Equal(65413, (await rig.Oa("customservice/kfsession/close", Pair)).Code);
        Assert.Equal(0, (await rig.Oa("customservice/kfsession/create", Pair)).Code);
        Assert.Contains("kf_create_session", Assert.Single(rig.Callbacks()).Xml, StringComparison.Ordinal);
        Assert.Equal(65414, (await rig.Oa("customservice/kfsession/create", """{"kf_account":"kf2002@gh_test","openid":"oOne"}""")).Code);
        Assert.Equal(65414, (await rig.Oa("customservice/kfsession/close", """{"kf_account":"kf2002@gh_test","openid":"oOne"}""")).Code);
        Assert.Equal("kf2001@gh_test", (await rig.Oa("customservice/kfsession/getsession?openid=oOne"))["kf_account"]);
        Assert.Equal(1, (await rig.Oa("customservice/kfsession/getsessionlist?kf_account=kf2001@gh_test")).Json.GetProperty("sessionlist").GetArrayLength());
        Assert.Equal(0, (await rig.Oa("customservice/kfsession/close", Pair)).Code);
        Assert.Contains("kf_close_session", Assert.Single(rig.Callbacks()).Xml, StringComparison.Ordinal);
        var now = rig.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(2, (await rig.Oa("customservice/msgrecord/getmsglist", new { starttime = now - 60, endtime = now, msgid = 1, number = 100 })).Json.GetProperty("recordlist").GetArrayLength());
        Assert.Equal(65417, (await rig.Oa("customservice/msgrecord/getmsglist", new { starttime = now - 86401, endtime = now, msgid = 1, number = 100 })).Code);
        Assert.Equal(65416, (await rig.Oa("customservice/msgrecord/getmsglist", new { starttime = now - 60, endtime = now, msgid = 1, number = 10001 })).Code);
    }

    [Theory]
    [InlineData("customservice/kfsession/create", """{"kf_account":"kf9999@gh_test","openid":"oOne"}""", 65401)]
    [InlineData("customservice/kfsession/create", """{"kf_account":"new@gh_test","openid":"oOne"}""", 65415)] // nobody sits there
    [InlineData("customservice/kfaccount/add", """{"kf_account":"new@gh_test","nickname":"又一个"}""", 65406)]
    [InlineData("customservice/kfaccount/add", """{"kf_account":"new@elsewhere","nickname":"又一个"}""", 65401)]
    [InlineData("customservice/kfaccount/add", """{"kf_account":"longer_than_10@gh_test","nickname":"又一个"}""", 65401)]
    [InlineData("customservice/kfaccount/add", """{"kf_account":"newer@gh_test","nickname":"一二三四五六七八九十一二三四五六七"}""", 65403)]
    [InlineData("customservice/kfaccount/inviteworker", """{"kf_account":"kf2001@gh_test","invite_wx":"wx"}""", 65408)]
    public async Task The_desk_is_checked(string path, string body, int code)
    {
        await rig.Oa("customservice/kfaccount/add", """{"kf_account":"new@gh_test","nickname":"小新"}""");
        Assert.Equal(code, (await rig.Oa(path, body)).Code);
    }

    [Fact]
    public async Task The_101st_account_of_the_desk_is_65405()
    {
        for (var n = 2; n < 100; n++) Assert.Equal(0, (await rig.Oa("customservice/kfaccount/add", $$"""{"kf_account":"kf{{n}}@gh_test","nickname":"小新"}""")).Code);
        Assert.Equal(65405, (await rig.Oa("customservice/kfaccount/add", """{"kf_account":"kf100@gh_test","nickname":"小新"}""")).Code);
    }

    [Theory]
    [InlineData("getusersummary", "2026-05-25", "2026-05-31", 0)]
    [InlineData("getusersummary", "2026-05-24", "2026-05-31", 61501)] // eight days
    [InlineData("getusercumulate", "2026-05-31", "2026-05-25", 61501)]
    [InlineData("getusersummary", "2026-05-31", "2026-06-01", 61501)] // today
    [InlineData("getusersummary", "31.5.2026", "2026-05-31", 61500)]
    [InlineData("getarticlesummary", "2026-05-30", "2026-05-31", 61501)]
    [InlineData("getinterfacesummary", "2026-05-02", "2026-05-31", 0)]
    public async Task The_daily_figures_have_their_span(string name, string from, string to, int code) =>
        Assert.Equal(code, (await rig.Oa("datacube/" + name, new { begin_date = from, end_date = to })).Code);

    [Fact]
    public async Task Yesterday_is_there_from_eight_in_the_morning_on()
    {
        rig.Clock.Advance(TimeSpan.FromHours(22) - TimeSpan.FromSeconds(1)); // 07:59:59
        var asked = new { begin_date = "2026-06-01", end_date = "2026-06-01" };
        Assert.Equal(61503, (await rig.Oa("datacube/getusersummary", asked)).Code);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await rig.Oa("datacube/getusersummary", asked)).Code);
    }

    [Fact]
    public async Task The_figures_of_a_day_are_always_the_same_and_add_up()
    {
        var summary = new { begin_date = "2026-05-30", end_date = "2026-05-30" };
        var first = (await rig.Oa("datacube/getusersummary", summary)).Text;
        Assert.Equal(first, (await rig.Oa("datacube/getusersummary", summary)).Text);
        var net = (await rig.Oa("datacube/getusersummary", summary)).Json.GetProperty("list").EnumerateArray().Sum(r => r.GetProperty("new_user").GetInt32() - r.GetProperty("cancel_user").GetInt32());
        var cumulated = (await rig.Oa("datacube/getusercumulate", new { begin_date = "2026-05-29", end_date = "2026-05-30" })).Json.GetProperty("list").EnumerateArray().Select(r => r.GetProperty("cumulate_user").GetInt32()).ToList();
        Assert.Equal(net, cumulated[1] - cumulated[0]);
    }

    [Fact]
    public async Task What_WeChat_keeps_outlives_our_host()
    {
        using var folder = new TempFolder();
        using (var first = new SimulatorRig(data: folder.File("data")))
        {
            var tag = (await first.Oa("cgi-bin/tags/create", new { tag = new { name = "常客" } })).Json.GetProperty("tag").GetProperty("id").GetInt32();
            await first.Oa("cgi-bin/tags/members/batchtagging", new { openid_list = new[] { "oOne" }, tagid = tag });
            await first.Oa("cgi-bin/tags/create", new { tag = new { name = "过客" } });
            await first.Oa("cgi-bin/tags/delete", new { tag = new { id = tag + 1 } });
            await first.Oa("cgi-bin/menu/create", """{"button":[{"type":"click","name":"优惠","key":"OFFERS"}]}""");
            await first.Corp("cgi-bin/externalcontact/add_corp_tag", new { group_name = "等级", tag = new[] { new { name = "金卡" } } });
            await first.Act(new CrmServerless.Local.Simulator.WeCom.CompanyAct { Act = "add", Userid = "LiDianzhang", ExternalUserid = "wmOne" });
        }

        using var next = new SimulatorRig(data: folder.File("data"));
        Assert.Equal("[100]", (await next.Oa("cgi-bin/tags/getidlist", new { openid = "oOne" }))["tagid_list"]);
        Assert.Equal("常客", Assert.Single(next.State.Tags.All).Name);
        Assert.Equal(0, (await next.Oa("cgi-bin/menu/get")).Code);
        Assert.Equal("""["wmOne"]""", (await next.Corp("cgi-bin/externalcontact/list?userid=LiDianzhang"))["external_userid"]);
        Assert.Contains("金卡", (await next.Corp("cgi-bin/externalcontact/get_corp_tag_list", "{}")).Text, StringComparison.Ordinal);
    }

    private Task<Answer> Template(string openId, string template = Ready, string number = "A12", string? clientId = null)
    {
        var data = new { character_string1 = new { value = number }, thing2 = new { value = "人民广场店" }, time3 = new { value = "2026-06-01 10:00" } };
        return clientId is null
            ? rig.Oa("cgi-bin/message/template/send", new { touser = openId, template_id = template, url = "https://example.com/", data })
            : rig.Oa("cgi-bin/message/template/send", new { touser = openId, template_id = template, data, client_msg_id = clientId });
    }

    private Task<Answer> Subscribe() => rig.Oa("cgi-bin/message/subscribe/bizsend", new { touser = "oOne", template_id = NewTea, data = new { thing1 = new { value = "青禾新茶" }, time2 = new { value = "2026-06-02" } } });
}
