using System.Globalization;
using CrmServerless.Local.Simulator.WeCom;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>What people do and what applications send to them: staff messages, mass messages, groups, the directory, figures (fact sheet E.3, E.4, F.3).</summary>
public sealed class WeComPeopleTests : IDisposable
{
    private const string Api = "cgi-bin/externalcontact/";
    private const string Li = "LiDianzhang", Wang = "WangXiaomei";

    private readonly SimulatorRig rig = new();

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData("add", "add_external_contact")]
    [InlineData("half_add", "add_half_external_contact")]
    public async Task A_new_customer_is_told_to_every_application_with_a_code_to_welcome_by(string act, string change)
    {
        var done = await rig.Act(new CompanyAct { Act = act, Userid = Li, ExternalUserid = "wmOne", State = "poster-7" });
        var told = rig.Callbacks();
        Assert.Equal(["work", "second"], told.Select(t => t.Account));
        Assert.All(told, t =>
        {
            Assert.Contains($"<Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[{change}]]></ChangeType>", t.Xml, StringComparison.Ordinal);
            Assert.Contains($"<State><![CDATA[poster-7]]></State><WelcomeCode><![CDATA[{done.WelcomeCode}]]></WelcomeCode>", t.Xml, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("edit", "edit_external_contact")]
    [InlineData("delete", "del_external_contact")]
    [InlineData("lost", "del_follow_user")]
    [InlineData("confirm", "add_external_contact")]
    public async Task What_people_do_is_told(string act, string change)
    {
        await rig.Act(new CompanyAct { Act = "half_add", Userid = Li, ExternalUserid = "wmOne" });
        rig.Callbacks();
        Assert.Null((await rig.Act(new CompanyAct { Act = act, Userid = Li, ExternalUserid = "wmOne", Remark = "老王" })).Fault);
        Assert.All(rig.Callbacks(), t => Assert.Contains($"<ChangeType><![CDATA[{change}]]></ChangeType>", t.Xml, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tags_of_the_console_are_told_and_no_application_may_change_them()
    {
        var id = (await rig.Act(new CompanyAct { Act = "tag_create", Tag = "等级", Name = "金卡" })).Tag!;
        Assert.Contains("<ChangeType><![CDATA[create]]></ChangeType>", rig.Callbacks()[0].Xml, StringComparison.Ordinal);
        Assert.Equal(301002, (await rig.Corp(Api + "edit_corp_tag", new { id, name = "x" })).Code);
        await rig.Act(new CompanyAct { Act = "tag_rename", Tag = id, Name = "白金" });
        await rig.Act(new CompanyAct { Act = "tag_delete", Tag = id });
        Assert.Equal(["update", "delete"], rig.Callbacks().Where(t => t.Account == "work").Select(t => t.Xml.Contains("[update]", StringComparison.Ordinal) ? "update" : "delete"));
    }

    [Fact]
    public async Task A_group_counts_its_versions_so_that_a_missing_event_shows()
    {
        var chat = (await rig.Act(new CompanyAct { Act = "group_create", Userid = Li, Name = "茶友" })).ChatId!;
        await rig.Act(new CompanyAct { Act = "group_join", ChatId = chat, ExternalUserid = "wmOne" });
        await rig.Act(new CompanyAct { Act = "group_rename", ChatId = chat, Name = "老茶友" });
        await rig.Act(new CompanyAct { Act = "group_leave", ChatId = chat, ExternalUserid = "wmOne" });
        var told = rig.Callbacks().Where(t => t.Account == "work").Select(t => t.Xml).ToList();
        Assert.Contains("<UpdateDetail><![CDATA[add_member]]></UpdateDetail><JoinScene>3</JoinScene><MemChangeCnt>1</MemChangeCnt>", told[1], StringComparison.Ordinal);
        Assert.Contains("<LastMemVer><![CDATA[1]]></LastMemVer><CurMemVer><![CDATA[2]]></CurMemVer>", told[1], StringComparison.Ordinal);
        Assert.Contains("change_name", told[2], StringComparison.Ordinal);
        Assert.Contains("<LastMemVer><![CDATA[3]]></LastMemVer>", told[3], StringComparison.Ordinal);
        Assert.Equal("老茶友", (await rig.Corp(Api + "groupchat/get", new { chat_id = chat, need_name = 1 })).Json.GetProperty("group_chat").GetProperty("name").GetString());
        Assert.Equal(1, (await rig.Corp(Api + "groupchat/list", new { limit = 1000 })).Json.GetProperty("group_chat_list").GetArrayLength());
        Assert.Equal(40058, (await rig.Corp(Api + "groupchat/list", new { limit = 1001 })).Code);
        Assert.Equal(40050, (await rig.Corp(Api + "groupchat/get", new { chat_id = "wrNone" })).Code);
        await rig.Act(new CompanyAct { Act = "group_dismiss", ChatId = chat });
        Assert.Equal(49008, (await rig.Corp(Api + "groupchat/get", new { chat_id = chat })).Code);
    }

    [Fact]
    public async Task A_text_to_staff_is_cut_at_2048_bytes_without_a_word()
    {
        var answer = await Send(Li, new string('茶', 700));
        Assert.Equal(("ok", ""), (answer["errmsg"], answer["invaliduser"]));
        Assert.Equal(682, Assert.Single(await rig.Phone(Li, staff: true)).Content!.Length); // 2,046 bytes
        Assert.Empty(await rig.Phone(Li));
    }

    [Fact]
    public async Task The_31st_message_in_a_minute_is_dropped_without_a_word()
    {
        for (var n = 0; n < 31; n++) Assert.Equal(0, (await Send(Li, $"第 {n} 条")).Code);
        Assert.Equal(30, (await rig.Phone(Li, staff: true)).Count);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await Send(Li, "又可以了");
        Assert.Equal(31, (await rig.Phone(Li, staff: true)).Count);
    }

    [Fact]
    public async Task Unknown_receivers_come_back_in_lower_case_and_with_no_other_it_is_81013()
    {
        var answer = await Send("LIDIANZHANG|NoBody", "你好");
        Assert.Equal((0, "nobody"), (answer.Code, answer["invaliduser"]));
        Assert.Single(await rig.Phone(Li, staff: true));
        Assert.Equal(81013, (await Send("NoBody", "你好")).Code);
        var party = await rig.Corp("cgi-bin/message/send", new { toparty = "2|77", msgtype = "text", agentid = 1000001, text = new { content = "开会" } });
        Assert.Equal((0, "77"), (party.Code, party["invalidparty"]));
        Assert.Single(await rig.Phone(Wang, staff: true));
    }

    [Theory]
    [InlineData("""{"touser":"LiDianzhang","msgtype":"text","agentid":1000002,"text":{"content":"x"}}""", 301002)] // another application's number
    [InlineData("""{"touser":"LiDianzhang","msgtype":"text","agentid":42,"text":{"content":"x"}}""", 40056)]
    [InlineData("""{"touser":"LiDianzhang","msgtype":"text","text":{"content":"x"}}""", 41011)]
    [InlineData("""{"touser":"LiDianzhang","msgtype":"pigeon","agentid":1000001}""", 40008)]
    [InlineData("""{"touser":"LiDianzhang","msgtype":"text","agentid":1000001,"text":{"content":""}}""", 44004)]
    [InlineData("""{"touser":"LiDianzhang","msgtype":"image","agentid":1000001,"image":{"media_id":"none"}}""", 40007)]
    [InlineData("""{"msgtype":"text","agentid":1000001,"text":{"content":"x"}}""", 40058)]
    [InlineData("""{"touser":"LiDianzhang","msgtype":"text","agentid":1000001,"text":{"content":"x"},"duplicate_check_interval":14401}""", 40058)]
    [InlineData("""{"touser":"LiDianzhang","msgtype":"text","agentid":1000001,"text":{"content":"x"},"colour":"red"}""", 40058)]
    [InlineData("""{"touser":"@all","msgtype":"textcard","agentid":1000001,"textcard":{"title":"t","description":"d","url":"http://u"}}""", 0)]
    [InlineData("""{"touser":"LiDianzhang","msgtype":"markdown","agentid":1000001,"markdown":{"content":"**x**"}}""", 0)]
    [InlineData("""{"touser":"LiDianzhang","msgtype":"template_card","agentid":1000001,"template_card":{"card_type":"text_notice"}}""", 0)]
    public async Task A_message_to_staff_is_checked(string body, int code) => Assert.Equal(code, (await rig.Corp("cgi-bin/message/send", body)).Code);

    [Fact]
    public async Task The_1001st_receiver_is_40032() => Assert.Equal(40032, (await Send(string.Join('|', Enumerable.Range(0, 1001).Select(n => $"u{n}")), "x")).Code);

    [Fact]
    public async Task A_repeated_message_is_sent_once_where_that_is_asked_for_and_recalled_within_a_day()
    {
        var message = new { touser = Li, msgtype = "text", agentid = 1000001, text = new { content = "打卡" }, enable_duplicate_check = 1 };
        var id = (await rig.Corp("cgi-bin/message/send", message))["msgid"];
        await rig.Corp("cgi-bin/message/send", message);
        Assert.Single(await rig.Phone(Li, staff: true));
        Assert.Equal(0, (await rig.Corp("cgi-bin/message/recall", new { msgid = id })).Code);
        rig.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(42052, (await rig.Corp("cgi-bin/message/recall", new { msgid = id })).Code);
    }

    [Fact]
    public async Task A_mass_message_waits_until_the_colleague_confirms()
    {
        await Know("wmOne", "wmTwo");
        var made = await Mass("wmOne", "wmTwo", "wmNobody");
        Assert.Equal("""["wmNobody"]""", made["fail_list"]);
        Assert.Equal(41063, (await rig.Corp(Api + "get_groupmsg_task", new { msgid = made["msgid"] })).Code);
        rig.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty(await rig.Phone("wmOne"));
        Assert.Equal(0, (await Tasks(made)).GetProperty("status").GetInt32());
        Assert.Null((await rig.Act(new CompanyAct { Act = "send", Userid = Li, Msgid = made["msgid"] })).Fault);
        Assert.Equal("上新了", Assert.Single(await rig.Phone("wmOne")).Content);
        Assert.Equal(2, (await Tasks(made)).GetProperty("status").GetInt32());
        Assert.All((await Results(made)).EnumerateArray(), s => Assert.Equal(1, s.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task A_customer_gets_as_many_mass_messages_a_month_as_it_has_days_and_who_has_left_none()
    {
        await Know("wmOne", "wmTwo");
        await rig.Act(new CompanyAct { Act = "lost", Userid = Li, ExternalUserid = "wmTwo" });
        Answer last = null!;
        for (var n = 0; n < 31; n++) // June has 30 days
        {
            last = await Mass("wmOne", "wmTwo");
            await rig.Act(new CompanyAct { Act = "send", Userid = Li, Msgid = last["msgid"] });
        }

        rig.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(30, (await rig.Phone("wmOne")).Count);
        Assert.Equal([3, 2], (await Results(last)).EnumerateArray().Select(s => s.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task A_mass_message_to_nobody_is_41048_and_others_codes_are_as_documented()
    {
        Assert.Equal(41048, (await Mass("wmNobody")).Code);
        Assert.Equal(40063, (await rig.Corp(Api + "add_msg_template", """{"text":{"content":"x"}}""")).Code);
        Assert.Equal(40058, (await rig.Corp(Api + "add_msg_template", new { external_userid = Enumerable.Range(0, 10_001).Select(n => $"wm{n}"), text = new { content = "x" } })).Code);
        Assert.Equal(41047, (await rig.Corp(Api + "get_groupmsg_task", new { msgid = "none" })).Code);
        Assert.Equal(41046, (await rig.Corp(Api + "get_groupmsg_task", "{}")).Code);
    }

    [Fact]
    public async Task Colleagues_can_be_reminded_three_times_a_day_and_the_message_be_taken_back()
    {
        await Know("wmOne");
        var msgid = (await Mass("wmOne"))["msgid"];
        rig.Clock.Advance(TimeSpan.FromSeconds(3));
        for (var n = 0; n < 3; n++) Assert.Equal(0, (await rig.Corp(Api + "remind_groupmsg_send", new { msgid })).Code);
        Assert.Equal(41094, (await rig.Corp(Api + "remind_groupmsg_send", new { msgid })).Code);
        rig.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(0, (await rig.Corp(Api + "remind_groupmsg_send", new { msgid })).Code);
        Assert.Equal(0, (await rig.Corp(Api + "cancel_groupmsg_send", new { msgid })).Code);
        Assert.Equal(41093, (await rig.Corp(Api + "remind_groupmsg_send", new { msgid })).Code);
        Assert.NotNull((await rig.Act(new CompanyAct { Act = "send", Userid = Li, Msgid = msgid })).Fault);
    }

    [Theory]
    [InlineData("cgi-bin/department/list", 0)]
    [InlineData("cgi-bin/department/list?id=99", 60123)]
    [InlineData("cgi-bin/department/simplelist?id=2", 0)]
    [InlineData("cgi-bin/department/get?id=2", 0)]
    [InlineData("cgi-bin/user/get?userid=lidianzhang", 0)] // letter case does not matter
    [InlineData("cgi-bin/user/get?userid=nobody", 60111)]
    [InlineData("cgi-bin/user/get", 41009)]
    [InlineData("cgi-bin/user/simplelist?department_id=2", 0)]
    [InlineData("cgi-bin/user/list?department_id=99", 60123)]
    [InlineData("cgi-bin/getcallbackip", 0)]
    public async Task The_directory_answers(string path, int code) => Assert.Equal(code, (await rig.Corp(path)).Code);

    [Theory]
    [InlineData("image", "jpeg", 10 * 1024 * 1024, 0)]
    [InlineData("image", "jpeg", (10 * 1024 * 1024) + 1, 40009)]
    [InlineData("image", "html", 100, 40123)]
    [InlineData("voice", "amr", (2 * 1024 * 1024) + 1, 301016)]
    [InlineData("voice", "mp3", 100, 301017)]
    [InlineData("video", "mp4", (10 * 1024 * 1024) + 1, 40011)]
    [InlineData("file", "html", 20 * 1024 * 1024, 0)]
    [InlineData("file", "html", (20 * 1024 * 1024) + 1, 45001)]
    [InlineData("file", "html", 5, 40006)]
    [InlineData("hologram", "html", 100, 40005)]
    public async Task Media_have_their_types_and_sizes(string type, string content, int bytes, int code)
    {
        var file = new byte[bytes];
        var head = content switch { "jpeg" => CustomMessageTests.Jpeg, "amr" => "#!AMR\n"u8.ToArray(), "mp3" => "ID3"u8.ToArray(), "mp4" => CustomMessageTests.Mp4, _ => "<html"u8.ToArray() };
        head.CopyTo(file, 0);
        Assert.Equal(code, (await rig.Upload("cgi-bin/media/upload?type=" + type, file, "work")).Code);
    }

    [Fact]
    public async Task A_company_s_medium_is_good_for_all_its_applications_and_comes_back()
    {
        var id = (await rig.Upload("cgi-bin/media/upload?type=image", CustomMessageTests.Jpeg, "work"))["media_id"];
        Assert.Equal(CustomMessageTests.Jpeg, (await rig.Corp("cgi-bin/media/get?media_id=" + id, app: "second")).Bytes);
        rig.Clock.Advance(TimeSpan.FromDays(3) + TimeSpan.FromSeconds(1));
        Assert.Equal(40007, (await rig.Corp("cgi-bin/media/get?media_id=" + id)).Code);
    }

    [Theory]
    [InlineData(-29, 0, 0)]
    [InlineData(-30, 0, 40058)] // 31 days
    [InlineData(-180, -160, 0)]
    [InlineData(-181, -160, 40058)]
    [InlineData(0, 1, 40058)]
    public async Task Figures_are_of_30_days_within_the_last_180(int from, int to, int code)
    {
        long Day(int days) => rig.Clock.GetUtcNow().AddDays(days).ToUnixTimeSeconds();
        Assert.Equal(code, (await rig.Corp(Api + "get_user_behavior_data", new { userid = new[] { Li }, start_time = Day(from), end_time = Day(to) })).Code);
        Assert.Equal(code, (await rig.Corp(Api + "groupchat/statistic", new { day_begin_time = Day(from), day_end_time = Day(to), owner_filter = new { userid_list = new[] { Li } } })).Code);
    }

    [Fact]
    public async Task New_customers_are_counted_on_their_day_in_China()
    {
        await Know("wmOne", "wmTwo");
        var day = (await rig.Corp(Api + "get_user_behavior_data", new { userid = new[] { Li }, start_time = rig.Clock.GetUtcNow().ToUnixTimeSeconds(), end_time = rig.Clock.GetUtcNow().ToUnixTimeSeconds() })).Json.GetProperty("behavior_data")[0];
        Assert.Equal(2, day.GetProperty("new_contact_cnt").GetInt32());
        Assert.Equal(DateTimeOffset.Parse("2026-06-01T00:00:00+08:00", CultureInfo.InvariantCulture).ToUnixTimeSeconds(), day.GetProperty("stat_time").GetInt64());
    }

    private async Task Know(params string[] customers)
    {
        foreach (var customer in customers) await rig.Act(new CompanyAct { Act = "add", Userid = Li, ExternalUserid = customer });
    }

    private Task<Answer> Send(string to, string content) => rig.Corp("cgi-bin/message/send", new { touser = to, msgtype = "text", agentid = 1000001, text = new { content } });

    private Task<Answer> Mass(params string[] customers) => rig.Corp(Api + "add_msg_template", new { external_userid = customers, text = new { content = "上新了" } });

    private async Task<System.Text.Json.JsonElement> Tasks(Answer made) => (await rig.Corp(Api + "get_groupmsg_task", new { msgid = made["msgid"] })).Json.GetProperty("task_list")[0];

    private async Task<System.Text.Json.JsonElement> Results(Answer made) => (await rig.Corp(Api + "get_groupmsg_send_result", new { msgid = made["msgid"], userid = Li })).Json.GetProperty("send_list");
}
