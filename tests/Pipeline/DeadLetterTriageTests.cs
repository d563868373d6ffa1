using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Pipeline;

/// <summary>What operators do about dead letters, over HTTP.</summary>
public sealed class DeadLetterTriageTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly TestHost host = shared.Host;

    [Fact]
    public async Task They_are_listed_without_what_was_written_and_retried_or_dropped_one_by_one()
    {
        var (one, other) = (TestHost.NewOpenId(), TestHost.NewOpenId());
        var (retried, dropped) = (await GiveUp(one, new FormatException("SECRET")), await GiveUp(other, new FormatException("SECRET")));
        var letters = TestHost.Items(await host.GetJson("/api/deadletters?account=main"));
        Assert.Equal(2, letters.Count);
        Assert.DoesNotContain("SECRET", string.Concat(letters.Select(l => l.GetRawText())), StringComparison.Ordinal);
        Assert.Equal("attention", (await host.GetJson("/api/health")).GetProperty("status").GetString());

        Assert.Equal(202, (await host.Send(HttpMethod.Post, $"/api/deadletters/{retried}/retry")).Status);
        await host.Idle();
        Assert.Equal(1, (await host.Customer(one)).In["oa.message.text"]);
        Assert.Equal(204, (await host.Send(HttpMethod.Post, $"/api/deadletters/{dropped}/drop")).Status);
        await host.Idle();
        Assert.Equal(404, (await host.Send(HttpMethod.Get, $"/api/customers/main:{other}")).Status);
        Assert.Empty(TestHost.Items(await host.GetJson("/api/deadletters")));
        Assert.Equal(404, (await host.Send(HttpMethod.Post, $"/api/deadletters/{dropped}/retry")).Status);
        Assert.Equal([("deadletter.drop", dropped), ("deadletter.retry", retried)], await Audited(retried, dropped));
    }

    [Fact]
    public async Task By_cause_they_are_counted_and_retried_or_dropped_together_by_somebody()
    {
        var (broken, dead) = (Enumerable.Range(0, 3).Select(_ => TestHost.NewOpenId()).ToList(), TestHost.NewOpenId());
        foreach (var customer in broken) await GiveUp(customer, new InvalidOperationException("The rule is broken."));
        await GiveUp(dead, new TransientException("The store was down."));

        var causes = TestHost.Items(await host.GetJson("/api/deadletters/causes")).ToDictionary(c => c.GetProperty("error").GetString()!);
        var rule = causes["InvalidOperationException: The rule is broken."];
        Assert.Equal(("customer", 3, 3), (rule.GetProperty("stage").GetString(), rule.GetProperty("count").GetInt32(), TestHost.Items(rule).Count));
        Assert.True(rule.GetProperty("firstSeenAt").GetDateTimeOffset() <= rule.GetProperty("lastSeenAt").GetDateTimeOffset());
        Assert.DoesNotContain("SECRET", rule.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(broken[0], rule.GetRawText(), StringComparison.Ordinal);

        var (status, done) = await All("retry", rule);
        Assert.Equal((200, 3), (status, done.GetProperty("count").GetInt32()));
        await host.Idle();
        foreach (var customer in broken) Assert.Equal(1, (await host.Customer(customer)).In["oa.message.text"]);

        (status, done) = await All("drop", causes["TransientException: The store was down."]);
        Assert.Equal((200, 1), (status, done.GetProperty("count").GetInt32()));
        Assert.Empty(TestHost.Items(await host.GetJson("/api/deadletters/causes")));
        Assert.Equal(404, (await host.Send(HttpMethod.Get, $"/api/customers/main:{dead}")).Status);
        Assert.Equal(422, (await host.Send(HttpMethod.Post, "/api/deadletters/drop", new { stage = "customer" })).Status);
        var (retried, dropped) = ("customer: InvalidOperationException: The rule is broken. (3)", "customer: TransientException: The store was down. (1)");
        Assert.Equal([("deadletter.drop-all", dropped), ("deadletter.retry-all", retried)], await Audited(retried, dropped));
    }

    private Task<(int Status, JsonElement Json)> All(string action, JsonElement cause) =>
        host.Send(HttpMethod.Post, $"/api/deadletters/{action}", new { stage = cause.GetProperty("stage").GetString(), error = cause.GetProperty("error").GetString() });

    /// <summary>What the local operator did to these, by the name of the act.</summary>
    private async Task<IEnumerable<(string, string)>> Audited(params string[] subjects) =>
        TestHost.Items(await host.GetJson("/api/audit"))
            .Where(e => subjects.Contains(e.GetProperty("subject").GetString()) && e.GetProperty("by").GetString() == "local")
            .Select(e => (e.GetProperty("action").GetString()!, e.GetProperty("subject").GetString()!)).OrderBy(e => e.Item1, StringComparer.Ordinal);

    /// <summary>A text of a customer that the customer stage gave up on; the letter's id.</summary>
    private async Task<string> GiveUp(string openId, Exception fault)
    {
        var id = Ids.Hash(openId);
        var fact = new Envelope
        {
            Id = id, Root = id, Subject = Subjects.EventReceived, Key = Keys.Customer("main", openId), Kind = "oa.message.text", OccurredAt = host.Now, PublishedAt = host.Now,
            Data = JsonSerializer.SerializeToElement(
                new EventReceived { From = openId, Kind = "oa.message.text", Text = "SECRET" }, CrmJson.Types.EventReceived),
        };
        await host.Get<DeadLetters>().Add("customer", fact, 10, false, fault, default);
        return $"customer~{id}";
    }
}
