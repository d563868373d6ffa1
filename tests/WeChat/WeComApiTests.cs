using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.WeCom;

namespace CrmServerless.Tests.WeChat;

/// <summary>What is WeCom's own about tokens, quotas and codes.</summary>
public sealed class WeComApiTests : IDisposable
{
    private const string Customers = "/cgi-bin/externalcontact/list";

    private static readonly AccountCredentials Corp = FakeWeChat.Company;

    // Calls for which a repetition could be seen by somebody, or makes a second one of something.
    private static readonly string[] Once =
    [
        "externalcontact.add_contact_way", "externalcontact.add_contact_way~several", "externalcontact.add_corp_tag", "externalcontact.add_moment_task",
        "externalcontact.add_moment_task~link", "externalcontact.add_msg_template", "externalcontact.close_temp_chat", "externalcontact.customer_acquisition.create_link",
        "externalcontact.customer_acquisition.delete_link", "externalcontact.del_contact_way", "externalcontact.del_corp_tag", "externalcontact.groupchat.transfer",
        "externalcontact.remind_groupmsg_send", "externalcontact.resigned.transfer_customer", "externalcontact.send_welcome_msg", "externalcontact.transfer_customer",
        "kf.send_msg", "kf.send_msg_on_event", "kf.send_msg~file", "kf.send_msg~image", "kf.send_msg~link", "kf.send_msg~location", "kf.send_msg~miniprogram",
        "kf.send_msg~msgmenu", "kf.send_msg~video", "kf.send_msg~voice", "kf.service_state.trans", "media.uploadimg", "message.send", "message.send~file",
        "message.send~image", "message.send~markdown", "message.send~news", "message.send~template_card", "message.send~textcard", "message.send~video", "message.send~voice",
    ];

    private readonly FakeWeChat _wechat = new();

    public void Dispose() => _wechat.Dispose();

    [Fact]
    public async Task The_token_is_asked_for_by_the_documented_address_and_stands_in_the_address_of_the_call()
    {
        _wechat.Token = _ => FakeWeChat.Json("""{"errcode":0,"errmsg":"ok","access_token":"a+b/c=","expires_in":7200}""");
        await _wechat.WeCom.GetCallbackIp(Corp with { AppId = "ww&1", Secret = "a+b/c=&" });
        Assert.Equal(
            [("/cgi-bin/gettoken", "?corpid=ww%261&corpsecret=a%2Bb%2Fc%3D%26", ""), ("/cgi-bin/getcallbackip", "?access_token=a%2Bb%2Fc%3D", "")], _wechat.Calls);
    }

    [Fact]
    public async Task A_bad_secret_in_a_call_is_configuration_and_renews_no_token()
    {
        _wechat.Answers("""{"errcode":40001,"errmsg":"invalid credential"}""");
        var patient = Patient();
        for (var i = 1; i <= 3; i++)
        {
            var result = await patient.ExternalContactList(Corp, "zhangsan");
            Assert.Equal((40001, ApiFault.Configuration), (result.ErrCode, result.Fault));
            // Asked once; then left alone, until somebody may have repaired it.
            Assert.Equal((1, 1), (_wechat.TokenFetches, CallsOf(Customers)));
        }
    }

    [Theory]
    [InlineData(42001)]
    [InlineData(40014)]
    public async Task A_token_that_is_over_is_renewed_once_and_the_call_repeated_once(int code)
    {
        _wechat.Answer = (request, _) => Task.FromResult(FakeWeChat.Json(
            request.RequestUri!.Query.Contains("=t1", StringComparison.Ordinal) ? $$"""{"errcode":{{code}},"errmsg":"x"}""" : """{"errcode":0,"external_userid":["wm1"]}"""));
        Assert.Equal(["wm1"], (await _wechat.WeCom.ExternalContactList(Corp, "zhangsan")).Required.ExternalUserid);
        Assert.Equal((2, 2), (_wechat.TokenFetches, CallsOf(Customers)));

        // The new one is kept.
        await _wechat.WeCom.ExternalContactList(Corp, "zhangsan");
        Assert.Equal((2, 3), (_wechat.TokenFetches, CallsOf(Customers)));
    }

