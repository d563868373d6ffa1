using System.Text.Json;
using CrmServerless.Local.Simulator.WeCom;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>Customers, tags, contact ways and welcomes: a row for each limit and code of fact sheet F.3 and F.4.</summary>
public sealed class WeComTests : IDisposable
{
    private const string Api = "cgi-bin/externalcontact/";
    private const string Li = "LiDianzhang", Wang = "WangXiaomei";

    private readonly SimulatorRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task Colleagues_who_may_have_customers_are_listed_and_one_without_any_is_84061()
    {
        Assert.Equal("""["LiDianzhang","WangXiaomei","ZhangQiang"]""", (await rig.Corp(Api + "get_follow_user_list"))["follow_user"]);
        Assert.Equal(84061, (await rig.Corp(Api + "list?userid=LiDianzhang")).Code);
        Assert.Equal(60111, (await rig.Corp(Api + "list?userid=Nobody")).Code);
        await Add();
        Assert.Equal("""["wmOne"]""", (await rig.Corp(Api + "list?userid=LiDianzhang"))["external_userid"]);
    }

    [Fact]
    public async Task A_customer_is_told_with_all_who_have_him_and_by_batch_with_one_each()
    {
        await Add(state: "poster-7");
        await Add(user: Wang);
        var one = (await rig.Corp(Api + "get?external_userid=wmOne")).Json;
        Assert.Equal(("wmOne", 1, 2), (one.GetProperty("external_contact").GetProperty("external_userid").GetString(), one.GetProperty("external_contact").GetProperty("type").GetInt32(), one.GetProperty("follow_user").GetArrayLength()));
        Assert.Equal("poster-7", one.GetProperty("follow_user")[0].GetProperty("state").GetString());
        Assert.Equal(40096, (await rig.Corp(Api + "get?external_userid=wmNobody")).Code);
        Assert.Equal(41035, (await rig.Corp(Api + "get")).Code);

        var first = (await rig.Corp(Api + "batch/get_by_user", new { userid_list = new[] { Li, Wang }, limit = 1 })).Json;
        Assert.Equal(JsonValueKind.Object, first.GetProperty("external_contact_list")[0].GetProperty("follow_info").ValueKind);
        var rest = (await rig.Corp(Api + "batch/get_by_user", new { userid_list = new[] { Li, Wang }, limit = 1, cursor = first.GetProperty("next_cursor").GetString() })).Json;
        Assert.Equal(1, rest.GetProperty("external_contact_list").GetArrayLength());
        Assert.False(rest.TryGetProperty("next_cursor", out _));
        Assert.Equal(50100, (await rig.Corp(Api + "batch/get_by_user", new { userid_list = new[] { Li }, cursor = "made up" })).Code);
    }

    [Theory]
    [InlineData(100, 100, 0)]
    [InlineData(101, 100, 40058)]
    [InlineData(1, 101, 40058)]
    public async Task A_batch_is_of_a_hundred_colleagues_and_a_hundred_customers_a_page(int users, int limit, int code) =>
        Assert.Equal(code, (await rig.Corp(Api + "batch/get_by_user", new { userid_list = Enumerable.Repeat(Li, users), limit })).Code);

    [Theory]
    [InlineData(20, 150, 0)]
    [InlineData(21, 0, 40058)]
    [InlineData(0, 151, 40058)]
    public async Task A_remark_has_20_characters_and_a_description_150(int remark, int description, int code)
    {
        await Add();
        Assert.Equal(code, (await rig.Corp(Api + "remark", new { userid = Li, external_userid = "wmOne", remark = new string('王', remark), description = new string('好', description) })).Code);
    }

    [Fact]
    public async Task Telephone_numbers_take_the_place_of_all_and_one_empty_text_clears_them()
    {
        await Add();
        await rig.Corp(Api + "remark", new { userid = Li, external_userid = "wmOne", remark_mobiles = new[] { "13800000000" } });
        Assert.Equal("13800000000", await Mobiles());
        await rig.Corp(Api + "remark", new { userid = Li, external_userid = "wmOne", remark = "老王" });
        Assert.Equal("13800000000", await Mobiles());
        await rig.Corp(Api + "remark", new { userid = Li, external_userid = "wmOne", remark_mobiles = new[] { "" } });
        Assert.Equal("", await Mobiles());
        Assert.Equal(84061, (await rig.Corp(Api + "remark", new { userid = Wang, external_userid = "wmOne", remark = "x" })).Code);

        async Task<string> Mobiles() => string.Join(',', (await rig.Corp(Api + "get?external_userid=wmOne")).Json.GetProperty("follow_user")[0].GetProperty("remark_mobiles").EnumerateArray().Select(m => m.GetString()));
    }

