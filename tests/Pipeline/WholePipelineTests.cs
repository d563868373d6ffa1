using System.Globalization;
using CrmServerless.Crm;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Pipeline;

/// <summary>From a signed and encrypted callback over HTTP to all that follows, on the real host.</summary>
public sealed class WholePipelineTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly TestHost host = shared.Host;

    [Fact]
    public async Task A_follower_who_complains_gets_a_file_tags_answers_an_alert_and_a_line_in_the_report()
    {
        var customer = TestHost.NewOpenId();
        await host.Accept(Xml.Event(customer, "subscribe", host.Now, "qrscene_store-042"), "story");
        await host.Text(customer, "你们的茶里有头发，我要 维*权！", "story");
        await host.Idle();

        var file = await host.GetJson($"/api/customers/story:{customer}");
        Assert.True(file.GetProperty("subscribed").GetBoolean());
        Assert.Equal("active", file.GetProperty("stage").GetString());
        Assert.Equal("store-042", file.GetProperty("source").GetString());
        var tags = file.GetProperty("tags").EnumerateArray().Select(t => (t.GetProperty("name").GetString(), t.GetProperty("ruleId").GetString(), t.GetProperty("ruleVersion").GetInt32()));
        Assert.Equal([("门店客户", "store", 1), ("投诉风险", "complaint", 1)], tags);

        var phone = await host.Outbox(customer);
        Assert.Equal(["text", "news"], phone.Select(m => m.GetProperty("type").GetString())); // newest first
        Assert.Equal("欢迎光临青禾茶铺，本店新客第二杯半价", phone[1].GetProperty("articles")[0].GetProperty("title").GetString());

        var alert = Assert.Single(TestHost.Items(await host.GetJson("/api/alerts?account=story&state=open")));
        Assert.Equal("high", alert.GetProperty("level").GetString());
        Assert.Equal("王店长", alert.GetProperty("owner").GetString());
        Assert.Equal($"story:{customer}", alert.GetProperty("customer").GetString());
        Assert.Equal(["头发", "维权"], alert.GetProperty("words").EnumerateArray().Select(w => w.GetString()!).Order(StringComparer.Ordinal));
        Assert.Contains(alert.GetProperty("context").EnumerateArray(),
            c => c.GetProperty("match").GetString() == "维*权" && c.GetProperty("after").GetString() == "！");

        var kinds = (await host.Timeline($"story:{customer}")).Select(e => e.GetProperty("kind").GetString()!);
        Assert.Equal(
            ["customer.tagged", "customer.tagged", "lifecycle.changed", "lifecycle.changed", "oa.message.text", "oa.subscribe", "reply.sent", "reply.sent"],
            kinds.Order(StringComparer.Ordinal));

        var report = await host.GetJson($"/api/reports/story/{Today()}");
        Assert.Equal(1, report.GetProperty("followers").GetProperty("gained").GetInt32());
        Assert.Equal(2, report.GetProperty("events").GetProperty("total").GetInt32());
        Assert.Equal(2, report.GetProperty("replies").GetProperty("sent").GetInt32());
        Assert.Equal(1, report.GetProperty("alerts").GetProperty("raised").GetInt32());
        Assert.Equal(1, report.GetProperty("tags").GetProperty("given").GetProperty("投诉风险").GetInt32());
        Assert.Contains("投诉风险", await host.Http.GetStringAsync($"/api/reports/story/{Today()}.html"), StringComparison.Ordinal);
        Assert.Contains(",", await host.Http.GetStringAsync($"/api/reports/story/{Today()}.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_B_and_a_retry_of_A_are_two_events()
    {
        var customer = TestHost.NewOpenId();
        var (a, b) = (Xml.Text(customer, "甲", TestHost.NewMsgId(), host.Now), Xml.Text(customer, "乙", TestHost.NewMsgId(), host.Now));
        foreach (var payload in new[] { a, b, a, b, a }) await host.Accept(payload);
        await host.Idle();
        Assert.Equal(2, (await host.Customer(customer)).In["oa.message.text"]);
        Assert.Equal(2, (await host.Timeline($"main:{customer}")).Count(e => e.GetProperty("kind").GetString() == "oa.message.text"));
    }

    [Fact]
    public async Task One_MsgId_from_two_users_is_two_events()
    {
        var (one, other, msgId) = (TestHost.NewOpenId(), TestHost.NewOpenId(), TestHost.NewMsgId());
        await Task.WhenAll(host.Accept(Xml.Text(one, "你好", msgId, host.Now)), host.Accept(Xml.Text(other, "你好", msgId, host.Now)));
        await host.Idle();
        Assert.Equal(1, (await host.Customer(one)).In["oa.message.text"]);
        Assert.Equal(1, (await host.Customer(other)).In["oa.message.text"]);
    }

    [Fact]
    public async Task Twenty_users_who_scan_within_one_second_are_twenty()
    {
        var (users, second) = (Enumerable.Range(0, 20).Select(_ => TestHost.NewOpenId()).ToList(), host.Now);
        await Task.WhenAll(users.Select(u => host.Accept(Xml.Event(u, "SCAN", second, "store-7"))));
        await host.Idle();
        foreach (var user in users)
        {
            Assert.Equal(1, (await host.Customer(user)).In["oa.scan"]);
            Assert.Single(await host.Outbox(user));
        }
    }

    [Fact]
    public async Task Two_different_events_of_one_user_in_one_second_are_two()
    {
        var (customer, second) = (TestHost.NewOpenId(), host.Now);
        await host.Accept(Xml.Event(customer, "SCAN", second, "store-7"));
        await host.Accept(Xml.Event(customer, "SCAN", second, "store-8"));
        await host.Idle();
        Assert.Equal(2, (await host.Customer(customer)).In["oa.scan"]);
    }

    [Fact]
    public async Task A_retry_that_is_encrypted_anew_has_one_effect_and_the_same_answer()
    {
        var customer = TestHost.NewOpenId();
        var payload = Xml.Event(customer, "SCAN", host.Now, "store-7");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.Accept(payload))); // at the same moment
        await host.Idle();
        await host.Accept(payload); // and after all is done
        await host.Idle();
        Assert.Equal(1, (await host.Customer(customer)).In["oa.scan"]);
        Assert.Single(await host.Outbox(customer));
    }

    [Fact]
    public async Task The_order_of_each_customer_is_kept_under_64_parallel_senders()
    {
        const int senders = 64, each = 12;
        var customers = Enumerable.Range(0, senders).Select(_ => TestHost.NewOpenId()).ToList();
        var began = host.Now;
        await Task.WhenAll(customers.Select(async customer =>
        {
            for (var n = 0; n < each; n++) await host.Accept(Xml.Text(customer, $"第 {n} 条", TestHost.NewMsgId(), began.AddSeconds(n)));
        }));
        await host.Idle();
        foreach (var customer in customers)
        {
            var file = await host.Customer(customer);
            Assert.Equal((each, each), (file.In["oa.message.text"], file.Version));
            // The order of commits is the order of sending: the times, which only the payload knows, ascend.
            Assert.Equal(file.Handled.Select(h => h.OccurredAt).Order(), file.Handled.Select(h => h.OccurredAt));
            var texts = (await host.Timeline($"main:{customer}")).Where(e => e.GetProperty("kind").GetString() == "oa.message.text");
            Assert.Equal(Enumerable.Range(0, each).Reverse().Select(n => $"第 {n} 条"), texts.Select(e => e.GetProperty("text").GetString()));
        }
    }

    [Theory]
    [InlineData("main", false)]
    [InlineData("keep", true)]
    public async Task A_location_report_loses_its_coordinates_unless_the_account_keeps_them(string account, bool kept)
    {
        var customer = TestHost.NewOpenId();
        const string place = "<Latitude>31.224361</Latitude><Longitude>121.469170</Longitude><Precision>40.000000</Precision>";
        await host.Accept(Xml.Event(customer, "LOCATION", host.Now, more: place), account);
        // Another place in the same second is another event, also where the place itself is dropped.
        await host.Accept(Xml.Event(customer, "LOCATION", host.Now, more: place.Replace("31.22", "31.99", StringComparison.Ordinal)), account);
        await host.Idle();
        var file = await host.Customer(customer, account);
        Assert.Equal(2, file.In["oa.location_report"]);
        Assert.Equal(kept, file.Location is not null);
        var timeline = string.Concat((await host.Timeline($"{account}:{customer}")).Select(e => e.GetRawText()));
        Assert.Equal(kept, timeline.Contains("31.22", StringComparison.Ordinal));
        Assert.Equal(kept, timeline.Contains("121.46", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_location_that_is_sent_on_purpose_is_kept_and_answered()
    {
        var customer = TestHost.NewOpenId();
        await host.Accept(Xml.Write(customer, host.Now, "location",
            $"<Location_X>31.2304</Location_X><Location_Y>121.4737</Location_Y><Scale>15</Scale><Label><![CDATA[人民广场]]></Label><MsgId>{TestHost.NewMsgId()}</MsgId>"));
        await host.Idle();
        Assert.Equal("人民广场", (await host.Customer(customer)).Location!.Label);
        Assert.Contains("人民广场店", Assert.Single(await host.Outbox(customer)).GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kinds_that_nobody_knows_are_kept()
    {
        var customer = TestHost.NewOpenId();
        await host.Accept(Xml.Write(customer, host.Now, "hologram", $"<Beam>42</Beam><MsgId>{TestHost.NewMsgId()}</MsgId>"));
        await host.Accept(Xml.Event(customer, "teleported", host.Now, "there"));
        await host.Idle();
        var file = await host.Customer(customer);
        Assert.Equal((1, 1), (file.In["oa.message.unknown"], file.In["oa.event.unknown"]));
        var entries = await host.Timeline($"main:{customer}");
        Assert.Contains(entries, e => e.GetRawText().Contains("<Beam>42</Beam>", StringComparison.Ordinal));
        Assert.Contains(entries, e => e.GetProperty("kind").GetString() == "oa.event.unknown" && e.GetProperty("detail").GetProperty("name").GetString() == "teleported");
    }

    [Theory]
    [InlineData("this is no XML")]
    [InlineData("<xml><MsgType>text</MsgType></xml>")]
    [InlineData("<!DOCTYPE xml [<!ENTITY a 'b'>]><xml><FromUserName>o1</FromUserName><MsgType>text</MsgType><Content>&a;</Content></xml>")]
    [InlineData("")]
    public async Task A_verified_callback_that_cannot_be_parsed_is_kept_raw_and_acknowledged(string payload)
    {
        payload += payload.Length > 0 ? $"<!--{TestHost.NewMsgId()}-->" : "";
        await host.Accept(payload);
        await host.Accept(payload);
        await host.Idle();
        var entry = Assert.Single(await host.Timeline("main:~account"), e => e.GetProperty("detail").TryGetProperty("raw", out var raw) && raw.GetString() == payload);
        Assert.Equal("oa.quarantined", entry.GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(1_700_000_000_000)]
    [InlineData(9_999_999_999)]
    [InlineData(long.MaxValue)]
    public async Task An_implausible_time_is_kept_as_it_is_and_counted_today(long createTime)
    {
        var customer = TestHost.NewOpenId();
        var before = await Total();
        var payload = Xml.Text(customer, "时间", TestHost.NewMsgId(), DateTimeOffset.UnixEpoch)
            .Replace("<CreateTime>0<", $"<CreateTime>{createTime.ToString(CultureInfo.InvariantCulture)}<", StringComparison.Ordinal);
        await host.Accept(payload, "keep");
        await host.Accept(payload, "keep");
        await host.Idle();
        Assert.Equal(1, (await host.Customer(customer, "keep")).In["oa.message.text"]);
        Assert.Single(await host.Timeline($"keep:{customer}"), e => e.GetProperty("kind").GetString() == "oa.message.text");
        Assert.Equal(before + 1, await Total());

        // And the customer goes on as everybody else: seen now, answered, counted in a window of days.
        for (var n = 0; n < 6; n++) await host.Text(customer, "我要投诉", "keep");
        await host.Idle();
        var file = await host.Customer(customer, "keep");
        Assert.InRange(file.LastSeenAt, host.Now.AddMinutes(-1), host.Now.AddMinutes(1));
        Assert.InRange(file.FirstSeenAt, host.Now.AddMinutes(-1), host.Now.AddMinutes(1));
        Assert.Contains(file.Tags, t => t.RuleId == "chatty");
        Assert.Equal(7, file.In["oa.message.text"]);
        Assert.NotEmpty(await host.Outbox(customer));

        async Task<int> Total() => (await host.GetJson($"/api/reports/keep/{Today()}")).GetProperty("events").GetProperty("byKind")
            .TryGetProperty("oa.message.text", out var count) ? count.GetInt32() : 0;
    }

    private string Today() => Shanghai.Day(host.Now).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
