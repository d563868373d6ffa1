using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Simulator;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>An administrator resets an app secret in WeChat's console, and nobody tells the host.</summary>
public sealed class WrongSecretTests : IAsyncLifetime, IDisposable
{
    private static readonly Account Main = SimulatorHostTests.Hosted.Accounts.Find("main")! with { Secret = "OldSecretOfMain77d1" };
    private static readonly Account Work = SimulatorHostTests.Hosted.Accounts.Find("work")! with { Secret = "OldSecretOfWork77d1" };

    private readonly TempFolder folder = new();
    private readonly ManualClock clock = new(new DateTimeOffset(2026, 6, 1, 2, 0, 0, TimeSpan.Zero));
    private readonly CountedWire wire = new();
    private TestHost host = null!;

    public async Task InitializeAsync()
    {
        host = await Start(new AccountBook([Main, Work]));
        var rule = new { id = "poster", order = 1, when = new { kinds = new[] { "wecom.customer.added" }, states = new[] { "poster-*" } }, then = new { tags = new[] { "海报客户" } } };
        Assert.Equal(200, (await host.Send(HttpMethod.Put, "/api/rules/tags/poster", rule)).Status);
    }

    public Task DisposeAsync() => host.DisposeAsync().AsTask();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Of_an_Official_Account_health_says_one_thing_WeChat_is_left_alone_and_afterwards_all_goes_out_once()
    {
        var fresh = await Reset("main", revokeTokens: true);
        var customers = Enumerable.Range(0, 8).Select(_ => TestHost.NewOpenId()).ToList();
        foreach (var customer in customers) await host.Text(customer, "我要投诉");
        await host.Idle();
        await Told("main", [40125], fresh, Main.Secret);
        foreach (var customer in customers) Assert.Empty(await host.Outbox(customer));

        // At 0, 30, 90, 210, 450, 930 and 1530 s, and then every ten minutes.
        await Pass(TimeSpan.FromMinutes(15));
        Assert.InRange(wire.TokenCalls, 3, 6);
        await Pass(TimeSpan.FromMinutes(105));
        Assert.InRange(wire.TokenCalls, 10, 17);
        Assert.Equal(0, wire.Sends);
        await Told("main", [40125], fresh, Main.Secret);
        Assert.Empty(TestHost.Items(await host.GetJson("/api/deadletters")));

        Assert.Equal(204, (await host.Send(HttpMethod.Delete, "/simulator/accounts/main/secret")).Status);
        await Pass(TimeSpan.FromMinutes(11));
        foreach (var customer in customers)
        {
            Assert.Single(await host.Outbox(customer));
            Assert.Equal(1, (await host.Customer(customer)).Out["sent"]);
        }

        Assert.Equal(customers.Count, wire.Sends);
        await Fine();
    }

    [Fact]
    public async Task Of_WeCom_health_says_one_thing_the_address_is_not_banned_and_afterwards_all_tags_are_given_once()
    {
        var fresh = await Reset("work", revokeTokens: true);
        var customers = new List<string>();
        for (var n = 0; n < 5; n++) customers.Add(await Add());
        await host.Idle();
        await Told("work", [40001], fresh, Work.Secret);

        // WeCom bans an address for many wrong secrets, and with it every other account there.
        for (var quarter = 0; quarter < 16; quarter++)
        {
            await Pass(TimeSpan.FromMinutes(15));
            await Told("work", [40001], fresh, Work.Secret);
        }

        Assert.InRange(wire.TokenCalls, 8, 14);
        Assert.Equal(0, wire.Marks);
        Assert.Empty(TestHost.Items(await host.GetJson("/api/deadletters")));

        Assert.Equal(204, (await host.Send(HttpMethod.Delete, "/simulator/accounts/work/secret")).Status);
        await Pass(TimeSpan.FromMinutes(61));
        foreach (var customer in customers) Assert.Equal("carried", await Carried(customer));
        Assert.Equal(customers.Count, wire.Marks);
        await Fine();
    }

