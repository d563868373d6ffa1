using System.Text;
using System.Xml.Linq;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Storage;
using CrmServerless.Local.Sqlite;
using CrmServerless.Tests.Local;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Crypto;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CrmServerless.Tests.Pipeline;

/// <summary><c>Reply=Passive</c> over HTTP: what the customer reads, what the file says, and that nothing else is sent.</summary>
public sealed class PassiveReplyPipelineTests : IAsyncLifetime, IDisposable
{
    private static readonly Account Passive = World.Account with
    {
        Name = "passive", AppId = "wx00000000000000aa", OriginalId = "gh_test", Reply = ReplyWay.Passive,
        PreviousEncodingAesKey = EncodingAesKey.Parse(new string('p', 43)),
    };

    private static readonly Account WeCom = World.Account with
    {
        Name = "wecom", Kind = AccountKind.WeCom, AppId = "ww00000000000000cc", AgentId = 218, Reply = ReplyWay.Passive,
    };

    private static readonly AccountBook Accounts = new(
    [
        Passive, Passive with { Name = "compatible", Mode = CallbackMode.Compatible }, Passive with { Name = "plain", Mode = CallbackMode.Plaintext },
        WeCom, World.Account with { Name = "api", AppId = "wx00000000000000bb" },
    ]);

    private readonly TempFolder folder = new();
    private readonly string customer = TestHost.NewOpenId();
    private TestHost host = null!;

    public async Task InitializeAsync() => host = await TestHost.Start(folder.File("data"), accounts: Accounts);

    public Task DisposeAsync() => host.DisposeAsync().AsTask();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_answer_comes_back_in_the_response_and_stands_in_the_file_and_nothing_else_is_sent()
    {
        var (answer, type) = await Ask("门店在哪");
        Assert.Equal("text/xml", type);
        var reply = Parse(SealedAnswer.Open(answer, Passive));
        Assert.Equal((customer, "gh_test", "text", "把您的位置发给我，我来找最近的门店。"), (reply["ToUserName"], reply["FromUserName"], reply["MsgType"], reply["Content"]));

        await host.Idle();
        var file = await host.Customer(customer, "passive");
        Assert.Equal((1, 1, 5), (file.In["oa.message.text"], file.Out["sent"], file.Window.Left(Crm.Customers.Grant.Message))); // the window is untouched
        var sent = Assert.Single(await host.Timeline($"passive:{customer}"), e => e.GetProperty("kind").GetString() == "reply.sent");
        Assert.Equal(("out", "把您的位置发给我，我来找最近的门店。"), (sent.GetProperty("direction").GetString(), sent.GetProperty("text").GetString()));
        Assert.Equal(("keyword-stores", 1, true), (
            sent.GetProperty("detail").GetProperty("ruleId").GetString(), sent.GetProperty("detail").GetProperty("ruleVersion").GetInt32(),
            sent.GetProperty("detail").GetProperty("passive").GetBoolean()));
        Assert.Empty(await host.Outbox(customer)); // WeChat was asked to send nothing
    }

