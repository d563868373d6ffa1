using CrmServerless.Crm;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Reports;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Pipeline;

/// <summary>A fact that a stage gives up, and what a retry by hand does, before and after its commit.</summary>
public sealed class DeadLetterTests
{
    private const string Customer = "oDead";

    public static TheoryData<string, bool> Faults => new()
    {
        { "read customers customer", false },
        { "create customers customer", false },
        { "upsert customers timeline", true },
        { "publish CustomerChanged", true },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_retry_starts_where_the_commit_left_off_and_has_one_effect(string act, bool committed)
    {
        await using var world = new World();
        var letter = await GivenUp(world, act);
        Assert.Equal(committed, letter.Committed);
        Assert.Equal(10, letter.Attempts);

        // Somebody else has used the file since: the retry must not take it for the state of its own commit.
        await world.Hire().Publish(world.Text(Customer, "第二条"));
        await Finish(world);
        await world.Hire().Get<DeadLetters>().Retry(letter, default);
        await Finish(world);

        var file = await world.Customer(Customer);
        Assert.Equal((2, 2), (file!.In["oa.message.text"], file.Version));
        Assert.Equal("价格敏感", Assert.Single(file.Tags).Name);
        Assert.Equal(1, world.Completions("tag", Subjects.CustomerTagged));
        Assert.Equal(2, (await world.Timeline(Customer)).Count(e => e.Kind == "oa.message.text"));
        Assert.Single(await world.Timeline(Customer), e => e.Kind == "customer.tagged");
        Assert.Empty((await world.Hire().Get<DeadLetters>().Page(null, null, 10, default)).Items);
    }

    [Fact]
    public async Task A_letter_that_fails_again_comes_back_with_its_history_and_can_be_retried_again()
    {
        await using var world = new World();
        var letter = await GivenUp(world, "read customers customer");
        for (var retry = 1; retry <= 3; retry++)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(1));
            var worker = world.Hire();
            Assert.True(await worker.Get<DeadLetters>().Retry(letter, default));
            worker.Fate.Fail("read customers customer", new InvalidOperationException("still broken"));
            await GiveUp(worker);
            var again = Assert.Single((await worker.Get<DeadLetters>().Page(null, null, 10, default)).Items);
            Assert.Equal((letter.Id, letter.FirstSeenAt, retry), (again.Id, again.FirstSeenAt, again.Retries));
            Assert.Equal(letter.Attempts + 10, again.Attempts);
            Assert.True(again.LastSeenAt > letter.LastSeenAt);
            letter = again;
        }

        await world.Hire().Get<DeadLetters>().Retry(letter, default);
        await Finish(world);
        Assert.Equal(1, (await world.Customer(Customer))!.In["oa.message.text"]);
    }

    [Fact]
    public async Task A_letter_that_is_back_before_its_retry_is_over_stays()
    {
        await using var world = new World();
        var loop = world.Text(Customer, "循环") with { Depth = 6 };
        await world.Hire().Run("customer", loop);
        var clerk = world.Hire();
        var letter = Assert.Single((await clerk.Get<DeadLetters>().Page(null, null, 10, default)).Items);
        var pause = clerk.Fate.Hold(Moment.After, "publish EventReceived");
        var retrying = clerk.Get<DeadLetters>().Retry(letter, default);
        await pause.Reached.InTime();
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.Hire().Drain(); // still a loop
        pause.Release();
        Assert.True(await retrying);
        Assert.Equal((letter.Id, 1), Assert.Single((await clerk.Get<DeadLetters>().Page(null, null, 10, default)).Items.Select(l => (l.Id, l.Retries))));
    }

    [Fact]
    public async Task Two_operators_who_retry_the_same_letter_have_one_effect()
    {
        await using var world = new World();
        var letter = await GivenUp(world, "read customers customer");
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => world.Hire().Get<DeadLetters>().Retry(letter, default)));
        await Finish(world);
        Assert.Equal(1, (await world.Customer(Customer))!.In["oa.message.text"]);
    }

    [Fact]
    public async Task A_retry_reaches_its_own_stage_only()
    {
        await using var world = new World();
        var letter = await GivenUp(world, "read customers customer");
        await Finish(world);
        Assert.Equal(1, world.Completions("stats", Subjects.EventReceived));
        Assert.Equal(1, world.Completions("alert", Subjects.EventReceived));
        world.Completed.Clear();
        var worker = world.Hire(new Fate());
        await worker.Get<DeadLetters>().Retry(letter, default);
        await worker.Drain();
        Assert.DoesNotContain(worker.Fate.Acts, act => act.StartsWith("upsert stats", StringComparison.Ordinal) && act.EndsWith(letter.Fact!.Id, StringComparison.Ordinal));
        Assert.Equal(1, (await world.Customer(Customer))!.In["oa.message.text"]);
        var report = await worker.Get<BuildReport>().Compute("main", Shanghai.Day(world.Clock.GetUtcNow()), default);
        Assert.Equal(1, report.Events.Total);
    }

    [Fact]
    public async Task A_dropped_letter_is_gone_and_the_others_stay()
    {
        await using var world = new World();
        var letter = await GivenUp(world, "read customers customer");
        var other = await GivenUp(world, "read customers customer");
        var letters = world.Hire().Get<DeadLetters>();
        await letters.Drop(letter, default);
        Assert.Equal(other.Id, Assert.Single((await letters.Page("main", null, 10, default)).Items).Id);
    }

    [Fact]
    public async Task A_message_that_is_no_envelope_is_kept_whole()
    {
        await using var world = new World();
        var worker = world.Hire();
        await worker.Get<PipelineRunner>().Run("customer", "这不是 JSON"u8.ToArray(), 1, default);
        var letter = Assert.Single((await worker.Get<DeadLetters>().Page(DeadLetters.UnknownAccount, null, 10, default)).Items);
        Assert.Equal("这不是 JSON"u8.ToArray(), Convert.FromBase64String(letter.Unreadable!));
        Assert.False(await worker.Get<DeadLetters>().Retry(letter, default));
    }

    [Fact]
    public async Task What_a_customer_wrote_is_not_in_the_reason()
    {
        await using var world = new World();
        var worker = world.Hire();
        worker.Fate.Fail("read customers customer", new FormatException("我的电话是 13800000000"));
        await worker.Publish(world.Text(Customer, "你好"));
        await GiveUp(worker);
        var letter = Assert.Single((await worker.Get<DeadLetters>().Page(null, null, 10, default)).Items);
        Assert.DoesNotContain("138", letter.Error, StringComparison.Ordinal);
        Assert.Contains(nameof(FormatException), letter.Error, StringComparison.Ordinal);
    }

    private static async Task<DeadLetter> GivenUp(World world, string act)
    {
        var worker = world.Hire();
        var fact = world.Text(Customer, "多少钱");
        await worker.Publish(fact);
        worker.Fate.Fail(act, new InvalidOperationException("broken"));
        await GiveUp(worker);
        return await worker.Get<DeadLetters>().Find("main", $"customer~{fact.Id}", default) ?? throw new InvalidOperationException("No letter.");
    }

    // Its tenth delivery.
    private static async Task GiveUp(Worker worker)
    {
        var delivery = worker.Take("customer");
        await worker.Get<PipelineRunner>().Run("customer", delivery.Body, 10, default);
        await delivery.Complete();
    }

    private static async Task Finish(World world)
    {
        var worker = world.Hire();
        await worker.Drain();
        await worker.Upkeep();
    }
}
