using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Pipeline;

/// <summary>The operators' half of the host, over HTTP.</summary>
public sealed class OpsApiTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly TestHost host = shared.Host;

    /// <summary>Everything that is not a callback.</summary>
    public static TheoryData<string> Paths =>
        ["/", "/api/health", "/api/customers", "/api/customers/main:o1", "/api/customers/main:o1/timeline", "/api/alerts", "/api/deadletters",
         "/api/rules/tags", "/api/reports/main/2026-06-01", "/api/live", "/simulator/status", "/simulator/outbox?openid=o1"];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Nobody_gets_in_from_another_page_another_name_or_through_a_tunnel(string path)
    {
        foreach (var (name, value) in new[]
        {
            ("Host", "crm.example.com"), ("Host", "127.0.0.1.nip.io"), ("Origin", "https://evil.example"), ("Origin", "null"),
            ("Origin", "http://127.0.0.1:1"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"),
            ("X-Forwarded-For", "203.0.113.9"), ("Forwarded", "for=203.0.113.9"),
        })
        {
            var (status, json) = await host.Send(HttpMethod.Get, path, null, (name, value));
            Assert.True(status == 401, $"{path} with {name}: {value} is {status}");
            Assert.Equal(401, json.GetProperty("status").GetInt32());
        }
    }

    [Fact]
    public async Task Changes_are_refused_from_another_page_too()
    {
        foreach (var path in new[] { "/api/customers/main:o1/tags", "/api/alerts/x/close", "/api/deadletters/x/drop", "/simulator/phone", "/simulator/burst", "/api/reports/main/2026-06-01" })
            Assert.Equal(401, (await host.Send(HttpMethod.Post, path, new { }, ("Origin", "https://evil.example"))).Status);
        Assert.Equal(401, (await host.Send(HttpMethod.Put, "/api/rules/tags/x", new { }, ("Sec-Fetch-Site", "cross-site"))).Status);
        Assert.Equal(401, (await host.Send(HttpMethod.Delete, "/api/rules/tags/price", null, ("X-Forwarded-For", "203.0.113.9"))).Status);
        Assert.Equal(200, (await host.Send(HttpMethod.Get, "/api/rules/tags/price")).Status);
    }

    [Fact]
    public async Task Ones_own_page_gets_in_and_nothing_is_cached()
    {
        var own = host.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        Assert.Equal(200, (await host.Send(HttpMethod.Get, "/api/health", null, ("Origin", own), ("Sec-Fetch-Site", "same-origin"))).Status);
        using var response = await host.Http.GetAsync("/api/customers");
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("/api/customers?cursor=rubbish")]
    [InlineData("/api/alerts?cursor=%00")]
    [InlineData("/api/deadletters?cursor=eyJ9")]
    [InlineData("/api/alerts?state=sleeping")]
    [InlineData("/api/alerts?state=7")]
    [InlineData("/api/reports/main/yesterday")]
    public async Task What_cannot_be_read_is_a_problem_of_the_caller(string path)
    {
        var (status, json) = await host.Send(HttpMethod.Get, path);
        Assert.Equal(400, status);
        Assert.False(string.IsNullOrEmpty(json.GetProperty("detail").GetString()));
    }

    [Theory]
    [InlineData("/api/customers/main:nobody")]
    [InlineData("/api/customers/%3Cscript%3E")]
    [InlineData("/api/rules/poems/x")]
    [InlineData("/api/rules/tags/nothing")]
    [InlineData("/api/reports/nobody/2026-06-01")]
    [InlineData("/api/reports/main/2026-06-01.exe")]
    public async Task What_is_not_there_is_not_found(string path) => Assert.Equal(404, (await host.Send(HttpMethod.Get, path)).Status);

    [Fact]
    public async Task A_list_is_paged_to_its_end()
    {
        var customers = Enumerable.Range(0, 7).Select(_ => TestHost.NewOpenId()).ToList();
        foreach (var customer in customers) await host.Text(customer, "多少钱", "keep");
        await host.Idle();
        var (seen, path) = (new List<string>(), "/api/customers?account=keep&tag=价格敏感&take=3");
        for (string? next = ""; next is not null;)
        {
            var page = await host.GetJson(path + (next.Length > 0 ? $"&cursor={Uri.EscapeDataString(next)}" : ""));
            seen.AddRange(TestHost.Items(page).Select(c => c.GetProperty("openid").GetString()!));
            next = page.GetProperty("next").GetString();
        }

        Assert.Equal(customers.Order(), seen.Order());
        Assert.Single(TestHost.Items(await host.GetJson($"/api/customers?q={customers[0]}")));
    }

    [Fact]
    public async Task A_timeline_is_paged_without_a_gap()
    {
        var customer = TestHost.NewOpenId();
        for (var n = 0; n < 7; n++) await host.Accept(Xml.Text(customer, $"{n}", TestHost.NewMsgId(), host.Now.AddSeconds(n - 30)));
        await host.Idle();
        var (seen, path) = (new List<string>(), $"/api/customers/main:{customer}/timeline?take=2");
        for (string? next = ""; next is not null;)
        {
            var page = await host.GetJson(path + (next.Length > 0 ? $"&before={Uri.EscapeDataString(next)}" : ""));
            seen.AddRange(TestHost.Items(page).Select(c => c.GetProperty("id").GetString()!));
            next = page.GetProperty("next").GetString();
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal(9, seen.Count); // 7 texts, a stage, the tag of somebody who writes much
    }

    [Fact]
    public async Task A_rule_is_in_force_for_the_next_event_and_every_version_is_named()
    {
        var rule = new { id = "spring", name = "春茶", when = new { text = new { any = new[] { "明前" } } }, then = new { tags = new[] { "春茶客" } } };
        var (status, saved) = await host.Send(HttpMethod.Put, "/api/rules/tags/spring", rule);
        Assert.Equal((200, 1, "local"), (status, saved.GetProperty("version").GetInt32(), saved.GetProperty("editedBy").GetString()));
        Assert.Equal(("spring", 1), await Tagged("春茶客"));

        (_, saved) = await host.Send(HttpMethod.Put, "/api/rules/tags/spring", rule with { then = new { tags = new[] { "新春茶客" } } });
        Assert.Equal(2, saved.GetProperty("version").GetInt32());
        Assert.Equal(("spring", 2), await Tagged("新春茶客"));

        Assert.Equal(204, (await host.Send(HttpMethod.Delete, "/api/rules/tags/spring")).Status);
        Assert.Null(await Tagged("新春茶客"));

        async Task<(string, int)?> Tagged(string tag)
        {
            var customer = TestHost.NewOpenId();
            await host.Text(customer, "有明前茶吗");
            await host.Idle();
            return (await host.Customer(customer)).Tags.FirstOrDefault(t => t.Name == tag) is { } given ? (given.RuleId!, given.RuleVersion!.Value) : null;
        }
    }

    [Theory]
    [InlineData("""{"id":"bad","then":{"tags":[]}}""", "then.tags")]
    [InlineData("""{"id":"bad","then":{"tags":["a"]},"when":{"text":{"regex":"("}}}""", "when.text.regex")]
    [InlineData("""{"id":"bad","then":{"tags":["a"]},"when":{"text":{}}}""", "when.text")]
    [InlineData("""{"id":"bad","then":{"tags":["a"]},"when":{"timeOfDay":{"from":"25:00","to":"26:00"}}}""", "when.timeOfDay")]
    [InlineData("""{"id":"bad","then":{"tags":["a"]},"when":{"count":{"kinds":["x"],"atLeast":0,"days":7}}}""", "when.count")]
    [InlineData("""{"id":"other","then":{"tags":["a"]}}""", "id")]
    [InlineData("""{"id":"bad"}""", "then")]
    [InlineData("""{"id":"bad","then":{"tags":["a"]},"when":{"knids":["x"]}}""", "knids")]
    [InlineData("""{"id":"bad","then":{"tags":null}}""", "then.tags")]
    [InlineData("""{"id":"bad","then":{"tags":["a"]},"when":null}""", "when")]
    [InlineData("""{"id":"bad","then":{"tags":["a"]},"when":{"text":{"any":[null]}}}""", "when.text.any")]
    [InlineData("""{"id":"bad","then":{"tags":["a"]},"when":{"kinds":["x",null]}}""", "when.kinds")]
    [InlineData("""{"id":"bad","then":null}""", "then")]
    [InlineData("not json", "$")]
    [InlineData("null", "$")]
    [InlineData("[]", "$")]
    [InlineData("", "$")]
    public async Task A_rule_that_cannot_be_used_is_refused_with_where_and_why(string json, string where)
    {
        var (status, problem) = await host.Send(HttpMethod.Put, "/api/rules/tags/bad", json);
        Assert.Equal(422, status);
        Assert.Contains(where, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(404, (await host.Send(HttpMethod.Get, "/api/rules/tags/bad")).Status);
    }

    [Fact]
    public async Task Tags_by_hand_are_attributed_and_a_repeated_request_has_no_second_effect()
    {
        var customer = TestHost.NewOpenId();
        await host.Text(customer, "路过看看");
        await host.Idle();
        var path = $"/api/customers/main:{customer}/tags";
        for (var n = 0; n < 3; n++)
        {
            var (status, edited) = await host.Send(HttpMethod.Post, path, new { add = new[] { "熟客" } }, ("Idempotency-Key", "edit-1"));
            Assert.Equal(200, status);
            Assert.Equal(2, edited.GetProperty("version").GetInt64());
        }

        await host.Idle();
        Assert.Equal("local", Assert.Single((await host.Customer(customer)).Tags).By);
        var kinds = (await host.Timeline($"main:{customer}")).Select(e => e.GetProperty("kind").GetString());
        Assert.Equal(1, kinds.Count(k => k == "customer.tagged"));
        Assert.Equal(1, kinds.Count(k => k == "CustomerEdited"));

        // Taken away since: the old request, repeated, does not give it back.
        await host.Send(HttpMethod.Post, path, new { remove = new[] { "熟客" } });
        await host.Send(HttpMethod.Post, path, new { add = new[] { "熟客" } }, ("Idempotency-Key", "edit-1"));
        Assert.Empty((await host.Customer(customer)).Tags);
        Assert.Equal(422, (await host.Send(HttpMethod.Post, path, new { add = new[] { "" } })).Status);
        Assert.Equal(422, (await host.Send(HttpMethod.Post, path, new { })).Status);
        Assert.Equal(400, (await host.Send(HttpMethod.Post, path, "nonsense")).Status);
        Assert.Equal(413, (await host.Send(HttpMethod.Post, path, new { add = new[] { new string('x', 300_000) } })).Status);
    }

    [Fact]
    public async Task Alerts_are_acknowledged_and_closed_by_somebody()
    {
        var customer = TestHost.NewOpenId();
        await host.Text(customer, "我要起诉你们");
        await host.Idle();
        var alert = TestHost.Items(await host.GetJson("/api/alerts?account=main")).Single(a => a.GetProperty("customer").GetString() == $"main:{customer}");
        var path = $"/api/alerts/{alert.GetProperty("id").GetString()}";

        var (status, seen) = await host.Send(HttpMethod.Post, path + "/acknowledge", new { note = "我来处理" });
        Assert.Equal((200, "acknowledged", "local", "我来处理"), (status, Text(seen, "state"), Text(seen, "acknowledgedBy"), Text(seen, "note")));
        (status, var closed) = await host.Send(HttpMethod.Post, path + "/close");
        Assert.Equal((200, "closed", "local"), (status, Text(closed, "state"), Text(closed, "closedBy")));
        (_, var again) = await host.Send(HttpMethod.Post, path + "/close");
        Assert.Equal(closed.GetProperty("closedAt").GetDateTimeOffset(), again.GetProperty("closedAt").GetDateTimeOffset());
        (_, var late) = await host.Send(HttpMethod.Post, path + "/acknowledge");
        Assert.Equal("closed", Text(late, "state"));
        await host.Idle();
        Assert.Contains(TestHost.Items(await host.GetJson("/api/alerts?state=closed")), a => Text(a, "id") == Text(alert, "id"));
        Assert.Equal(404, (await host.Send(HttpMethod.Post, "/api/alerts/00000000000000~none/close")).Status);

        static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
    }

    [Fact]
    public async Task The_page_allows_its_own_script_and_no_other()
    {
        using var response = await host.Http.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        var script = policy.Split(';').Single(p => p.Trim().StartsWith("script-src", StringComparison.Ordinal));
        Assert.DoesNotContain("unsafe", script, StringComparison.Ordinal);
        var html = await response.Content.ReadAsStringAsync();
        var start = html.IndexOf('>', html.IndexOf("<script", StringComparison.Ordinal)) + 1;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(html[start..html.IndexOf("</script>", start, StringComparison.Ordinal)]));
        Assert.Contains($"'sha256-{Convert.ToBase64String(hash)}'", script, StringComparison.Ordinal);
        Assert.Equal(html.IndexOf("<script", StringComparison.Ordinal), html.LastIndexOf("<script", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_watches_sees_the_ack_the_stages_and_the_alert()
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        using var response = await host.Http.GetAsync("/api/live", HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        Assert.StartsWith(":", await lines.ReadLineAsync(limit.Token), StringComparison.Ordinal); // watched from here on

        var customer = TestHost.NewOpenId();
        await host.Text(customer, "我要维权");
        var wanted = new HashSet<string> { "ack", "stage customer", "stage reply", "stage alert", "stage notify", "stage stats", "alert", "phone", "queues" };
        var name = "";
        while (wanted.Count > 0 && await lines.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
            using var json = JsonDocument.Parse(line[6..]);
            if (name == "queues" || line.Contains(customer, StringComparison.Ordinal))
                wanted.Remove(name == "stage" ? $"stage {json.RootElement.GetProperty("stage").GetString()}" : name);
        }

        Assert.Empty(wanted);
    }

    [Fact]
    public async Task Whoever_watches_while_a_store_fails_sees_the_queues_again_when_it_works()
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        Assert.Equal(200, (await host.Send(HttpMethod.Post, "/simulator/troubles", new { spill = 1 })).Status);
        try
        {
            using var response = await host.Http.GetAsync("/api/live", HttpCompletionOption.ResponseHeadersRead, limit.Token);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
            Assert.StartsWith(":", await lines.ReadLineAsync(limit.Token), StringComparison.Ordinal);
            Assert.Equal(503, (await host.Send(HttpMethod.Get, "/api/health")).Status);
            await Task.Delay(300, limit.Token); // it has looked by now
            await host.Send(HttpMethod.Post, "/simulator/troubles", new { });
            while (await lines.ReadLineAsync(limit.Token) is { } line && line != "event: queues") { }
        }
        finally
        {
            await host.Send(HttpMethod.Post, "/simulator/troubles", new { });
        }
    }
}
