using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Stages;

/// <summary>The rules that passive answers look at without reading.</summary>
public sealed class RuleWatchTests : IDisposable
{
    private static readonly AccountBook Passive = new([Some.Account with { Reply = ReplyWay.Passive }]);

    private readonly TempStore store = new();
    private readonly FakeTimeProvider clock = new(Some.Now);
    private readonly RacingDocuments documents;
    private readonly RuleBook book;

    public RuleWatchTests()
    {
        documents = new RacingDocuments(store.Documents);
        book = new RuleBook(documents, clock);
    }

    public void Dispose()
    {
        book.Dispose();
        store.Dispose();
    }

    [Fact]
    public async Task They_are_there_when_the_host_has_started_and_follow_an_edit_elsewhere_at_the_next_reading()
    {
        using var watch = Watch(Passive);
        await watch.StartAsync(default);
        Assert.Contains(book.Latest!.Replies, r => r.Rule.Id == "welcome");

        using var elsewhere = new RuleBook(store.Documents, clock);
        await elsewhere.Save(RuleKind.Replies, Some.Rule("new", """{"text":"x"}"""), "li", default);
        Assert.DoesNotContain(book.Latest!.Replies, r => r.Rule.Id == "new");
        await clock.RunUntil(Until(() => book.Latest!.Replies.Any(r => r.Rule.Id == "new")), TimeSpan.FromSeconds(1));
        Assert.True(clock.GetUtcNow() - Some.Now >= RuleBook.Reload); // not before: every read costs
        await watch.StopAsync(default);
    }

    [Fact]
    public async Task An_edit_here_is_in_force_at_once()
    {
        using var watch = Watch(Passive);
        await watch.StartAsync(default);
        await book.Save(RuleKind.Replies, Some.Rule("new", """{"text":"x"}"""), "li", default);
        Assert.Contains(book.Latest!.Replies, r => r.Rule.Id == "new");
        await book.Remove(RuleKind.Replies, "new", default);
        Assert.DoesNotContain(book.Latest!.Replies, r => r.Rule.Id == "new");
        await watch.StopAsync(default);
    }

    [Fact]
    public async Task Without_such_an_account_nothing_is_read()
    {
        using var watch = Watch(new AccountBook([Some.Account]));
        await watch.StartAsync(default);
        await watch.ExecuteTask!.InTime();
        Assert.Null(book.Latest);
    }

    [Fact]
    public async Task A_store_that_fails_at_the_start_does_not_keep_the_host_from_receiving()
    {
        documents.WriteFault = new TransientException();
        using var watch = Watch(Passive);
        await watch.StartAsync(default);
        Assert.Null(book.Latest);
        documents.WriteFault = null;
        await clock.RunUntil(Until(() => book.Latest is not null), TimeSpan.FromSeconds(1));
        await watch.StopAsync(default);
    }

    private RuleWatch Watch(AccountBook accounts) => new(book, accounts, clock, NullLogger<RuleWatch>.Instance);

    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!condition()) await Task.Delay(1, limit.Token);
    }
}
