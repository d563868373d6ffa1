using System.Text.Json;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Rules;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Pipeline;

/// <summary>
/// An answer went out and its process died before it could say so. Until the next one comes, the customer does something
/// that opens a new window, or a rule is edited: neither may lead to a second message, a second slot or a wrong record.
/// </summary>
public sealed class CrashLaterWindowTests
{
    private const string Customer = "oWindow";

    [Fact]
    public async Task A_newer_message_clears_the_slot_but_the_answer_takes_none_of_the_new_window()
    {
        await using var world = new World((RuleKind.Replies, Answer("answer", "第一版", "你好")));
        await SentButNotReported(world);
        await world.Hire().Publish(world.Text(Customer, "还有一件事")); // no rule for it
        await CustomerStage(world); // the window is a new one before the answer is delivered again
        Assert.Empty((await world.Customer(Customer))!.Window.Slots);

        await Finish(world);
        Assert.Empty((await world.Customer(Customer))!.Window.Slots);
        await ReportedOnce(world, "sent");
    }

    [Fact]
    public async Task An_answer_that_was_sent_is_not_reported_as_skipped_because_the_customer_left_since()
    {
        await using var world = new World((RuleKind.Replies, Answer("answer", "第一版", "你好")));
        await SentButNotReported(world);
        await world.Hire().Publish(
            world.Text(Customer, "再见"), world.Received(Xml.Event(Customer, "unsubscribe", world.Clock.GetUtcNow().AddSeconds(1))));
        await CustomerStage(world);

        await Finish(world);
        await ReportedOnce(world, "sent");
    }

    [Fact]
    public async Task The_record_tells_the_text_and_the_version_that_were_sent_not_those_of_today()
    {
        await using var world = new World((RuleKind.Replies, Answer("answer", "第一版", "你好")));
        await SentButNotReported(world);
        await world.SaveRule(RuleKind.Replies, Answer("answer", "第二版", "你好") with { Version = 2 });

        await Finish(world);
        await ReportedOnce(world, "sent");
    }

    [Fact]
    public async Task The_record_is_written_also_when_the_rule_is_gone()
    {
        await using var world = new World((RuleKind.Replies, Answer("answer", "第一版", "你好")));
        await SentButNotReported(world);
        await world.RemoveRule(RuleKind.Replies, "answer");

        await Finish(world);
        await ReportedOnce(world, "sent");
    }

    [Fact]
    public async Task A_dead_letter_retried_under_other_rules_and_in_a_newer_window_sends_nothing_more()
    {
        await using var world = new World((RuleKind.Replies, Answer("answer", "第一版", "你好")));
        var worker = world.Hire();
        await worker.Publish(world.Text(Customer, "你好"));
        await worker.Run(worker.Take("customer"));
        // Sent and noted, but the report fails to the end.
        worker.Fate.Fail("publish ReplySent", new InvalidOperationException("broken"));
        var reply = worker.Take("reply");
        Envelope.TryRead(reply.Body.Span, out var fact);
        await worker.Run("reply", fact!, count: 10);
        await reply.Complete();
        var letter = Assert.Single((await worker.Get<DeadLetters>().Page(null, null, 10, default)).Items);
        Assert.True(letter.Committed);

        world.Clock.Advance(TimeSpan.FromSeconds(5));
        await world.Hire().Publish(world.Text(Customer, "你好"));
        await CustomerStage(world);
        await world.RemoveRule(RuleKind.Replies, "answer");
        await world.SaveRule(RuleKind.Replies, Answer("another", "别的", "你好"));
        var next = world.Hire();
        await next.Get<DeadLetters>().Retry(letter, default);
        await Finish(world);

        // One answer each to two messages; the first by the rule of its time.
        Assert.Equal(["第一版", "别的"], world.Phone.Arrived.Select(m => m.Text));
        var sent = (await world.Timeline(Customer)).Where(e => e.Kind == "reply.sent").ToList();
        Assert.Equal(new HashSet<string?> { "第一版", "别的" }, sent.Select(e => e.Text).ToHashSet());
        Assert.Equal(2, (await world.Customer(Customer))!.Out["sent"]);
        Assert.Single((await world.Customer(Customer))!.Window.Slots); // the second's
    }

    [Fact]
    public async Task An_answer_announced_again_after_an_hour_is_not_sent_again_by_another_rule()
    {
        await using var world = new World((RuleKind.Replies, Answer("answer", "第一版", "你好")));
        var worker = world.Hire();
        var first = world.Text(Customer, "你好");
        await worker.Publish(first);
        await worker.Drain();
        await world.Advance(TimeSpan.FromHours(2)); // the broker has forgotten all message ids
        await world.RemoveRule(RuleKind.Replies, "answer");
        await world.SaveRule(RuleKind.Replies, Answer("another", "别的", "你好"));
        await worker.Publish(world.Text(Customer, "嗯")); // clears the slot
        await worker.Drain();

        await worker.Publish(first); // as a spill would that was drained twice
        await Finish(world);
        Assert.Equal((Customer, "第一版"), Assert.Single(world.Phone.Arrived));
        Assert.Equal(1, (await world.Customer(Customer))!.Out["sent"]);
    }

    private static async Task SentButNotReported(World world)
    {
        var doomed = world.Hire(new Fate().Die(Moment.Before, "publish ReplySent"));
        await doomed.Publish(world.Text(Customer, "你好"));
        await Assert.ThrowsAsync<ProcessDiedException>(doomed.Drain);
        await world.Crash(TimeSpan.FromSeconds(5));
        Assert.Single(world.Phone.Arrived);
    }

    private static async Task ReportedOnce(World world, string outcome)
    {
        Assert.Equal((Customer, "第一版"), Assert.Single(world.Phone.Arrived));
        Assert.Equal(1, (await world.Customer(Customer))!.Out[outcome]);
        var entry = Assert.Single(await world.Timeline(Customer), e => e.Kind.StartsWith("reply.", StringComparison.Ordinal));
        Assert.Equal(("reply." + outcome, "第一版"), (entry.Kind, entry.Text));
        Assert.Equal("answer", entry.Detail!.Value.GetProperty("ruleId").GetString());
        Assert.Equal(1, entry.Detail!.Value.GetProperty("ruleVersion").GetInt32());
    }

    private static async Task CustomerStage(World world)
    {
        var worker = world.Hire();
        while (world.Bus.TryReceive("customer", out var delivery)) await worker.Run(delivery);
    }

    private static async Task Finish(World world)
    {
        var worker = world.Hire();
        await worker.Drain();
        await worker.Upkeep();
    }

    private static Rule Answer(string id, string text, string word) => new()
    {
        Id = id, When = new RuleCondition { Text = new TextCondition(Any: [word]) }, Then = JsonSerializer.SerializeToElement(new { text }),
    };
}
