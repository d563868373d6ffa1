using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Tests.Local;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Pipeline;

/// <summary>WeCom over HTTP, on the real host: twenty people at one desk, and a group that misses a callback.</summary>
public sealed class WeComHostTests : IAsyncLifetime, IDisposable
{
    private static readonly AccountBook Accounts = new([World.Account with { Name = "work", Kind = AccountKind.WeCom, AppId = "ww1234567890abcdef" }]);

    private readonly TempFolder folder = new();
    private TestHost host = null!;

    public async Task InitializeAsync() => host = await TestHost.Start(folder.File("data"), accounts: Accounts);

    public Task DisposeAsync() => host.DisposeAsync().AsTask();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Twenty_customers_added_within_one_second_are_twenty_and_a_retry_is_none()
    {
        var second = host.Now;
        var added = Enumerable.Range(0, 20).Select(n => Event(second, "change_external_contact", "add_external_contact",
            $"<UserID>zhangsan</UserID><ExternalUserID>wmqinghe{n}</ExternalUserID><State>poster-7</State><WelcomeCode>code-{n}</WelcomeCode>")).ToList();
        await Task.WhenAll(added.Concat(added).Select(Accept));
        await host.Idle();

        var customers = TestHost.Items(await host.GetJson("/api/customers?account=work&take=50"));
        Assert.Equal(20, customers.Count);
        foreach (var customer in customers)
        {
            Assert.Equal((true, "poster-7", "follower"), (customer.GetProperty("subscribed").GetBoolean(), customer.GetProperty("source").GetString(), customer.GetProperty("stage").GetString()));
            var staff = Assert.Single(customer.GetProperty("staff").EnumerateArray());
            Assert.Equal(("zhangsan", "added"), (staff.GetProperty("staffId").GetString(), staff.GetProperty("state").GetString()));
            Assert.Equal(1, customer.GetProperty("counters").GetProperty("in").GetProperty("wecom.customer.added").GetInt32());
        }

        var report = await host.GetJson($"/api/reports/work/{Crm.Shanghai.Day(host.Now):yyyy-MM-dd}");
        Assert.Equal(20, report.GetProperty("contacts").GetProperty("added").GetInt32());
        Assert.Equal(0, report.GetProperty("replies").GetProperty("skipped").GetInt32());
        Assert.Empty(await host.Outbox("wmqinghe1"));
    }

    [Fact]
    public async Task A_group_that_misses_a_callback_shows_it_in_its_timeline_and_in_health()
    {
        await Accept(Group(host.Now, "a", "b"));
        await Accept(Group(host.Now.AddSeconds(2), "c", "d"));
        await host.Idle();
        var items = await host.Timeline("work:~chat:wrqinghe");
        Assert.Equal([JsonValueKind.Object, JsonValueKind.Undefined], items.Select(i => i.TryGetProperty("gap", out var gap) ? gap.ValueKind : default));
        Assert.Equal(("b", "c"), (items[0].GetProperty("gap").GetProperty("expected").GetString(), items[0].GetProperty("gap").GetProperty("got").GetString()));
        Assert.Equal(1, (await host.GetJson("/api/health")).GetProperty("chatGaps").GetInt32());
        // A group is nobody's file.
        Assert.Equal(404, (await host.Send(HttpMethod.Get, "/api/customers/work:~chat:wrqinghe")).Status);
        Assert.Empty(TestHost.Items(await host.GetJson("/api/customers?account=work")));
    }

    private async Task Accept(string payload)
    {
        using var response = await host.Deliver(payload, "work");
        Assert.Equal((200, ""), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    private static string Event(DateTimeOffset at, string name, string change, string fields) =>
        Xml.Write("sys", at, "event", $"<Event>{name}</Event><ChangeType>{change}</ChangeType>{fields}");

    private static string Group(DateTimeOffset at, string last, string current) => Event(
        at, "change_external_chat", "update", $"<ChatId>wrqinghe</ChatId><UpdateDetail>add_member</UpdateDetail><MemChangeCnt>1</MemChangeCnt><LastMemVer>{last}</LastMemVer><CurMemVer>{current}</CurMemVer>");
}
