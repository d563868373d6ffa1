using System.Text;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Stages;

public sealed class DeadLettersTests : IDisposable
{
    private readonly TempStore store = new();
    private readonly FakeTimeProvider clock = new(Some.Now);
    private readonly MemoryBus bus = new();
    private readonly DeadLetters letters;

    public DeadLettersTests() => letters = new DeadLetters(store.Documents, bus, clock);

    [Fact]
    public async Task A_letter_says_what_failed_where_and_since_when()
    {
        var fact = Some.Text("x") with { Only = "alert", NotBefore = Some.Now };
        await letters.Add("alert", fact, 10, committed: true, new InvalidOperationException("No rule."), default);
        var letter = Assert.Single((await letters.Page("main", null, 50, default)).Items);
        Assert.Equal(("alert~" + fact.Id, "main", "alert", fact.Subject, fact.Kind, 10, true, 0),
            (letter.Id, letter.Account, letter.Stage, letter.Subject, letter.Kind, letter.Attempts, letter.Committed, letter.Retries));
        Assert.Equal((Some.Now, Some.Now), (letter.FirstSeenAt, letter.LastSeenAt));
        Assert.StartsWith("InvalidOperationException: No rule.", letter.Error, StringComparison.Ordinal);
        Assert.Equal((fact.Id, null, null), (letter.Fact!.Id, letter.Fact.Only, letter.Fact.NotBefore));
    }

    [Fact]
    public async Task Retrying_publishes_under_a_new_message_id_for_the_stage_alone_and_behind_its_commit()
    {
        var fact = Some.Text("x") with { Deadline = Some.Now.AddSeconds(5) };
        await bus.Publish(fact, default); // the broker has seen its id: published again under it, it would vanish
        await letters.Add("alert", fact, 10, committed: true, new InvalidOperationException(), default);
        Assert.True(await letters.Retry(await Single(), default));

        var again = bus.Sent[1];
        Assert.Equal((fact.Id, fact.Id + "~alert~1"), (again.Fact.Id, again.EffectiveMessageId));
        Assert.Equal(("alert", true, null), (again.Fact.Only, again.Fact.Resume, again.Fact.Deadline));
        Assert.Empty((await letters.Page(null, null, 50, default)).Items);
        Assert.Null(await letters.Find("main", "alert~" + fact.Id, default));
    }

    [Fact]
    public async Task Without_a_commit_a_retry_starts_from_the_beginning()
    {
        await letters.Add("reply", Some.Text("x"), 10, committed: false, new InvalidOperationException(), default);
        await letters.Retry(await Single(), default);
        Assert.False(Assert.Single(bus.Sent).Fact.Resume);
    }

    [Fact]
    public async Task What_fails_again_comes_back_with_its_history_and_can_be_retried_again()
    {
        var fact = Some.Text("x");
        await letters.Add("alert", fact, 10, committed: true, new InvalidOperationException("First."), default);
        await letters.Retry(await Single(), default);
        clock.Advance(TimeSpan.FromMinutes(20));
        await letters.Add("alert", bus.Sent[0].Fact, 11, committed: false, new InvalidOperationException("Second."), default);

        var letter = await Single();
        Assert.Equal((Some.Now, Some.Now.AddMinutes(20), 21, 1, true), (letter.FirstSeenAt, letter.LastSeenAt, letter.Attempts, letter.Retries, letter.Committed));
        Assert.Contains("Second.", letter.Error, StringComparison.Ordinal);
        // Within the broker's hour: under the first retry's message id the second would be dropped in silence.
        await letters.Retry(letter, default);
        Assert.Equal([fact.Id + "~alert~1", fact.Id + "~alert~2"], bus.Sent.Select(s => s.EffectiveMessageId));
    }