    [Fact]
    public async Task A_send_that_had_a_token_which_is_over_is_made_again_once_since_it_was_refused()
    {
        _wechat.Answer = (request, _) => Task.FromResult(FakeWeChat.Json(
            request.RequestUri!.Query.Contains("=t1", StringComparison.Ordinal) ? """{"errcode":42001,"errmsg":"x"}""" : """{"errcode":0,"msgid":"m"}"""));
        Assert.Equal("m", (await _wechat.WeCom.MessageSend(Corp, StaffRecipients.All, new StaffText("好"))).Required.Msgid);
        Assert.Equal(2, CallsOf("/cgi-bin/message/send"));
    }

    [Theory]
    [InlineData(40001)]
    [InlineData(40013)]
    [InlineData(60020)]
    public async Task A_secret_that_is_refused_is_remembered_and_not_asked_with_again_within_its_pause(int code)
    {
        _wechat.Token = _ => FakeWeChat.Json($$"""{"errcode":{{code}},"errmsg":"invalid credential"}""");
        for (var i = 0; i < 5; i++)
        {
            var result = await _wechat.WeCom.GetCallbackIp(Corp);
            Assert.Equal((code, ApiFault.Configuration, false), (result.ErrCode, result.Fault, result.OutcomeUnknown));
            _wechat.Time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal((1, 0), (_wechat.TokenFetches, CallsOf("/cgi-bin/getcallbackip")));
        _wechat.Time.Advance(TimeSpan.FromSeconds(5));
        await _wechat.WeCom.GetCallbackIp(Corp);
        Assert.Equal(2, _wechat.TokenFetches);
    }

    [Fact]
    public async Task Too_many_calls_close_that_API_for_a_minute_then_for_an_hour_then_until_midnight_in_China_and_no_other()
    {
        // The clock begins at 8 in China. Some seconds more than the block, since not all come back at once.
        var slack = TimeSpan.FromSeconds(3);
        _wechat.Answers("""{"errcode":45009,"errmsg":"reach max api daily quota limit"}""");
        await IsClosed(TimeSpan.FromMinutes(1), calls: 1);
        _wechat.Time.Advance(TimeSpan.FromMinutes(1) + slack);
        await IsClosed(TimeSpan.FromHours(1), calls: 2);
        _wechat.Time.Advance(TimeSpan.FromHours(1) + slack);
        var left = new DateTimeOffset(2000, 1, 2, 0, 0, 0, TimeSpan.FromHours(8)) - _wechat.Time.GetUtcNow();
        await IsClosed(left, calls: 3);

        // The next day it is open, and a block begins with a minute again.
        _wechat.Time.Advance(left + TimeSpan.FromHours(1));
        await IsClosed(TimeSpan.FromMinutes(1), calls: 4);

        async Task IsClosed(TimeSpan block, int calls)
        {
            var refused = await _wechat.WeCom.ExternalContactList(Corp, "zhangsan");
            Assert.Equal((45009, ApiFault.Quota), (refused.ErrCode, refused.Fault));
            Assert.InRange(refused.NotBefore!.Value - _wechat.Time.GetUtcNow(), block, block + slack);
            Assert.Equal(45009, (await _wechat.WeCom.ExternalContactList(Corp, "lisi")).ErrCode);
            Assert.Equal(calls, CallsOf(Customers));
            // Another API of the same company is asked all the same.
            var others = CallsOf("/cgi-bin/user/get");
            _wechat.Answers("""{"errcode":0,"userid":"zhangsan"}""");
            Assert.True((await _wechat.WeCom.UserGet(Corp, "zhangsan")).Ok);
            Assert.Equal(others + 1, CallsOf("/cgi-bin/user/get"));
            _wechat.Answers("""{"errcode":45009,"errmsg":"reach max api daily quota limit"}""");
        }
    }

    [Theory]
    [InlineData(45033, ApiFault.Transient)]
    [InlineData(-1, ApiFault.Transient)]
    [InlineData(41063, ApiFault.Transient)]
    [InlineData(41050, ApiFault.WindowClosed)]
    [InlineData(41051, ApiFault.WindowClosed)]
    [InlineData(95002, ApiFault.WindowClosed)]
    [InlineData(95018, ApiFault.WindowClosed)]
    [InlineData(95001, ApiFault.WindowUsedUp)]
    [InlineData(81013, ApiFault.Recipient)]
    [InlineData(84061, ApiFault.Recipient)]
    [InlineData(84084, ApiFault.Recipient)]
    [InlineData(40096, ApiFault.Recipient)]
    [InlineData(41054, ApiFault.Recipient)]
    [InlineData(48002, ApiFault.Configuration)]
    [InlineData(60011, ApiFault.Configuration)]
    [InlineData(60020, ApiFault.Configuration)]
    [InlineData(41001, ApiFault.Request)]
    [InlineData(40058, ApiFault.Request)]
    public async Task A_refusal_says_what_can_be_done_about_it(int code, ApiFault fault)
    {
        _wechat.Answers($$"""{"errcode":{{code}},"errmsg":"hint: [1]"}""");
        var result = await _wechat.WeCom.ExternalContactSendWelcomeMsg(Corp, new("code", new("欢迎")));
        Assert.Equal((code, fault, false), (result.ErrCode, result.Fault, result.OutcomeUnknown));
    }

    [Fact]
    public async Task Nobody_is_an_empty_list_of_customers_and_an_unknown_customer_is_none()
    {
        _wechat.Answers("""{"errcode":84061,"errmsg":"not external contact"}""");
        Assert.Empty((await _wechat.WeCom.ExternalContactBatchGetByUser(Corp, new(["lisi"]))).Required.ExternalContactList);
        Assert.Equal(ApiFault.Recipient, (await _wechat.WeCom.ExternalContactGet(Corp, "wm1")).Fault);
    }

    [Fact]
    public async Task What_is_busy_is_tried_again_if_a_repetition_does_no_harm_and_only_then()
    {
        foreach (var (name, call) in WeComApiCalls.All)
        {
            using var wechat = new FakeWeChat();
            wechat.Answers("""{"errcode":45033,"errmsg":"api concurrent out of limit"}""");
            var result = await call.Make(Patient(wechat));
            Assert.Equal((45033, ApiFault.Transient), (result.ErrCode, result.Fault));
            Assert.Equal((name, Once.Contains(name) ? 1 : 3), (name, wechat.Calls.Count - 1));
        }
    }

    [Fact]
    public async Task An_account_that_is_no_WeCom_application_is_refused_before_the_call()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _wechat.WeCom.GetCallbackIp(FakeWeChat.Account));
        var nameless = Corp with { AgentId = null };
        Assert.Contains("AgentId", (await Assert.ThrowsAsync<ArgumentException>(() => _wechat.WeCom.AgentGet(nameless))).Message, StringComparison.Ordinal);
        Assert.Contains("AgentId", (await Assert.ThrowsAsync<ArgumentException>(
            () => _wechat.WeCom.MessageSend(nameless, StaffRecipients.All, new StaffText("好")))).Message, StringComparison.Ordinal);
        Assert.Empty(_wechat.Calls);
    }

    private static WeComApi Patient(FakeWeChat wechat) =>
        new(wechat.Transport(new HttpClient(wechat), wechat.Options with { Retries = 2, RetryDelay = TimeSpan.Zero }));

    private WeComApi Patient() => Patient(_wechat);

    private int CallsOf(string path) => _wechat.Calls.Count(call => call.Path == path);
}
