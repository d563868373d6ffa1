using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Tests.Support;

namespace CrmServerless.Tests.Stages;

public sealed class PipelineRunnerTests : IDisposable
{
    private readonly TempStore store = new();
    private readonly InstantClock clock = new(Some.Now);
    private readonly RacingDocuments documents;
    private readonly DeadLetters letters;
    private readonly Progress progress;
    private readonly List<StageProgress> finished = [];
    private readonly List<StageDelivery> handled = [];

    public PipelineRunnerTests()
    {
        documents = new RacingDocuments(store.Documents);
        progress = new Progress(clock);
        letters = new DeadLetters(documents, new MemoryBus(), clock);
        progress.StageFinished += finished.Add;
    }

    [Fact]
    public async Task A_fact_is_handed_over_with_its_delivery_count()
    {
        var fact = Some.Text("x");
        await Run(fact, 3);
        var delivery = Assert.Single(handled);
        Assert.Equal((fact.Id, 3), (delivery.Fact.Id, delivery.Count));
        Assert.True(Assert.Single(finished).Ok);
    }

    [Fact]
    public async Task A_retry_that_is_meant_for_another_stage_is_completed_at_once()
    {
        await Run(Some.Text("x") with { Only = "reply" });
        Assert.Empty(handled);
        Assert.Empty(await Letters());
        await Run(Some.Text("x") with { Only = "alert" });
        Assert.Single(handled);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public async Task Above_five_generations_it_is_a_loop(int depth, bool isHandled)
    {
        await Run(Some.Text("x") with { Depth = depth });
        Assert.Equal(isHandled ? 1 : 0, handled.Count);
        Assert.Equal(isHandled ? 0 : 1, (await Letters()).Count);
    }

    [Fact]
    public async Task What_is_past_its_deadline_is_skipped_and_counted_and_never_tried()
    {
        await Run(Some.Text("x") with { Deadline = Some.Now.AddTicks(-1) });
        Assert.Empty(handled);
        Assert.Empty(await Letters());
        Assert.Equal(1, progress.ExpiredCount);
        Assert.False(Assert.Single(finished).Ok);
        await Run(Some.Text("x") with { Deadline = Some.Now });
        Assert.Single(handled);
        Assert.Equal(1, progress.ExpiredCount);
    }

    [Fact]
    public async Task Bytes_that_are_no_envelope_are_kept_and_completed()
    {
        await Runner(_ => Task.CompletedTask).Run("alert", "no envelope"u8.ToArray(), 1, default);
        Assert.Equal("unreadable", Assert.Single(await Letters()).Subject);
        Assert.Empty(handled);
    }

    [Fact]
    public async Task A_transient_fault_is_tried_again_inside_the_delivery_with_growing_delays()
    {
        var tries = 0;
        await Run(Some.Text("x"), 1, _ => ++tries < 5 ? throw new TransientException() : Task.CompletedTask);
        Assert.Equal(5, tries);
        Assert.Equal([200, 400, 800, 1600], clock.Waits.Select(w => w.TotalMilliseconds));
        Assert.Empty(await Letters());
    }

    [Fact]
    public async Task After_four_minutes_a_transient_fault_is_handed_back_to_the_broker()
    {
        var fault = new TransientException("down");
        Assert.Same(fault, await Assert.ThrowsAsync<TransientException>(() => Run(Some.Text("x"), 1, _ => throw fault)));
        // 0.2 s doubled up to 25.6 s is 51 s; then 30 s each: six more are 231 s, and the seventh would be 261.
        Assert.Equal([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30, 30, 30, 30, 30], clock.Waits.Select(w => w.TotalSeconds));
        Assert.Empty(await Letters());
    }

    [Theory]
    [InlineData(23 * 60, 500, false)] // nearly 24 h old and delivered for the 500th time
    [InlineData(25 * 60, 9, false)]
    [InlineData(25 * 60, 10, true)]
    public async Task A_transient_fault_dead_letters_nothing_before_24_hours_and_ten_deliveries(int minutes, int count, bool dead)
    {
        var fact = Some.Text("x") with { PublishedAt = Some.Now.AddMinutes(-minutes) };
        await FailsWith<TransientException>(fact, count, dead);
    }

    [Fact]
    public async Task The_24_hours_of_a_fact_that_waited_to_be_due_begin_when_it_is_due()
    {
        var fact = Some.Text("x") with { PublishedAt = Some.Now.AddDays(-7), NotBefore = Some.Now.AddHours(-1) };
        await FailsWith<TransientException>(fact, 10, dead: false);
        await FailsWith<TransientException>(fact with { NotBefore = Some.Now.AddHours(-25) }, 10, dead: true);
    }

    [Fact]
    public async Task A_transient_fault_of_a_fact_with_a_deadline_ends_with_the_deadline()
    {
        // The tries inside the delivery take 231 s.
        await FailsWith<TransientException>(Some.Text("x") with { Deadline = Some.Now.AddSeconds(232) }, 10, dead: false);
        await FailsWith<TransientException>(Some.Text("x") with { Deadline = Some.Now.AddSeconds(231 + 231) }, 10, dead: true);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(4, 16)]
    [InlineData(5, 30)]
    [InlineData(9, 30)]
    public async Task Any_other_fault_waits_and_is_handed_back(int count, int seconds)
    {
        await Assert.ThrowsAsync<FormatException>(() => Run(Some.Text("x"), count, _ => throw new FormatException()));
        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.Single(clock.Waits));
        Assert.Empty(await Letters());
        Assert.False(Assert.Single(finished).Ok);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task At_the_tenth_delivery_it_is_dead_lettered_and_completed(bool committed)
    {
        var fact = Some.Text("x");
        await Run(fact, 10, d =>
        {
            d.Committed = committed;
            throw new FormatException();
        });
        Assert.Empty(clock.Waits);
        var letter = Assert.Single(await Letters());
        Assert.Equal(("alert", fact.Id, 10, committed), (letter.Stage, letter.Fact!.Id, letter.Attempts, letter.Committed));
    }

    [Fact]
    public async Task Being_stopped_is_no_fault()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Runner(_ =>
        {
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        }).Run("alert", Some.Text("x").ToUtf8Bytes(), 10, stop.Token));
        Assert.Empty(await Letters());
        Assert.Empty(clock.Waits);
        Assert.Empty(finished);
    }

    [Fact]
    public async Task A_stage_nobody_knows_is_a_fault_and_not_a_lost_fact() =>
        await Assert.ThrowsAsync<KeyNotFoundException>(() => Runner(_ => Task.CompletedTask).Run("nobody", Some.Text("x").ToUtf8Bytes(), 1, default));

    [Fact]
    public async Task A_retried_fact_that_succeeds_leaves_no_history()
    {
        var fact = Some.Text("x");
        await letters.Add("alert", fact, 10, false, new FormatException(), default);
        await letters.Retry(Assert.Single(await Letters()), default);
        await Run(fact with { Only = "alert" });
        Assert.Empty(await store.Documents.List("work", "main|deadletter", new(), default));
    }

    [Fact]
    public async Task Facts_that_come_together_succeed_or_fail_together()
    {
        var batch = Enumerable.Range(0, 3).Select(_ => Some.Text("x")).ToList();
        await RunAll(batch, 1, _ => Task.CompletedTask);
        Assert.Equal(batch.Select(f => f.Id), handled.Select(d => d.Fact.Id));
        Assert.Equal(3, finished.Count);
        await Assert.ThrowsAsync<FormatException>(() => RunAll(batch, 9, d => d.Fact.Id == batch[1].Id ? throw new FormatException() : Task.CompletedTask));
        Assert.Empty(await Letters());
    }

    [Fact]
    public async Task In_the_end_a_bad_fact_takes_no_good_one_with_it()
    {
        var batch = Enumerable.Range(0, 3).Select(_ => Some.Text("x")).ToList();
        await RunAll(batch, 10, d => d.Fact.Id == batch[1].Id ? throw new FormatException() : Task.CompletedTask);
        Assert.Equal(batch[1].Id, Assert.Single(await Letters()).Fact!.Id);
        Assert.Contains(handled, d => d.Fact.Id == batch[2].Id);
    }

    [Fact]
    public async Task While_dead_letters_cannot_be_written_the_fact_stays_with_the_broker_and_does_not_spin()
    {
        documents.WriteFault = new TransientException("down");
        await Assert.ThrowsAsync<FormatException>(() => Run(Some.Text("x"), 10, _ => throw new FormatException()));
        await Assert.ThrowsAsync<TransientException>(() => Runner(_ => Task.CompletedTask).Run("alert", "no envelope"u8.ToArray(), 1, default));
        await Assert.ThrowsAsync<TransientException>(() => Run(Some.Text("x") with { Depth = 6 }));
        Assert.Equal([30, 30, 30], clock.Waits.Select(w => w.TotalSeconds));
    }

    public void Dispose() => store.Dispose();

    private async Task FailsWith<T>(Envelope fact, int count, bool dead) where T : Exception, new()
    {
        if (dead) await Run(fact, count, _ => throw new T());
        else await Assert.ThrowsAsync<T>(() => Run(fact, count, _ => throw new T()));
        Assert.Equal(dead ? 1 : 0, (await Letters()).Count);
    }

    private Task Run(Envelope fact, int count = 1, Func<StageDelivery, Task>? handle = null) => RunAll([fact], count, handle ?? (_ => Task.CompletedTask));

    private Task RunAll(IEnumerable<Envelope> facts, int count, Func<StageDelivery, Task> handle) =>
        Runner(handle).Run("alert", [.. facts.Select(f => (ReadOnlyMemory<byte>)f.ToUtf8Bytes())], count, default);

    private PipelineRunner Runner(Func<StageDelivery, Task> handle)
    {
        async Task Handle(IReadOnlyList<StageDelivery> batch, CancellationToken ct)
        {
            foreach (var delivery in batch)
            {
                handled.Add(delivery);
                await handle(delivery);
            }
        }

        return new PipelineRunner(new Dictionary<string, BatchHandler> { ["alert"] = Handle }, letters, progress, new FailureOptions(), clock);
    }

    private async Task<IReadOnlyList<DeadLetter>> Letters() => (await letters.Page(null, null, 50, default)).Items;
}