    [Theory]
    [InlineData(30, 0)]
    [InlineData(31, 40072)]
    [InlineData(0, 40072)]
    public async Task Names_of_tags_and_groups_have_30_characters(int length, int code)
    {
        Assert.Equal(code, (await AddTags("等级", new string('金', length))).Code);
        Assert.Equal(code, (await AddTags(new string('级', length), "金")).Code);
    }

    [Fact]
    public async Task A_group_of_a_known_name_gets_the_tag_and_a_known_tag_is_40071()
    {
        var first = (await AddTags("等级", "金卡")).Json.GetProperty("tag_group");
        var second = (await AddTags("等级", "银卡")).Json.GetProperty("tag_group");
        Assert.Equal(first.GetProperty("group_id").GetString(), second.GetProperty("group_id").GetString());
        Assert.Equal(1, second.GetProperty("tag").GetArrayLength());
        Assert.Equal(40071, (await AddTags("等级", "金卡")).Code);
        Assert.Equal(0, (await AddTags("口味", "金卡")).Code);
        Assert.Equal(2, (await rig.Corp(Api + "get_corp_tag_list", "{}")).Json.GetProperty("tag_group").GetArrayLength());
    }

    [Fact]
    public async Task The_3001st_tag_is_40126()
    {
        for (var group = 0; group < 30; group++) Assert.Equal(0, (await AddTags($"g{group}", [.. Enumerable.Range(0, 100).Select(n => $"t{n}")])).Code);
        Assert.Equal(40126, (await AddTags("g30", "t")).Code);
    }

    [Fact]
    public async Task An_application_changes_its_own_tags_only_and_nobody_is_told_of_it()
    {
        var id = TagOf(await AddTags("等级", "金卡"));
        Assert.Equal(301002, (await rig.Corp(Api + "edit_corp_tag", new { id, name = "白金" }, "second")).Code);
        Assert.Equal(301002, (await rig.Corp(Api + "del_corp_tag", new { tag_id = new[] { id } }, "second")).Code);
        Assert.Equal(0, (await rig.Corp(Api + "edit_corp_tag", new { id, name = "白金" })).Code);
        Assert.Equal(40068, (await rig.Corp(Api + "edit_corp_tag", new { id = "etNone", name = "x" })).Code);
        Assert.Equal(0, (await rig.Corp(Api + "del_corp_tag", new { tag_id = new[] { id } })).Code);
        Assert.Empty(rig.Company.TagGroups.All);
        Assert.Empty(rig.Callbacks());
    }

    [Fact]
    public async Task A_customer_is_marked_per_colleague()
    {
        await Add();
        rig.Callbacks();
        var id = TagOf(await AddTags("等级", "金卡"));
        Assert.Equal(0, (await rig.Corp(Api + "mark_tag", new { userid = Li, external_userid = "wmOne", add_tag = new[] { id } })).Code);
        Assert.Equal("金卡", (await rig.Corp(Api + "get?external_userid=wmOne")).Json.GetProperty("follow_user")[0].GetProperty("tags")[0].GetProperty("tag_name").GetString());
        Assert.Equal(0, (await rig.Corp(Api + "mark_tag", new { userid = Li, external_userid = "wmOne", remove_tag = new[] { id } })).Code);
        Assert.Equal(40063, (await rig.Corp(Api + "mark_tag", new { userid = Li, external_userid = "wmOne" })).Code);
        Assert.Equal(40068, (await rig.Corp(Api + "mark_tag", new { userid = Li, external_userid = "wmOne", add_tag = new[] { "etNone" } })).Code);
        Assert.Equal(84061, (await rig.Corp(Api + "mark_tag", new { userid = Wang, external_userid = "wmOne", add_tag = new[] { id } })).Code);
        Assert.Empty(rig.Callbacks()); // what an application does is told to nobody
    }

