using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Simulator;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>The simulator in the real host, over real HTTP: what it tells arrives as a callback, what it is sent arrives on a phone.</summary>
public sealed class SimulatorHostTests : IClassFixture<SimulatorHostTests.Hosted>
{
    private const string Tea = "sim-new-tea-000000000000000000000000000000000";

    private readonly TestHost host;

    public SimulatorHostTests(Hosted hosted) => host = hosted.Host;

    [Fact]
    public async Task A_token_in_a_header_opens_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/simulator/wechat/cgi-bin/tags/get");
        request.Headers.Authorization = new("Bearer", await OaToken());
        using var response = await host.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(41001, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errcode").GetInt32());
    }

    [Fact]
    public async Task How_a_template_message_ended_arrives_as_a_callback()
    {
        var customer = TestHost.NewOpenId();
        await host.Text(customer, "在吗");
        var sent = await Oa("cgi-bin/message/template/send", new
        {
            touser = customer, template_id = "sim-service-done-0000000000000000000000000000", data = new { thing1 = new { value = "泡茶" }, phrase2 = new { value = "完成" } },
        });
        Assert.Equal(0, sent.GetProperty("errcode").GetInt32());
        await Until(async () => (await host.Timeline($"main:{customer}")).Exists(i => i.GetProperty("kind").GetString() == "oa.template_result"));
        Assert.Contains(await host.Outbox(customer), m => m.GetProperty("type").GetString() == "template" && m.GetProperty("fields")[1].GetProperty("value").GetString() == "完成");
    }

    [Fact]
    public async Task A_customer_whom_a_colleague_adds_is_told_to_both_applications_and_welcomed_by_one()
    {
        var (_, added) = await host.Send(HttpMethod.Post, "/simulator/company", new { account = "work", act = "add", userid = "LiDianzhang", name = "茶客", state = "poster-7" });
        var (customer, code) = (added.GetProperty("externalUserid").GetString()!, added.GetProperty("welcomeCode").GetString());
        var welcome = new { welcome_code = code, text = new { content = "欢迎来青禾茶铺" } };
        Assert.Equal(0, (await Corp("work", "cgi-bin/externalcontact/send_welcome_msg", welcome)).GetProperty("errcode").GetInt32());
        Assert.Equal(41051, (await Corp("second", "cgi-bin/externalcontact/send_welcome_msg", welcome)).GetProperty("errcode").GetInt32());
        var phone = Assert.Single(TestHost.Items(await host.GetJson($"/simulator/outbox?externalUserid={customer}")));
        Assert.Equal("欢迎来青禾茶铺", phone.GetProperty("content").GetString());
        foreach (var account in new[] { "work", "second" })
            await Until(async () => (await host.Timeline($"{account}:{customer}")).Exists(i => i.GetProperty("kind").GetString() == "wecom.customer.added"));
    }

    [Fact]
    public async Task A_colleague_s_inbox_is_apart_from_a_customer_s_phone()
    {
        Assert.Equal(0, (await Corp("work", "cgi-bin/message/send", new { touser = "WangXiaomei", msgtype = "text", agentid = 1000001, text = new { content = "有人要维权" } })).GetProperty("errcode").GetInt32());
        Assert.Equal("有人要维权", Assert.Single(TestHost.Items(await host.GetJson("/simulator/outbox?userid=WangXiaomei"))).GetProperty("content").GetString());
        Assert.Empty(await host.Outbox("WangXiaomei"));
    }

    [Fact]
    public async Task Down_is_a_cut_line_or_503_and_shows_in_the_status()
    {
        var token = await OaToken("keep");
        Assert.Equal(200, (await host.Send(HttpMethod.Post, "/simulator/profile", new { account = "keep", api = "cgi-bin/menu/get", profile = "down" })).Status);
        for (var n = 0; n < 8; n++)
        {
            try
            {
                using var response = await host.Http.GetAsync("/simulator/wechat/cgi-bin/menu/get?access_token=" + token);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            }
            catch (HttpRequestException)
            {
                // the line was cut
            }
        }

        var shown = Assert.Single((await host.GetJson("/simulator/status")).GetProperty("profiles").EnumerateArray());
        Assert.Equal(("keep", "down", "cgi-bin/menu/get"), (shown.GetProperty("account").GetString(), shown.GetProperty("kind").GetString(), shown.GetProperty("api").GetString()));
        await host.Send(HttpMethod.Post, "/simulator/profile", new { account = "keep", profile = "normal" });
        Assert.Empty((await host.GetJson("/simulator/status")).GetProperty("profiles").EnumerateArray());
    }

