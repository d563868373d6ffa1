using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Simulator.WeCom;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>A colleague who adds a customer whom others have tagged: the tags are given for him too, as WeCom shows them.</summary>
public sealed class LateColleagueTests : IAsyncLifetime, IDisposable
{
    // One application: what another one of the company carries would look the same.
    private static readonly Account Work = SimulatorHostTests.Hosted.Accounts.Find("work")!;

    private readonly TempFolder folder = new();
    private TestHost host = null!;

    public async Task InitializeAsync()
    {
        host = await TestHost.Start(folder.File("data"), accounts: new AccountBook([Work]));
        var rule = new { id = "poster", order = 1, when = new { kinds = new[] { "wecom.customer.added", "wecom.customer.half_added" }, states = new[] { "poster-*" } }, then = new { tags = new[] { "海报客户" } } };
        Assert.Equal(200, (await host.Send(HttpMethod.Put, "/api/rules/tags/poster", rule)).Status);
    }

    public Task DisposeAsync() => host.DisposeAsync().AsTask();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("add")]
    [InlineData("half_add")]
    public async Task Who_adds_a_tagged_customer_later_has_the_tags_too_and_again_when_he_adds_him_again(string act)
    {
        var customer = await Act("add", "LiDianzhang", null, "poster-7");
        await Tagged(customer, "LiDianzhang", "海报客户");
        await Edit(customer, add: ["老客", "错了"]);
        await Tagged(customer, "LiDianzhang", "海报客户", "老客", "错了");
        await Edit(customer, remove: ["错了"]);
        await Tagged(customer, "LiDianzhang", "海报客户", "老客");

        await Act(act, "WangXiaomei", customer);
        await Tagged(customer, "WangXiaomei", "海报客户", "老客");
        await Act("delete", "WangXiaomei", customer);
        await Has(customer, "WangXiaomei", false);
        Assert.Empty(await TagsOf(customer, "WangXiaomei"));
        await Act(act, "WangXiaomei", customer);
        await Tagged(customer, "WangXiaomei", "海报客户", "老客");

        // Once for each time that he came, and he who has them already is left alone.
        await host.Idle();
        Assert.Equal(2, (await host.Timeline($"work:{customer}")).Count(e => e.GetProperty("kind").GetString() == "customer.shared"));
        await Tagged(customer, "LiDianzhang", "海报客户", "老客");
    }

    [Fact]
    public async Task A_tag_that_WeCom_refuses_holds_up_no_other()
    {
        var customer = await Act("add", "LiDianzhang", null, "poster-7");
        await Tagged(customer, "LiDianzhang", "海报客户");
        FillUp();
        await Edit(customer, add: ["放不下"]);
        await Until(async () => (await Carried(customer)).Exists(t => t.GetProperty("tag").GetString() == "放不下" && t.GetProperty("state").GetString() == "refused"));
        await Act("add", "WangXiaomei", customer);
        await Tagged(customer, "WangXiaomei", "海报客户");
        await host.Idle();
        Assert.Empty(TestHost.Items(await host.GetJson("/api/deadletters")));
    }

    [Fact]
    public async Task What_a_quota_stops_is_given_when_it_is_open_again()
    {
        var customer = await Act("add", "LiDianzhang", null, "poster-7");
        await Tagged(customer, "LiDianzhang", "海报客户");
        await host.Send(HttpMethod.Post, "/simulator/profile", new { account = "work", api = "cgi-bin/externalcontact/mark_tag", profile = "quota" });
        await Act("add", "WangXiaomei", customer);
        await Has(customer, "WangXiaomei", true);
        await Until(async () => (await host.GetJson("/api/health")).GetProperty("weChat").EnumerateArray().Any(t => t.GetProperty("account").GetString() == "work"));
        await host.Idle();
        Assert.Empty(await TagsOf(customer, "WangXiaomei"));
        Assert.Equal(1, host.Bus.Depths().Single(d => d.Stage == "tag").Delayed);
    }

    // The company has all the tags that it may have.
    private void FillUp()
    {
        var company = host.Get<Companies>().Of(Work);
        lock (company.Gate)
        {
            var room = WeComCorpTags.MaxTags - company.TagGroups.All.Sum(g => g.Tags.Count);
            company.TagGroups.Put(new CorpTagGroup("etFull", "满", 0, host.Now, null, [.. Enumerable.Range(0, room).Select(n => new CorpTag($"et{n}", $"t{n}", 0, host.Now, null))]));
        }
    }

    private async Task<string> Act(string act, string staff, string? customer, string? state = null)
    {
        var (status, json) = await host.Send(HttpMethod.Post, "/simulator/company", new { account = "work", act, userid = staff, externalUserid = customer, name = "茶客", state });
        Assert.True(status == 200, json.ToString());
        return json.GetProperty("externalUserid").GetString()!;
    }

    private async Task Edit(string customer, string[]? add = null, string[]? remove = null) =>
        Assert.Equal(200, (await host.Send(HttpMethod.Post, $"/api/customers/work:{customer}/tags", new { add, remove })).Status);

    private Task Tagged(string customer, string staff, params string[] tags) => Until(async () => (await TagsOf(customer, staff)).SetEquals(tags));

    private Task Has(string customer, string staff, bool has) => Until(async () => (await host.GetJson($"/api/customers/work:{customer}")).GetProperty("staff").EnumerateArray()
        .Any(s => s.GetProperty("staffId").GetString() == staff && (s.GetProperty("state").GetString() is "added" or "half_added") == has));

    private async Task<HashSet<string>> TagsOf(string customer, string staff)
    {
        var token = (await host.GetJson($"/simulator/wecom/cgi-bin/gettoken?corpid={Work.AppId}&corpsecret={Work.Secret}")).GetProperty("access_token").GetString();
        var contact = await host.GetJson($"/simulator/wecom/cgi-bin/externalcontact/get?access_token={token}&external_userid={customer}");
        return [.. contact.GetProperty("follow_user").EnumerateArray().Where(f => f.GetProperty("userid").GetString() == staff)
            .SelectMany(f => f.GetProperty("tags").EnumerateArray()).Select(t => t.GetProperty("tag_name").GetString()!)];
    }

    private async Task<List<JsonElement>> Carried(string customer)
    {
        var (status, json) = await host.Send(HttpMethod.Get, $"/api/customers/work:{customer}");
        return status == 200 && json.TryGetProperty("carried", out var carried) ? [.. carried.EnumerateArray()] : [];
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!await holds()) await Task.Delay(20, limit.Token);
    }
}