    [Fact]
    public async Task What_fails_again_while_it_is_being_published_is_not_lost()
    {
        var fact = Some.Text("x");
        await letters.Add("alert", fact, 10, committed: false, new InvalidOperationException(), default);
        var quick = new DeadLetters(store.Documents, new FailingAtOnce(f => letters.Add("alert", f, 1, false, new InvalidOperationException("Again."), default)), clock);
        await quick.Retry(await Single(), default);
        Assert.Contains("Again.", (await Single()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retry_that_the_bus_does_not_take_leaves_the_letter_where_it_is()
    {
        await letters.Add("alert", Some.Text("x"), 10, committed: false, new InvalidOperationException(), default);
        var down = new DeadLetters(store.Documents, new FailingAtOnce(_ => throw new TransientException("down")), clock);
        var letter = await Single();
        await Assert.ThrowsAsync<TransientException>(() => down.Retry(letter, default));
        Assert.Equal(letter.Id, (await Single()).Id);
    }

    [Fact]
    public async Task Two_operators_who_retry_at_once_retry_once()
    {
        await letters.Add("alert", Some.Text("x"), 10, committed: false, new InvalidOperationException(), default);
        var letter = await Single();
        Assert.True(await letters.Retry(letter, default));
        Assert.True(await letters.Retry(letter, default));
        Assert.Single(bus.Sent);
    }

    [Fact]
    public async Task A_message_that_could_not_be_read_is_kept_whole_and_cannot_be_retried()
    {
        var bytes = Encoding.UTF8.GetBytes("no envelope 维权");
        await letters.AddUnreadable("alert", bytes, default);
        await letters.AddUnreadable("alert", bytes, default);
        var letter = await Single();
        Assert.Equal((DeadLetters.UnknownAccount, "unreadable", null), (letter.Account, letter.Subject, letter.Fact));
        Assert.Equal(bytes, Convert.FromBase64String(letter.Unreadable!));
        Assert.False(await letters.Retry(letter, default));
        await letters.Drop(letter, default);
        Assert.Empty((await letters.Page(null, null, 50, default)).Items);
    }

    [Fact]
    public async Task An_error_never_holds_what_a_customer_wrote()
    {
        const string text = "我家住人民路100号";
        Exception[] faults =
        [
            new FormatException(text), new System.Text.Json.JsonException(text), new ArgumentException(text), new HttpRequestException(text), new KeyNotFoundException(text),
            new InvalidOperationException("ours\n" + text), new TransientException("ours", new FormatException(text)), Thrown(text),
        ];
        foreach (var fault in faults)
        {
            await letters.Add("alert", Some.Text(text), 10, false, fault, default);
            var letter = await Single();
            Assert.DoesNotContain("人民路", letter.Error, StringComparison.Ordinal);
            Assert.StartsWith(fault.GetType().Name, letter.Error, StringComparison.Ordinal);
            await letters.Drop(letter, default);
        }
    }

    [Fact]
    public async Task Letters_are_listed_newest_first_and_by_account()
    {
        foreach (var (account, minute) in new[] { ("main", 1), ("shop", 2), ("main", 3) })
        {
            clock.SetUtcNow(Some.Now.AddMinutes(minute));
            await letters.Add("alert", Some.Text("x") with { Key = account + ":o" }, minute, false, new InvalidOperationException(), default);
        }

        Assert.Equal([3, 2, 1], (await letters.Page(null, null, 50, default)).Items.Select(l => l.Attempts));
        Assert.Equal([3, 1], (await letters.Page("main", null, 50, default)).Items.Select(l => l.Attempts));
    }

    public void Dispose() => store.Dispose();

    private static FormatException Thrown(string text)
    {
        try
        {
            throw new FormatException(text);
        }
        catch (FormatException e)
        {
            return e;
        }
    }

    private async Task<DeadLetter> Single() => Assert.Single((await letters.Page(null, null, 50, default)).Items);

    private sealed class FailingAtOnce(Func<Envelope, Task> then) : IMessageBus
    {
        public Task Publish(IReadOnlyList<OutgoingFact> facts, CancellationToken ct) => then(facts[0].Fact);
    }
}
