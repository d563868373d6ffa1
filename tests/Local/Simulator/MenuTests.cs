namespace CrmServerless.Tests.Local.Simulator;

/// <summary>The menu: a row for each limit and code of fact sheet F.1.</summary>
public sealed class MenuTests : IDisposable
{
    private const string Create = "cgi-bin/menu/create";

    private readonly SimulatorRig rig = new();

    public void Dispose() => rig.Dispose();

    public static TheoryData<string, int> Menus => new()
    {
        { Menu(Click("优惠")), 0 },
        { Menu(Click("一"), Click("二"), Click("三")), 0 },
        { Menu(Click("一"), Click("二"), Click("三"), Click("四")), 40016 },
        { Menu(), 40016 },
        { Menu(Group("更多", 5)), 0 },
        { Menu(Group("更多", 6)), 40023 },
        { Menu(Button("""{"name":"更多","sub_button":[{"name":"再多","sub_button":[{"type":"click","name":"三层","key":"K"}]}]}""")), 40022 },
        { Menu(Click("一二三四五")), 0 }, // 15 bytes
        { Menu(Click("一二三四五六")), 40018 }, // 18 bytes
        { Menu(Button("""{"name":"更多","sub_button":[{"type":"click","name":"一二三四五六七八九十一二三四五六七八九十","key":"K"}]}""")), 0 }, // 60 bytes
        { Menu(Button("""{"name":"更多","sub_button":[{"type":"click","name":"一二三四五六七八九十一二三四五六七八九十一","key":"K"}]}""")), 40025 },
        { Menu(Click("键", new string('k', 128))), 0 },
        { Menu(Click("键", new string('k', 129))), 40019 },
        { Menu(Button("""{"type":"click","name":"没有键"}""")), 40019 },
        { Menu(View("https://example.com/" + new string('u', 1004))), 0 }, // 1,024 bytes
        { Menu(View("https://example.com/" + new string('u', 1005))), 40020 },
        { Menu(View("example.com")), 40055 },
        { Menu(Button("""{"type":"dance","name":"跳舞"}""")), 40017 },
        { Menu(Button("""{"name":"更多","sub_button":[{"type":"dance","name":"跳舞"}]}""")), 40024 },
        { Menu(Button("""{"type":"miniprogram","name":"小程序","url":"http://mp.weixin.qq.com","appid":"wx1","pagepath":"pages/index"}""")), 0 },
        { Menu(Button("""{"type":"scancode_waitmsg","name":"扫码","key":"SCAN"}""")), 0 },
        { Menu(Button("""{"type":"click","name":"错字","kay":"K"}""")), 47001 },
        { "{}", 40016 },
    };

    [Theory]
    [MemberData(nameof(Menus))]
    public async Task A_menu_has_three_buttons_with_five_below_each(string body, int code) => Assert.Equal(code, (await rig.Oa(Create, body)).Code);

    [Fact]
    public async Task A_menu_comes_back_and_goes()
    {
        Assert.Equal(46003, (await rig.Oa("cgi-bin/menu/get")).Code);
        await rig.Oa(Create, Menu(Click("优惠", "OFFERS")));
        Assert.Equal("OFFERS", (await rig.Oa("cgi-bin/menu/get")).Json.GetProperty("menu").GetProperty("button")[0].GetProperty("key").GetString());
        Assert.Equal("1", (await rig.Oa("cgi-bin/get_current_selfmenu_info"))["is_menu_open"]);
        Assert.Equal(0, (await rig.Oa("cgi-bin/menu/delete")).Code);
        Assert.Equal(46003, (await rig.Oa("cgi-bin/menu/get")).Code);
    }

    [Fact]
    public async Task A_menu_for_some_needs_one_for_all_and_a_rule()
    {
        const string Some = """{"button":[{"type":"click","name":"会员","key":"M"}],"matchrule":{"client_platform_type":"1"}}""";
        Assert.Equal(65303, (await rig.Oa("cgi-bin/menu/addconditional", Some)).Code);
        await rig.Oa(Create, Menu(Click("优惠")));
        Assert.Equal(65304, (await rig.Oa("cgi-bin/menu/addconditional", """{"button":[{"type":"click","name":"会员","key":"M"}],"matchrule":{}}""")).Code);
        Assert.Equal(45159, (await rig.Oa("cgi-bin/menu/addconditional", """{"button":[{"type":"click","name":"会员","key":"M"}],"matchrule":{"tag_id":"999"}}""")).Code);
        var id = (await rig.Oa("cgi-bin/menu/addconditional", Some))["menuid"];
        Assert.Equal(1, (await rig.Oa("cgi-bin/menu/get")).Json.GetProperty("conditionalmenu").GetArrayLength());
        Assert.Equal(0, (await rig.Oa("cgi-bin/menu/delconditional", new { menuid = id })).Code);
        Assert.Equal(65301, (await rig.Oa("cgi-bin/menu/delconditional", new { menuid = id })).Code);
    }

    private static string Menu(params string[] buttons) => $$"""{"button":[{{string.Join(',', buttons)}}]}""";

    private static string Button(string json) => json;

    private static string Click(string name, string key = "K") => $$"""{"type":"click","name":"{{name}}","key":"{{key}}"}""";

    private static string View(string url) => $$"""{"type":"view","name":"看","url":"{{url}}"}""";

    private static string Group(string name, int below) => $$"""{"name":"{{name}}","sub_button":[{{string.Join(',', Enumerable.Range(0, below).Select(n => Click($"s{n}")))}}]}""";
}