    [Theory]
    [InlineData("""{"type":1,"scene":2,"user":["LiDianzhang"],"state":"123456789012345678901234567890"}""", 0)]
    [InlineData("""{"type":1,"scene":2,"user":["LiDianzhang"],"state":"1234567890123456789012345678901"}""", 40058)]
    [InlineData("""{"scene":2,"user":["LiDianzhang"]}""", 41037)]
    [InlineData("""{"type":1,"user":["LiDianzhang"]}""", 41038)]
    [InlineData("""{"type":3,"scene":2,"user":["LiDianzhang"]}""", 41039)]
    [InlineData("""{"type":1,"scene":3,"user":["LiDianzhang"]}""", 41040)]
    [InlineData("""{"type":1,"scene":2,"user":["LiDianzhang","WangXiaomei"]}""", 40058)] // one colleague, it says
    [InlineData("""{"type":2,"scene":2,"user":["LiDianzhang","WangXiaomei"],"party":[3]}""", 0)]
    [InlineData("""{"type":2,"scene":2,"party":[99]}""", 60123)]
    [InlineData("""{"type":2,"scene":2,"user":["Nobody"]}""", 40031)]
    [InlineData("""{"type":1,"scene":2,"user":["ZhaoLei"]}""", 41054)] // has not logged in
    [InlineData("""{"type":1,"scene":2,"user":["ChenJie"]}""", 84074)] // may have no customers
    [InlineData("""{"type":1,"scene":2,"user":["LiDianzhang"],"is_temp":true,"expires_in":1209600}""", 0)]
    [InlineData("""{"type":1,"scene":2,"user":["LiDianzhang"],"is_temp":true,"expires_in":1209601}""", 40058)]
    [InlineData("""{"type":1,"scene":2,"user":["LiDianzhang"],"colour":"green"}""", 40058)]
    public async Task A_contact_way_is_checked(string body, int code) => Assert.Equal(code, (await rig.Corp(Api + "add_contact_way", body)).Code);

    [Fact]
    public async Task The_101st_colleague_of_a_contact_way_is_41041()
    {
        lock (rig.Company.Gate)
            for (var n = 0; n < 101; n++) rig.Company.Staff.Put(new StaffMember($"u{n}", "同事", [4], true, true, null));
        Assert.Equal(0, (await rig.Corp(Api + "add_contact_way", new { type = 2, scene = 2, user = Enumerable.Range(0, 100).Select(n => $"u{n}") })).Code);
        Assert.Equal(41041, (await rig.Corp(Api + "add_contact_way", new { type = 2, scene = 2, user = Enumerable.Range(0, 101).Select(n => $"u{n}") })).Code);
    }

    [Fact]
    public async Task A_contact_way_is_kept_by_its_config_id_and_seen_by_the_application_that_made_it()
    {
        var id = (await rig.Corp(Api + "add_contact_way", new { type = 1, scene = 2, user = new[] { Li }, state = "poster-7", skip_verify = true }))["config_id"];
        Assert.Equal("poster-7", (await rig.Corp(Api + "get_contact_way", new { config_id = id })).Json.GetProperty("contact_way").GetProperty("state").GetString());
        Assert.Equal(41044, (await rig.Corp(Api + "get_contact_way", new { config_id = id }, "second")).Code);
        Assert.Equal(41043, (await rig.Corp(Api + "get_contact_way", "{}")).Code);
        Assert.Equal(0, (await rig.Corp(Api + "update_contact_way", new { config_id = id, state = "poster-8" })).Code);
        Assert.Equal(1, (await rig.Corp(Api + "list_contact_way", "{}")).Json.GetProperty("contact_way").GetArrayLength());

        var added = await rig.Act(new CompanyAct { Act = "add", ConfigId = id, ExternalUserid = "wmScan" });
        var told = rig.Callbacks();
        Assert.Equal(["work", "second"], told.Select(t => t.Account));
        Assert.All(told, t => Assert.Contains("<ChangeType><![CDATA[add_half_external_contact]]></ChangeType>", t.Xml, StringComparison.Ordinal));
        Assert.All(told, t => Assert.Contains("<State><![CDATA[poster-8]]></State>", t.Xml, StringComparison.Ordinal));
        Assert.NotNull(added.WelcomeCode);
        Assert.Equal(0, (await rig.Corp(Api + "del_contact_way", new { config_id = id })).Code);
        Assert.Equal(41044, (await rig.Corp(Api + "del_contact_way", new { config_id = id })).Code);
    }