    [Fact]
    public async Task The_report_counts_it_like_any_answer()
    {
        await Ask("门店在哪");
        await host.Idle();
        var day = Shanghai.Day(host.Now).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var report = await host.GetJson($"/api/reports/passive/{day}");
        Assert.Contains("\"sent\":1", report.ToString().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WeChats_retry_gets_the_identical_answer_whatever_was_edited()
    {
        var payload = Xml.Text(customer, "门店在哪", TestHost.NewMsgId(), host.Now);
        var first = SealedAnswer.Open((await Deliver(payload)).Body, Passive);
        await Put("keyword-stores", new { id = "keyword-stores", when = new { text = new { any = new[] { "门店" } } }, then = new { text = "改了" } });
        Assert.Equal(first, SealedAnswer.Open((await Deliver(payload)).Body, Passive));
        Assert.Equal("改了", Parse(SealedAnswer.Open((await Ask("门店")).Answer, Passive))["Content"]);

        await host.Idle();
        var file = await host.Customer(customer, "passive");
        Assert.Equal((2, 2), (file.In["oa.message.text"], file.Out["sent"]));
        var texts = (await host.Timeline($"passive:{customer}")).Where(e => e.GetProperty("kind").GetString() == "reply.sent").Select(e => e.GetProperty("text").GetString()!);
        Assert.Equal(["把您的位置发给我，我来找最近的门店。", "改了"], texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task During_a_rotation_the_answer_has_the_key_that_opened()
    {
        var payload = Xml.Text(customer, "门店在哪", TestHost.NewMsgId(), host.Now);
        using var response = await host.Http.SendAsync(host.Signed("passive", MessageCipher.Encrypt(Passive.PreviousEncodingAesKey!, payload, Passive.AppId)));
        Assert.Contains("把您的位置发给我", SealedAnswer.Open(await response.Content.ReadAsStringAsync(), Passive, new string('p', 43)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_rule_answers_and_what_cannot_be_answered_is_acknowledged()
    {
        Assert.Equal("success", (await Ask("今天天气不错")).Answer);
        Assert.Equal("success", (await Deliver(Xml.Event(customer, "unsubscribe", host.Now))).Body);
        await host.Idle();
        Assert.Empty((await host.Customer(customer, "passive")).Out);
    }

    [Fact]
    public async Task A_rule_that_looks_at_the_customer_warns_who_saves_it_and_is_skipped_with_the_reason()
    {
        var saved = await Put("first", new { id = "first", order = 1, when = new { text = new { any = new[] { "首次" } }, firstTime = true }, then = new { text = "第一次来" } });
        Assert.Contains("Rule first never answers on passive", Assert.Single(saved.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.False((await host.GetJson("/api/rules/replies/first")).TryGetProperty("warnings", out _));

        Assert.Equal("success", (await Ask("首次")).Answer);
        await host.Idle();
        Assert.Equal("needs-customer", await Skipped("passive", customer));
        Assert.Empty(await host.Outbox(customer));
    }

    [Fact]
    public async Task A_message_is_handed_to_the_desk_and_an_Api_account_says_why_it_cannot()
    {
        var saved = await Put("desk", new { id = "desk", order = 1, when = new { text = new { any = new[] { "人工" } } }, then = new { transfer = new { kfAccount = "kf2001@gh_test" } } });
        Assert.Contains("Rule desk never answers on wecom, api", saved.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        var reply = XDocument.Parse(SealedAnswer.Open((await Ask("转人工")).Answer, Passive)).Root!;
        Assert.Equal(("transfer_customer_service", "kf2001@gh_test"), (reply.Element("MsgType")!.Value, reply.Element("TransInfo")!.Element("KfAccount")!.Value));

        await host.Text(customer, "转人工", "api");
        await host.Idle();
        Assert.Equal("passive-only", await Skipped("api", customer));
        Assert.Equal(1, (await host.Customer(customer, "passive")).Out["sent"]);
    }

    [Fact]
    public async Task A_colleague_is_answered_in_WeCom_always_encrypted()
    {
        await Put("lunch", new { id = "lunch", order = 1, when = new { accounts = new[] { "wecom" }, text = new { any = new[] { "食堂" } } }, then = new { text = "今天吃面" } });
        string Payload(string text) => Xml.Write("zhangsan", host.Now, "text", $"<Content>{text}</Content><MsgId>{TestHost.NewMsgId()}</MsgId><AgentID>218</AgentID>")
            .Replace("gh_test", WeCom.AppId, StringComparison.Ordinal);
        var reply = Parse(SealedAnswer.Open((await Deliver(Payload("食堂几点"), "wecom")).Body, WeCom));
        Assert.Equal(("zhangsan", WeCom.AppId, "今天吃面"), (reply["ToUserName"], reply["FromUserName"], reply["Content"]));
        Assert.Equal("", (await Deliver(Payload("在吗"), "wecom")).Body);

        await host.Idle();
        var asked = Assert.Single(await host.Timeline("wecom:~staff:zhangsan"), e => e.GetProperty("text").GetString() == "食堂几点");
        Assert.Equal("lunch", asked.GetProperty("detail").GetProperty("passive").GetProperty("ruleId").GetString());
    }

    [Fact]
    public async Task What_is_not_durable_is_not_answered_and_the_retry_is()
    {
        await host.DisposeAsync();
        host = await TestHost.Start(folder.File("faulty"), null, services =>
        {
            services.Replace(ServiceDescriptor.Singleton(new ReceiveOptions { HoldUntil = TimeSpan.Zero }));
            services.Replace(ServiceDescriptor.Singleton<IMessageBus>(p => new FaultyBus(p.GetRequiredService<SqliteBus>())));
            services.Replace(ServiceDescriptor.KeyedSingleton<IDocuments>(CrmServices.SpillStore,
                (_, _) => new FaultySpill(new SqliteDocuments(folder.File("spill.db"), [Collections.Spill]))));
        }, Accounts);
        var (bus, spill) = ((FaultyBus)host.Get<IMessageBus>(), (FaultySpill)host.Spill);
        bus.Before = spill.Before = _ => throw new TransientException();
        var payload = Xml.Text(customer, "门店在哪", TestHost.NewMsgId(), host.Now);
        using (var refused = await host.Deliver(payload, "passive"))
            Assert.Equal((503, "refused"), ((int)refused.StatusCode, await refused.Content.ReadAsStringAsync()));

        bus.Before = spill.Before = _ => Task.CompletedTask;
        Assert.Contains("把您的位置发给我", SealedAnswer.Open((await Deliver(payload)).Body, Passive), StringComparison.Ordinal);
        await host.Idle();
        Assert.Equal(1, (await host.Customer(customer, "passive")).Out["sent"]);
    }

    [Fact]
    public async Task After_a_restart_the_first_callback_is_answered_by_the_rules_as_they_were_left()
    {
        await Put("keyword-stores", new { id = "keyword-stores", when = new { text = new { any = new[] { "门店" } } }, then = new { text = "改了" } });
        await host.DisposeAsync();
        host = await TestHost.Start(folder.File("data"), accounts: Accounts);
        Assert.Equal("改了", Parse(SealedAnswer.Open((await Ask("门店在哪")).Answer, Passive))["Content"]);
    }

    [Theory]
    [InlineData("passive")]
    [InlineData("compatible")]
    [InlineData("plain")]
    public async Task The_phone_shows_the_answer_once_however_often_it_was_delivered(string account)
    {
        var (_, result) = await host.Send(HttpMethod.Post, "/simulator/phone", new { account, openid = customer, act = "text", text = "优惠", copies = 3 });
        Assert.All(result.GetProperty("deliveries").EnumerateArray(), d => Assert.True(d.GetProperty("accepted").GetBoolean()));
        await host.Idle();
        var shown = Assert.Single(await host.Outbox(customer));
        Assert.Equal(("news", "今日优惠：乌龙茶第二杯半价"), (shown.GetProperty("type").GetString(), shown.GetProperty("articles")[0].GetProperty("title").GetString()));
        Assert.Equal(1, (await host.Customer(customer, account)).Out["sent"]);
    }

    [Fact]
    public async Task Compatible_mode_is_answered_encrypted_so_that_the_console_can_be_switched_to_safe()
    {
        var (body, _) = await Deliver(Xml.Text(customer, "门店在哪", TestHost.NewMsgId(), host.Now), "compatible");
        Assert.Contains("把您的位置发给我", SealedAnswer.Open(body, Passive), StringComparison.Ordinal);
    }

    private Task<(string Answer, string? Type)> Ask(string text) => Deliver(Xml.Text(customer, text, TestHost.NewMsgId(), host.Now));

    private async Task<(string Body, string? Type)> Deliver(string payload, string account = "passive")
    {
        using var response = await host.Deliver(payload, account);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        return (Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync()), response.Content.Headers.ContentType?.MediaType);
    }

    private async Task<System.Text.Json.JsonElement> Put(string id, object rule)
    {
        var (status, saved) = await host.Send(HttpMethod.Put, $"/api/rules/replies/{id}", rule);
        Assert.Equal(200, status);
        return saved;
    }

    private async Task<string?> Skipped(string account, string openId) =>
        Assert.Single(await host.Timeline($"{account}:{openId}"), e => e.GetProperty("kind").GetString() == "reply.skipped")
            .GetProperty("detail").GetProperty("reason").GetString();

    private static Dictionary<string, string> Parse(string xml) =>
        XDocument.Parse(xml).Root!.Elements().ToDictionary(e => e.Name.LocalName, e => e.Value, StringComparer.Ordinal);
}