    [Theory]
    [InlineData("/simulator/profile", """{"account":"nobody","profile":"down"}""", 422)]
    [InlineData("/simulator/profile", """{"profile":"sleepy"}""", 400)]
    [InlineData("/simulator/profile", """{"account":"main","dailyLimit":3}""", 422)]
    [InlineData("/simulator/company", """{"account":"main","act":"add"}""", 404)]
    [InlineData("/simulator/company", """{"account":"work","act":"dance"}""", 422)]
    [InlineData("/simulator/company", """{"account":null,"act":"dance"}""", 400)]
    [InlineData("/simulator/company", """{"account":"work","act":"edit","addTags":null}""", 400)]
    [InlineData("/simulator/burst", """{"account":null}""", 400)]
    [InlineData("/simulator/desk", """{"account":"main","kf":"nobody@gh_test","act":"online"}""", 422)]
    [InlineData("/simulator/phone", """{"openid":"o1","act":"scan","ticket":"made up"}""", 422)]
    public async Task An_order_that_cannot_be_meant_is_refused(string path, string body, int status)
    {
        var (answered, json) = await host.Send(HttpMethod.Post, path, body);
        Assert.Equal(status, answered);
        // In words that speak of the order, not of our code.
        Assert.DoesNotContain("Parameter", json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_colleague_who_edits_a_customer_says_only_what_changes()
    {
        var customer = (await Company(new { account = "work", act = "add", userid = "WangXiaomei", name = "茶客" })).GetProperty("externalUserid").GetString();
        var tag = (await Company(new { account = "work", act = "tag_create", tag = "口味", name = "爱喝乌龙" })).GetProperty("tag").GetString();
        await Company(new { account = "work", act = "edit", userid = "WangXiaomei", externalUserid = customer, remark = "老茶客" });
        await Company(new { account = "work", act = "edit", userid = "WangXiaomei", externalUserid = customer, addTags = new[] { tag } });
        await Company(new { account = "work", act = "edit", userid = "WangXiaomei", externalUserid = customer, description = "周末来" });
        var follow = Assert.Single((await Contact(customer)).GetProperty("follow_user").EnumerateArray());
        Assert.Equal(("老茶客", "周末来"), (follow.GetProperty("remark").GetString(), follow.GetProperty("description").GetString()));
        Assert.Equal(tag, Assert.Single(follow.GetProperty("tags").EnumerateArray()).GetProperty("tag_id").GetString());
    }

    [Theory]
    [InlineData("/simulator/profile")]
    [InlineData("/simulator/company")]
    [InlineData("/simulator/desk")]
    [InlineData("/simulator/accounts/main/secret")]
    public async Task A_foreign_page_drives_nothing(string path) =>
        Assert.Equal(401, (await host.Send(HttpMethod.Post, path, "{}", ("Origin", "https://elsewhere.example"))).Status);

    [Fact]
    public async Task A_code_that_was_made_by_the_API_says_its_scene_on_the_phone()
    {
        var ticket = (await Oa("cgi-bin/qrcode/create", new { action_name = "QR_STR_SCENE", expire_seconds = 600, action_info = new { scene = new { scene_str = "window-9" } } })).GetProperty("ticket").GetString();
        var customer = TestHost.NewOpenId();
        var (_, first) = await host.Send(HttpMethod.Post, "/simulator/phone", new { openid = customer, act = "scan", ticket });
        Assert.Equal("oa.subscribe", first.GetProperty("kind").GetString());
        var (_, again) = await host.Send(HttpMethod.Post, "/simulator/phone", new { openid = customer, act = "scan", ticket });
        Assert.Equal("oa.scan", again.GetProperty("kind").GetString());
        await host.Idle();
        Assert.Equal("window-9", (await host.Customer(customer)).Source);
        var info = await Oa($"cgi-bin/user/info?openid={customer}");
        Assert.Equal(("ADD_SCENE_QR_CODE", "window-9"), (info.GetProperty("subscribe_scene").GetString(), info.GetProperty("qr_scene_str").GetString()));
    }

    [Fact]
    public async Task Who_agrees_on_the_phone_gets_one_subscribe_message()
    {
        var customer = TestHost.NewOpenId();
        var message = new { touser = customer, template_id = Tea, data = new { thing1 = new { value = "青禾新茶" }, time2 = new { value = "2026-06-02" } } };
        await host.Send(HttpMethod.Post, "/simulator/phone", new { openid = customer, act = "popup", template = Tea, accept = false });
        Assert.Equal(43101, (await Oa("cgi-bin/message/subscribe/bizsend", message)).GetProperty("errcode").GetInt32());
        await host.Send(HttpMethod.Post, "/simulator/phone", new { openid = customer, act = "popup", template = Tea, accept = true });
        Assert.Equal(0, (await Oa("cgi-bin/message/subscribe/bizsend", message)).GetProperty("errcode").GetInt32());
        await Until(async () => (await host.Timeline($"main:{customer}")).Exists(i => i.GetProperty("kind").GetString() == "oa.submsg.sent"));
    }

    [Fact]
    public async Task A_picture_that_was_sent_can_be_looked_at()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(CustomMessageTests.Jpeg), "media", "tea.jpg" } };
        using var uploaded = await host.Http.PostAsync($"/simulator/wechat/cgi-bin/media/upload?type=image&access_token={await OaToken()}", form);
        var id = (await uploaded.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("media_id").GetString()!;
        var customer = TestHost.NewOpenId();
        await Oa("cgi-bin/message/custom/send", new { touser = customer, msgtype = "image", image = new { media_id = id } });
        Assert.Equal(id, Assert.Single(await host.Outbox(customer)).GetProperty("mediaId").GetString());
        using var picture = await host.Http.GetAsync("/simulator/media/" + id);
        Assert.Equal("image/jpeg", picture.Content.Headers.ContentType!.MediaType);
        Assert.Equal(CustomMessageTests.Jpeg, await picture.Content.ReadAsByteArrayAsync());
        Assert.Contains("sandbox", picture.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(404, (await host.Send(HttpMethod.Get, "/simulator/media/..%2Fsimulator.db")).Status);
    }

    [Fact]
    public async Task The_desk_s_doings_arrive_as_callbacks()
    {
        var customer = TestHost.NewOpenId();
        await host.Text(customer, "找客服");
        Assert.Equal(204, (await host.Send(HttpMethod.Post, "/simulator/desk", new { account = "main", kf = "kf2001@gh_test", act = "accept", openid = customer })).Status);
        Assert.Equal(204, (await host.Send(HttpMethod.Post, "/simulator/desk", new { account = "main", kf = "kf2001@gh_test", act = "switch", to = "kf2002@gh_test", openid = customer })).Status);
        Assert.Equal(204, (await host.Send(HttpMethod.Post, "/simulator/desk", new { account = "main", kf = "kf2002@gh_test", act = "close", openid = customer })).Status);
        foreach (var kind in new[] { "oa.kf.create", "oa.kf.switch", "oa.kf.close" })
            await Until(async () => (await host.Timeline($"main:{customer}")).Exists(i => i.GetProperty("kind").GetString() == kind));
    }

    [Fact]
    public async Task A_menu_made_by_the_API_is_the_phone_s()
    {
        await Oa("cgi-bin/menu/create", new { button = new object[] { new { type = "click", name = "今日", key = "TODAY" }, new { name = "更多", sub_button = new[] { new { type = "view", name = "官网", url = "https://example.com/" } } } } });
        var menu = (await host.GetJson("/simulator/status")).GetProperty("menu").EnumerateArray().Select(m => m.GetProperty("name").GetString()).ToList();
        await Oa("cgi-bin/menu/delete");
        Assert.Equal(["今日", "官网"], menu);
    }

    [Fact]
    public void An_item_of_a_menu_message_says_its_text_and_its_id()
    {
        var (_, xml) = PhonePayloads.Of(SimulatorRig.Accounts.Find("main")!, new PhoneAct { Openid = "o1", Act = "text", Text = "满意", MenuId = "101" }, DateTimeOffset.UnixEpoch, 7)!.Value;
        Assert.Contains("<Content><![CDATA[满意]]></Content><bizmsgmenuid><![CDATA[101]]></bizmsgmenuid>", xml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whom_the_account_has_blocked_it_does_not_hear()
    {
        var customer = TestHost.NewOpenId();
        await Oa("cgi-bin/tags/members/batchblacklist", new { openid_list = new[] { customer } });
        var (_, result) = await host.Send(HttpMethod.Post, "/simulator/phone", new { openid = customer, act = "text", text = "听得到吗" });
        Assert.Empty(result.GetProperty("deliveries").EnumerateArray());
    }

    private async Task<JsonElement> Oa(string path, object? body = null)
    {
        var address = $"/simulator/wechat/{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}access_token={await OaToken()}";
        return (await host.Send(body is null ? HttpMethod.Get : HttpMethod.Post, address, body is null ? null : System.Text.Encoding.UTF8.GetString(SimulatorRig.Bytes(body)))).Json;
    }

    private async Task<JsonElement> Company(object act)
    {
        var (status, json) = await host.Send(HttpMethod.Post, "/simulator/company", act);
        Assert.True(status == 200, json.ToString());
        return json;
    }

    private async Task<JsonElement> Contact(string? customer)
    {
        var token = (await host.GetJson("/simulator/wecom/cgi-bin/gettoken?corpid=ww1234567890abcdef&corpsecret=secret-work")).GetProperty("access_token").GetString();
        return await host.GetJson($"/simulator/wecom/cgi-bin/externalcontact/get?access_token={token}&external_userid={customer}");
    }

    private async Task<JsonElement> Corp(string app, string path, object body)
    {
        var token = (await host.GetJson($"/simulator/wecom/cgi-bin/gettoken?corpid=ww1234567890abcdef&corpsecret=secret-{app}")).GetProperty("access_token").GetString();
        return (await host.Send(HttpMethod.Post, $"/simulator/wecom/{path}?access_token={token}", System.Text.Encoding.UTF8.GetString(SimulatorRig.Bytes(body)))).Json;
    }

    private async Task<string> OaToken(string account = "main")
    {
        var appId = Hosted.Accounts.Find(account)!.AppId;
        return (await host.Send(HttpMethod.Post, "/simulator/wechat/cgi-bin/stable_token", $$"""{"grant_type":"client_credential","appid":"{{appId}}","secret":"secret"}""")).Json.GetProperty("access_token").GetString()!;
    }

    // A callback is told after the answer; how long after nobody knows.
    private async Task Until(Func<Task<bool>> so)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!await so())
        {
            await Task.Delay(50, limit.Token);
            await host.Idle();
        }
    }

    /// <summary>A host with two Official Accounts and two applications of one company.</summary>
    public sealed class Hosted : IAsyncLifetime, IDisposable
    {
        private readonly TempFolder folder = new();

        public static AccountBook Accounts { get; } = new(
        [
            .. TestHost.Accounts.All.Where(a => a.Name is "main" or "keep"), App("work", 1000001), App("second", 1000002),
        ]);

        public TestHost Host { get; private set; } = null!;

        public async Task InitializeAsync() => Host = await TestHost.Start(folder.File("data"), accounts: Accounts);

        public async Task DisposeAsync() => await Host.DisposeAsync();

        public void Dispose() => folder.Dispose();

        private static Account App(string name, int agent) =>
            World.Account with { Name = name, Kind = AccountKind.WeCom, AppId = "ww1234567890abcdef", AgentId = agent, Secret = $"secret-{name}" };
    }
}