    [Fact]
    public async Task A_welcome_can_be_sent_for_20_seconds()
    {
        var code = (await Add()).WelcomeCode!;
        rig.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(0, (await Welcome(code)).Code);
        Assert.Equal(("text", "欢迎", "李店长"), Assert.Single(await rig.Phone("wmOne")) is var m ? (m.Type, m.Content, m.Agent) : default);
        var late = (await Add(user: Wang)).WelcomeCode!;
        rig.Clock.Advance(TimeSpan.FromSeconds(20.1));
        Assert.Equal(41050, (await Welcome(late)).Code);
        Assert.Equal(41050, (await Welcome("made up")).Code);
        Assert.Equal(41049, (await rig.Corp(Api + "send_welcome_msg", """{"text":{"content":"欢迎"}}""")).Code);
    }

    [Fact]
    public async Task The_second_application_and_the_second_time_get_41051_and_nothing_more_arrives()
    {
        var code = (await Add()).WelcomeCode!;
        Assert.Equal(0, (await Welcome(code)).Code);
        Assert.Equal(41051, (await Welcome(code, "second")).Code);
        Assert.Equal(41051, (await Welcome(code)).Code);
        Assert.Single(await rig.Phone("wmOne"));
    }

    [Fact]
    public async Task Who_is_chatting_already_is_41051()
    {
        var code = (await Add()).WelcomeCode!;
        await rig.Act(new CompanyAct { Act = "chat", Userid = Li, ExternalUserid = "wmOne" });
        Assert.Equal(41051, (await Welcome(code)).Code);
    }

    [Theory]
    [InlineData(4000, 0, 0)]
    [InlineData(4001, 0, 40058)]
    [InlineData(10, 9, 0)]
    [InlineData(10, 10, 41064)]
    [InlineData(0, 0, 40063)]
    public async Task A_welcome_has_a_text_of_4000_bytes_and_nine_attachments(int bytes, int attachments, int code)
    {
        var welcome = (await Add()).WelcomeCode!;
        var items = Enumerable.Range(0, attachments).Select(n => new { msgtype = "link", link = new { title = $"{n}", url = "https://example.com/" } });
        Assert.Equal(code, (await rig.Corp(Api + "send_welcome_msg", new { welcome_code = welcome, text = new { content = new string('a', bytes) }, attachments = items })).Code);
    }

    [Fact]
    public async Task Attachments_have_their_types_and_media()
    {
        var code = (await Add()).WelcomeCode!;
        Assert.Equal(41065, (await rig.Corp(Api + "send_welcome_msg", $$$"""{"welcome_code":"{{{code}}}","attachments":[{"msgtype":"hologram"}]}""")).Code);
        Assert.Equal(40007, (await rig.Corp(Api + "send_welcome_msg", $$$"""{"welcome_code":"{{{code}}}","attachments":[{"msgtype":"image","image":{"media_id":"none"}}]}""")).Code);
        var id = (await rig.Upload("cgi-bin/media/upload?type=image", CustomMessageTests.Jpeg, "work"))["media_id"];
        Assert.Equal(0, (await rig.Corp(Api + "send_welcome_msg", $$$"""{"welcome_code":"{{{code}}}","text":{"content":"欢迎"},"attachments":[{"msgtype":"image","image":{"media_id":"{{{id}}}"}}]}""")).Code);
        Assert.Equal(["image", "text"], (await rig.Phone("wmOne")).Select(m => m.Type));
    }

    private Task<CompanyResult> Add(string user = Li, string customer = "wmOne", string? state = null) => rig.Act(new CompanyAct { Act = "add", Userid = user, ExternalUserid = customer, Name = "茶客", State = state });

    private Task<Answer> Welcome(string code, string app = "work") => rig.Corp(Api + "send_welcome_msg", new { welcome_code = code, text = new { content = "欢迎" } }, app);

    private Task<Answer> AddTags(string group, params string[] tags) => rig.Corp(Api + "add_corp_tag", new { group_name = group, tag = tags.Select(name => new { name }) });

    private static string TagOf(Answer answer) => answer.Json.GetProperty("tag_group").GetProperty("tag")[0].GetProperty("id").GetString()!;
}