    [Fact]
    public async Task A_token_that_was_given_out_before_works_on_until_it_ends()
    {
        var first = TestHost.NewOpenId();
        await host.Text(first, "我要投诉");
        await host.Idle();
        await Reset("main", revokeTokens: false);
        var second = TestHost.NewOpenId();
        await host.Text(second, "我要投诉");
        await host.Idle();
        Assert.Single(await host.Outbox(second));
        await Fine();

        // Five minutes before its end it is to be renewed: told then, while the old one still serves.
        clock.Advance(TimeSpan.FromMinutes(116));
        var third = TestHost.NewOpenId();
        await host.Text(third, "我要投诉");
        await host.Idle();
        Assert.Single(await host.Outbox(third));
        await Told("main", [40125], Main.Secret);
        clock.Advance(TimeSpan.FromMinutes(5));
        var fourth = TestHost.NewOpenId();
        await host.Text(fourth, "我要投诉");
        await host.Idle();
        Assert.Empty(await host.Outbox(fourth));
        await Told("main", [40125], Main.Secret);
    }

    [Fact]
    public async Task Who_puts_the_new_secret_into_the_settings_and_starts_again_has_repaired_it()
    {
        var fresh = await Reset("main", revokeTokens: true);
        var customer = TestHost.NewOpenId();
        await host.Text(customer, "我要投诉");
        await host.Idle();
        await Told("main", [40125], fresh);
        await host.DisposeAsync();

        host = await Start(new AccountBook([Main with { Secret = fresh }, Work]));
        await Pass(TimeSpan.FromMinutes(2));
        Assert.Single(await host.Outbox(customer));
        await Fine();
    }

    [Fact]
    public async Task It_goes_from_health_when_it_is_repaired_even_if_nobody_writes()
    {
        await Reset("main", revokeTokens: true);
        // Three messages within a minute: the answer cannot wait, so nothing comes back for it.
        Assert.Equal(200, (await host.Send(HttpMethod.Post, "/simulator/phone", new { openid = TestHost.NewOpenId(), act = "click", key = "MENU_STORES" })).Status);
        await host.Idle();
        await Told("main", [40125]);
        Assert.Equal(204, (await host.Send(HttpMethod.Delete, "/simulator/accounts/main/secret")).Status);
        clock.Advance(TimeSpan.FromSeconds(31));
        await Fine();
    }

    [Fact]
    public async Task Health_tells_of_it_and_of_a_quota_also_after_a_new_start()
    {
        var fresh = await Reset("main", revokeTokens: true);
        await host.Text(TestHost.NewOpenId(), "我要投诉");
        await host.Idle();
        await host.DisposeAsync();
        host = await Start(new AccountBook([Main, Work]));
        await Told("main", [40125], fresh, Main.Secret);

        Assert.Equal(204, (await host.Send(HttpMethod.Delete, "/simulator/accounts/main/secret")).Status);
        await host.Send(HttpMethod.Post, "/simulator/profile", new { account = "main", api = "cgi-bin/message/custom/send", profile = "quota" });
        await Pass(TimeSpan.FromMinutes(2));
        await host.DisposeAsync();
        host = await Start(new AccountBook([Main, Work]));
        var trouble = Assert.Single((await host.GetJson("/api/health")).GetProperty("weChat").EnumerateArray());
        Assert.Equal(("quota", "cgi-bin/message/custom/send"), (trouble.GetProperty("meaning").GetString(), trouble.GetProperty("api").GetString()));
    }

    [Fact]
    public async Task Only_an_operator_resets_and_only_what_is_there()
    {
        Assert.Equal(404, (await host.Send(HttpMethod.Post, "/simulator/accounts/nobody/secret", new { })).Status);
        Assert.Equal(404, (await host.Send(HttpMethod.Delete, "/simulator/accounts/nobody/secret")).Status);
        Assert.Equal(401, (await host.Send(HttpMethod.Post, "/simulator/accounts/main/secret", "{}", ("Origin", "https://elsewhere.example"))).Status);
        var (one, two) = (await Reset("main", false), await Reset("main", false));
        Assert.NotEqual(one, two);
        Assert.Equal(["main"], (await host.GetJson("/simulator/status")).GetProperty("secretsReset").EnumerateArray().Select(a => a.GetString()));
        Assert.DoesNotContain(two, await host.Http.GetStringAsync("/simulator/status"), StringComparison.Ordinal);
    }

