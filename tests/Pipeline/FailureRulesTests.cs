using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Pipeline;

/// <summary>The failure rules of design section 3: patience, back-off, giving up, and what is not tried at all.</summary>
public sealed class FailureRulesTests
{
    private const string Customer = "oFail";

    private static readonly TimeSpan Moments = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task A_transient_fault_is_tried_again_inside_the_delivery_with_growing_delays()
    {
        await using var world = new World();
        var tries = new List<DateTimeOffset>();
        var runner = Runner(world, _ =>
        {
            tries.Add(world.Clock.GetUtcNow());
            return tries.Count < 5 ? throw new TransientException() : Task.CompletedTask;
        });
        await world.Clock.RunUntil(runner.Run("customer", world.Text(Customer, "你好").ToUtf8Bytes(), 1, default), Moments);
        var delays = tries.Zip(tries.Skip(1), (a, b) => b - a).ToList();
        Assert.Equal(4, delays.Count);
        Assert.Equal(delays.Order(), delays);
        Assert.True(delays[^1] >= delays[0] * 4);
    }

    [Fact]
    public async Task After_four_minutes_a_transient_fault_is_handed_back_and_never_dead_lettered_before_a_day()
    {
        await using var world = new World();
        var runner = Runner(world, _ => throw new TransientException());
        var fact = world.Text(Customer, "你好");
        var began = world.Clock.GetUtcNow();
        await Assert.ThrowsAsync<TransientException>(() =>
            world.Clock.RunUntil(runner.Run("customer", fact.ToUtf8Bytes(), 400, default), TimeSpan.FromSeconds(1)));
        var waited = world.Clock.GetUtcNow() - began;
        Assert.InRange(waited, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(4.2));

        world.Clock.Advance(TimeSpan.FromHours(24));
        await world.Clock.RunUntil(runner.Run("customer", fact.ToUtf8Bytes(), 401, default), TimeSpan.FromSeconds(1));
        Assert.Single((await world.Hire().Get<DeadLetters>().Page(null, null, 10, default)).Items);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 8)]
    [InlineData(9, 30)]
    public async Task Any_other_fault_waits_before_it_is_handed_back(int delivery, int seconds)
    {
        await using var world = new World();
        var runner = Runner(world, _ => throw new InvalidOperationException());
        var began = world.Clock.GetUtcNow();
        var run = runner.Run("customer", world.Text(Customer, "你好").ToUtf8Bytes(), delivery, default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Clock.RunUntil(run, TimeSpan.FromSeconds(0.5)));
        Assert.InRange((world.Clock.GetUtcNow() - began).TotalSeconds, seconds, seconds + 2);
    }

    [Fact]
    public async Task One_bad_fact_of_a_batch_takes_no_others_to_the_dead_letters()
    {
        await using var world = new World();
        var facts = Enumerable.Range(0, 5).Select(n => world.Text(Customer, $"第 {n} 条")).ToList();
        var bad = facts[2].Id;
        var done = new HashSet<string>();
        var runner = Runner(world, batch =>
        {
            if (batch.Any(d => d.Fact.Id == bad)) throw new InvalidOperationException("broken");
            foreach (var delivery in batch) done.Add(delivery.Fact.Id);
            return Task.CompletedTask;
        });
        await runner.Run("stats", [.. facts.Select(f => new ReadOnlyMemory<byte>(f.ToUtf8Bytes()))], 10, default);
        Assert.Equal($"stats~{bad}", Assert.Single((await world.Hire().Get<DeadLetters>().Page(null, null, 10, default)).Items).Id);
        Assert.Equal(facts.Select(f => f.Id).Where(id => id != bad).Order(), done.Order());
    }

    [Fact]
    public async Task A_fact_for_another_stage_is_completed_at_once()
    {
        await using var world = new World();
        var worker = world.Hire();
        await worker.Run("customer", world.Text(Customer, "你好") with { Only = "alert" });
        Assert.Null(await world.Customer(Customer));
        Assert.Empty(worker.Fate.Acts);
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(6, 1)]
    public async Task Above_five_generations_of_rules_it_is_a_loop(int depth, int letters)
    {
        await using var world = new World();
        var worker = world.Hire();
        await worker.Run("customer", world.Text(Customer, "你好") with { Depth = depth });
        Assert.Equal(letters, (await worker.Get<DeadLetters>().Page(null, null, 10, default)).Items.Count);
        Assert.Equal(letters == 0, await world.Customer(Customer) is not null);
    }

    [Theory]
    [InlineData(Origins.Replay)]
    [InlineData(Origins.Import)]
    [InlineData(Origins.Reconcile)]
    public async Task What_is_not_live_fills_the_file_and_messages_nobody(string origin)
    {
        await using var world = new World();
        var worker = world.Hire();
        await worker.Publish(world.Text(Customer, "我要投诉") with { Origin = origin });
        await worker.Drain();
        await worker.Upkeep();
        Assert.Empty(world.Phone.Arrived);
        Assert.Empty(await Effects.Ledger(world, Customer));
        var file = await world.Customer(Customer);
        Assert.Equal(1, file!.In["oa.message.text"]);
        Assert.Equal("投诉风险", Assert.Single(file.Tags).Name);
        Assert.Empty(file.Window.Slots);
        Assert.All(world.Completed, c => Assert.Equal(origin, c.Fact.Origin));
        var skipped = Assert.Single(await world.Timeline(Customer), e => e.Kind == "reply.skipped");
        Assert.Equal("not-live", skipped.Detail!.Value.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_passed_deadline_is_skipped_and_counted()
    {
        await using var world = new World();
        var worker = world.Hire();
        await worker.Publish(world.Received(Xml.Event(Customer, "CLICK", world.Clock.GetUtcNow(), "MENU_STORES")));
        await worker.Run(worker.Take("customer"));
        await world.Advance(TimeSpan.FromSeconds(51)); // a click opens a minute, of which 50 s are used
        await worker.Drain();
        Assert.Empty(world.Phone.Arrived);
        Assert.Equal(1, worker.Get<Progress>().ExpiredCount);
        Assert.Empty((await worker.Get<DeadLetters>().Page(null, null, 10, default)).Items);
    }

    [Fact]
    public async Task A_deadline_that_passes_while_a_transient_fault_is_waited_out_ends_the_trying()
    {
        await using var world = new World();
        var tries = new List<DateTimeOffset>();
        var progress = new Progress(world.Clock);
        var runner = Runner(world, _ =>
        {
            tries.Add(world.Clock.GetUtcNow());
            throw new TransientException();
        }, progress);
        var fact = world.Text(Customer, "你好") with { Deadline = world.Clock.GetUtcNow().AddSeconds(50) };
        await world.Clock.RunUntil(runner.Run("reply", fact.ToUtf8Bytes(), 1, default), Moments);
        Assert.All(tries, at => Assert.True(at <= fact.Deadline));
        Assert.Equal(1, progress.ExpiredCount);
        Assert.Empty((await world.Hire().Get<DeadLetters>().Page(null, null, 10, default)).Items);
    }

    private static PipelineRunner Runner(World world, Func<IReadOnlyList<StageDelivery>, Task> handle, Progress? progress = null)
    {
        BatchHandler handler = (batch, _) => handle(batch);
        var handlers = new[] { "customer", "reply", "stats" }.ToDictionary(s => s, _ => handler, StringComparer.Ordinal);
        return new PipelineRunner(handlers, world.Hire().Get<DeadLetters>(), progress ?? new Progress(world.Clock), new FailureOptions(), world.Clock);
    }
}
