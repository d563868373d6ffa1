using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>The stages and the strict platforms together, in the real host: tags, media, quotas, as an operator sees them.</summary>
public sealed class SimulatorStagesTests(SimulatorHostTests.Hosted hosted) : IClassFixture<SimulatorHostTests.Hosted>
{
    private readonly TestHost host = hosted.Host;

    [Fact]
    public async Task A_tag_of_a_WeCom_customer_is_given_there_by_the_colleagues_who_have_him_and_nothing_goes_round()
    {
        await Rule("tags", "poster", new { kinds = new[] { "wecom.customer.added" }, states = new[] { "poster-*" } }, new { tags = new[] { "海报客户" } });
        var customer = await Add("LiDianzhang", null);
        await Add("WangXiaomei", customer);
        await Until(async () => (await Carried("work", customer)) is [{ } tag] && tag.GetProperty("state").GetString() == "carried");

        // By hand, when both have him.
        await Until(async () => (await host.GetJson($"/api/customers/work:{customer}")).GetProperty("staff").GetArrayLength() == 2);
        await host.Send(HttpMethod.Post, $"/api/customers/work:{customer}/tags", new { add = new[] { "老客" } });
        await Until(async () => (await Carried("work", customer)).Count == 2);
        var tags = (await Contact(customer)).GetProperty("follow_user").EnumerateArray()
            .Select(f => (f.GetProperty("userid").GetString(), Has: f.GetProperty("tags").EnumerateArray().Any(t => t.GetProperty("tag_name").GetString() == "老客"))).ToList();
        Assert.Equal(2, tags.Count);
        Assert.All(tags, t => Assert.True(t.Has, t.Item1));

        await host.Send(HttpMethod.Post, $"/api/customers/work:{customer}/tags", new { remove = new[] { "老客" } });
        await Until(async () => (await Carried("work", customer)).Exists(t => t.GetProperty("tag").GetString() == "老客" && !t.GetProperty("given").GetBoolean()));
        Assert.DoesNotContain((await host.Timeline($"work:{customer}")).Select(e => e.GetProperty("kind").GetString()), k => k == "wecom.customer.edited");
    }