    private Task<TestHost> Start(AccountBook accounts) => TestHost.Start(
        folder.File("data"), clock, services => services.AddSingleton(p => wire.To(p.GetRequiredService<OwnAddress>())), accounts);

    private async Task<string> Reset(string account, bool revokeTokens)
    {
        var (status, json) = await host.Send(HttpMethod.Post, $"/simulator/accounts/{account}/secret", new { revokeTokens });
        Assert.Equal((200, account), (status, json.GetProperty("account").GetString()));
        return json.GetProperty("secret").GetString()!;
    }

    private async Task Told(string account, int[] codes, params string[] secrets)
    {
        var health = await host.Http.GetStringAsync("/api/health");
        using var json = JsonDocument.Parse(health);
        Assert.Equal("attention", json.RootElement.GetProperty("status").GetString());
        var trouble = Assert.Single(json.RootElement.GetProperty("weChat").EnumerateArray());
        Assert.Equal((account, "token", "configuration", $"Accounts__{account}__Secret"), (
            trouble.GetProperty("account").GetString(), trouble.GetProperty("api").GetString(), trouble.GetProperty("meaning").GetString(), trouble.GetProperty("setting").GetString()));
        Assert.Contains(trouble.GetProperty("code").GetInt32(), codes);
        Assert.All(secrets, s => Assert.DoesNotContain(s, health, StringComparison.Ordinal));
    }

    private async Task Fine()
    {
        var health = await host.GetJson("/api/health");
        Assert.Equal(("ok", 0), (health.GetProperty("status").GetString(), health.GetProperty("weChat").GetArrayLength()));
    }

    // In steps, and only while nothing is under way: no call meets its limit because the clock jumps.
    private async Task Pass(TimeSpan span)
    {
        var step = TimeSpan.FromSeconds(30);
        for (var passed = TimeSpan.Zero; passed < span; passed += step)
        {
            clock.Advance(step);
            await host.Bus.Flush();
            await host.Idle();
        }
    }

    private async Task<string> Add()
    {
        var (_, json) = await host.Send(HttpMethod.Post, "/simulator/company", new { account = "work", act = "add", userid = "LiDianzhang", name = "茶客", state = "poster-7" });
        var customer = json.GetProperty("externalUserid").GetString()!;
        using var limit = new CancellationTokenSource(Patience.Limit);
        while ((await host.Send(HttpMethod.Get, $"/api/customers/work:{customer}")).Status != 200) await Task.Delay(20, limit.Token);
        return customer;
    }

    private async Task<string?> Carried(string customer) =>
        (await host.GetJson($"/api/customers/work:{customer}")).TryGetProperty("carried", out var carried)
            ? Assert.Single(carried.EnumerateArray()).GetProperty("state").GetString()
            : null;

    /// <summary>The way to the simulator, with a meter.</summary>
    private sealed class CountedWire
    {
        private int tokenCalls, sends, marks;

        public int TokenCalls => tokenCalls;

        public int Sends => sends;

        public int Marks => marks;

        public HttpClient To(OwnAddress simulator) => new(new Handler(this) { InnerHandler = new ToSimulator(simulator) });

        private sealed class Handler(CountedWire wire) : DelegatingHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var path = request.RequestUri!.AbsolutePath;
                if (path.EndsWith("token", StringComparison.Ordinal)) Interlocked.Increment(ref wire.tokenCalls);
                if (path.EndsWith("message/custom/send", StringComparison.Ordinal)) Interlocked.Increment(ref wire.sends);
                if (path.EndsWith("mark_tag", StringComparison.Ordinal)) Interlocked.Increment(ref wire.marks);
                return base.SendAsync(request, cancellationToken);
            }
        }
    }
}