    [Fact]
    public async Task A_tag_that_many_need_at_the_same_moment_is_made_once_and_made_anew_when_somebody_deletes_it()
    {
        await Rule("tags", "busy", new { kinds = new[] { "wecom.customer.added" }, states = new[] { "busy-*" } }, new { tags = new[] { "忙时客户" } });
        var customers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Add("WangXiaomei", null, "busy-hour")));
        foreach (var customer in customers) await Until(() => Has(customer, "忙时客户"));

        var id = (await Contact(customers[0])).GetProperty("follow_user")[0].GetProperty("tags").EnumerateArray()
            .Single(t => t.GetProperty("tag_name").GetString() == "忙时客户").GetProperty("tag_id").GetString();
        Assert.Equal(200, (await host.Send(HttpMethod.Post, "/simulator/company", new { account = "work", act = "tag_delete", tag = id })).Status);
        var late = await Add("WangXiaomei", null, "busy-hour");
        await Until(() => Has(late, "忙时客户"));
    }

    private async Task<bool> Has(string customer, string tag) =>
        (await Carried("work", customer)).Exists(t => t.GetProperty("tag").GetString() == tag && t.GetProperty("state").GetString() == "carried");

    [Fact]
    public async Task A_medium_that_is_given_is_what_the_phone_shows()
    {
        var jpeg = CustomMessageTests.Jpeg;
        Assert.Equal(HttpStatusCode.OK, await Put("/api/media/shop", jpeg));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Put("/api/media/shop", "no picture"u8.ToArray()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Put("/api/media/Shop!", jpeg));
        Assert.Equal(jpeg, await host.Http.GetByteArrayAsync("/api/media/shop"));

        var when = new { text = new { exact = new[] { "看看店" } } };
        Assert.Equal(JsonValueKind.Undefined, Warnings(await Rule("replies", "look", when, new { image = new { asset = "shop" } })).ValueKind);
        Assert.Contains("nobody has given", Warnings(await Rule("replies", "look2", when, new { image = new { asset = "other" } })).ToString(), StringComparison.Ordinal);
        await host.Send(HttpMethod.Delete, "/api/rules/replies/look2");

        var customer = TestHost.NewOpenId();
        await host.Text(customer, "看看店");
        await host.Idle();
        var message = Assert.Single(await host.Outbox(customer));
        Assert.Equal("image", message.GetProperty("type").GetString());
        Assert.Equal(jpeg, await host.Http.GetByteArrayAsync($"/simulator/media/{message.GetProperty("mediaId").GetString()}"));
        Assert.Equal(204, (await host.Send(HttpMethod.Delete, "/api/media/shop")).Status);
        Assert.Equal(404, (await host.Send(HttpMethod.Get, "/api/media/shop")).Status);
    }

    [Fact]
    public async Task A_quota_is_told_in_health_and_opened_again_by_clearing_it()
    {
        await host.Send(HttpMethod.Post, "/simulator/profile", new { account = "main", api = "cgi-bin/message/custom/send", profile = "quota" });
        var customer = TestHost.NewOpenId();
        await host.Text(customer, "我要投诉");
        await Until(async () => (await Troubles()).Count == 1);
        var trouble = Assert.Single(await Troubles());
        Assert.Equal(("main", "cgi-bin/message/custom/send", 45009, "quota"), (
            trouble.GetProperty("account").GetString(), trouble.GetProperty("api").GetString(), trouble.GetProperty("code").GetInt32(), trouble.GetProperty("meaning").GetString()));
        Assert.Empty(await host.Outbox(customer));

        Assert.Equal(404, (await host.Send(HttpMethod.Post, "/api/accounts/work/clear-quota", new { })).Status);
        Assert.Equal(200, (await host.Send(HttpMethod.Post, "/api/accounts/main/clear-quota", new { })).Status);
        Assert.Empty(await Troubles());
        var other = TestHost.NewOpenId();
        await host.Text(other, "我要投诉");
        await Until(async () => (await host.Outbox(other)).Count == 1);
        Assert.Contains(TestHost.Items(await host.GetJson("/api/audit")), e => e.GetProperty("action").GetString() == "quota.clear");
    }

    [Fact]
    public async Task Who_has_had_the_quotas_reset_ten_times_is_told_that_there_is_no_eleventh()
    {
        for (var n = 0; n < 10; n++) Assert.Equal(200, (await host.Send(HttpMethod.Post, "/api/accounts/keep/clear-quota", new { })).Status);
        var (status, json) = await host.Send(HttpMethod.Post, "/api/accounts/keep/clear-quota", new { });
        Assert.Equal(409, status);
        Assert.Contains("10 times a month", json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static JsonElement Warnings(JsonElement rule) => rule.TryGetProperty("warnings", out var warnings) ? warnings : default;

    private async Task<JsonElement> Rule(string kind, string id, object when, object then)
    {
        var (status, json) = await host.Send(HttpMethod.Put, $"/api/rules/{kind}/{id}", new { id, order = 1, when, then });
        Assert.True(status == 200, json.ToString());
        return json;
    }

    private async Task<string> Add(string staff, string? customer, string state = "poster-7") =>
        (await host.Send(HttpMethod.Post, "/simulator/company", new { account = "work", act = "add", userid = staff, externalUserid = customer, name = "茶客", state }))
            .Json.GetProperty("externalUserid").GetString()!;

    private async Task<List<JsonElement>> Carried(string account, string customer)
    {
        var (status, json) = await host.Send(HttpMethod.Get, $"/api/customers/{account}:{customer}");
        return status == 200 && json.TryGetProperty("carried", out var carried) ? [.. carried.EnumerateArray()] : [];
    }

    private async Task<JsonElement> Contact(string customer)
    {
        var account = SimulatorHostTests.Hosted.Accounts.Find("work")!;
        var token = (await host.GetJson($"/simulator/wecom/cgi-bin/gettoken?corpid={account.AppId}&corpsecret={account.Secret}")).GetProperty("access_token").GetString();
        return await host.GetJson($"/simulator/wecom/cgi-bin/externalcontact/get?access_token={token}&external_userid={customer}");
    }

    private async Task<List<JsonElement>> Troubles() => [.. (await host.GetJson("/api/health")).GetProperty("weChat").EnumerateArray()];

    private async Task<HttpStatusCode> Put(string path, byte[] content)
    {
        using var body = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var response = await host.Http.PutAsync(path, body);
        return response.StatusCode;
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!await holds()) await Task.Delay(20, limit.Token);
    }
}
