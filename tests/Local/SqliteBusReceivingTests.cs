using System.Text;
using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Messaging;
using CrmServerless.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Local;

/// <summary>The receiving side of the local broker: waiting, batches, depths, dead letters.</summary>
public sealed class SqliteBusReceivingTests
{
    private static readonly IReadOnlyList<Stage> Stages =
    [
        new("first", [Subjects.EventReceived], Sessions: true), new("open", [Subjects.AlertRaised], Sessions: false),
    ];

    [Fact]
    public async Task A_receiver_that_waits_gets_the_next_fact()
    {
        await using var bus = new SqliteBusHarness(Stages);
        var one = bus.Sqlite.Receive("first", default).AsTask();
        var two = bus.Sqlite.Receive("first", default).AsTask();
        await bus.Bus.Publish([new(Fact(1)), new(Fact(1, 2))], default);
        var first = await one;
        Assert.False(two.IsCompleted);
        await first.Complete();
        Assert.Equal(Fact(1, 2).Id, (await two).FactId);
    }

    [Fact]
    public async Task A_receiver_that_waits_gets_what_a_lease_or_a_delay_sets_free_without_being_asked()
    {
        await using var bus = new SqliteBusHarness(Stages);
        await bus.Bus.Publish(Fact(1), default);
        await bus.TryReceive("first");
        var waiting = bus.Sqlite.Receive("first", default).AsTask();
        await bus.Advance(bus.Lease);
        Assert.Equal(2, (await waiting).DeliveryCount);

        waiting = bus.Sqlite.Receive("open", default).AsTask();
        await bus.Bus.Publish(Fact(2, subject: Subjects.AlertRaised) with { NotBefore = bus.Now.AddDays(60) }, default);
        await bus.Advance(TimeSpan.FromDays(60) - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        await bus.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, (await waiting).DeliveryCount);
    }

    [Fact]
    public async Task Nobody_is_woken_but_by_what_happens()
    {
        var clock = new RingingClock();
        await using var bus = new SqliteBusHarness(Stages, clock: clock);
        var waiting = Enumerable.Range(0, 80).Select(n => bus.Sqlite.Receive(n < 64 ? "first" : "open", default).AsTask()).ToList();
        await bus.Bus.Publish([new(Fact(1)), new(Fact(1, 2)), new(Fact(2) with { NotBefore = bus.Now.AddHours(1) })], default);
        await waiting[0];

        // Half an hour in which the first fact is never settled: its lease of a minute ends thirty times, and that is all.
        for (var second = 0; second < 1800; second++) clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(30, clock.Rings);
        Assert.Equal(30, (await waiting[30]).DeliveryCount - 1);
        Assert.DoesNotContain(waiting.Skip(31), w => w.IsCompleted);
    }

    [Fact]
    public async Task A_receiver_that_gives_up_loses_nothing_and_one_of_a_closed_bus_is_told()
    {
        await using var bus = new SqliteBusHarness(Stages);
        using var cancel = new CancellationTokenSource();
        var gone = bus.Sqlite.Receive("first", cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await bus.Bus.Publish(Fact(1), default);
        Assert.Equal(1, (await bus.Sqlite.Receive("first", default)).DeliveryCount);

        var waiting = bus.Sqlite.Receive("first", default).AsTask();
        bus.Sqlite.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
    }

    [Fact]
    public async Task Damage_in_the_file_takes_only_the_messages_that_stand_there()
    {
        await using var bus = new SqliteBusHarness(Stages, o => o with { BodyCacheBytes = 0 });
        for (var n = 0; n < 30; n++) await bus.Bus.Publish(Fact(n, subject: Subjects.AlertRaised, text: new string('x', 1500)), default);
        bus.Sqlite.Dispose();
        // Two or three messages stand on a page.
        var file = await File.ReadAllBytesAsync(bus.Path);
        var body = file.AsSpan().LastIndexOf(Encoding.UTF8.GetBytes($"\"id\":\"{Fact(20).Id}\"")) / 4096 * 4096;
        file.AsSpan(body, 4096).Clear();
        await File.WriteAllBytesAsync(bus.Path, file);
        await bus.Restart();

        var read = 0;
        for (var tries = 0; tries < 10; tries++)
        {
            try
            {
                var batch = await bus.Sqlite.ReceiveBatch("open", 100, default);
                read += batch.Count;
                foreach (var delivery in batch) await delivery.Complete();
            }
            catch (SqliteException)
            {
                // One of the damaged: it waits behind the others.
            }
        }

        Assert.InRange(read, 26, 29);
        Assert.Equal(30 - read, bus.Sqlite.Depths()[1].Waiting);
        Assert.Equal(0, bus.Sqlite.Depths()[1].InFlight);
    }

    [Fact]
    public async Task A_batch_is_whatever_waits_up_to_its_size_and_at_least_one()
    {
        await using var bus = new SqliteBusHarness(Stages);
        var waiting = bus.Sqlite.ReceiveBatch("open", 100, default).AsTask();
        await bus.Bus.Publish(Fact(0, subject: Subjects.AlertRaised), default);
        Assert.Single(await waiting);

        for (var n = 1; n <= 5; n++) await bus.Bus.Publish(Fact(n, subject: Subjects.AlertRaised), default);
        Assert.Equal(3, (await bus.Sqlite.ReceiveBatch("open", 3, default)).Count);
        Assert.Equal(2, (await bus.Sqlite.ReceiveBatch("open", 3, default)).Count);
        await Assert.ThrowsAsync<ArgumentException>(async () => await bus.Sqlite.ReceiveBatch("first", 3, default));
        Assert.Throws<ArgumentException>(() => bus.Sqlite.TryReceive("nowhere", out _));
    }

    [Fact]
    public async Task Depths_tell_what_waits_is_in_flight_is_delayed_and_how_old_it_is()
    {
        await using var bus = new SqliteBusHarness(Stages);
        var start = bus.Now;
        await bus.Bus.Publish([new(Fact(1)), new(Fact(1, 2)), new(Fact(3) with { NotBefore = start.AddHours(1) })], default);
        await bus.TryReceive("first");
        await bus.Advance(TimeSpan.FromSeconds(5));

        var depths = bus.Sqlite.Depths();
        Assert.Equal(new("first", Waiting: 1, InFlight: 1, Delayed: 1, Oldest: start, Dead: 0), depths[0]);
        Assert.Equal(new("open", 0, 0, 0, null, 0), depths[1]);
    }

    [Fact]
    public async Task Idle_is_when_nothing_waits_or_is_in_flight()
    {
        await using var bus = new SqliteBusHarness(Stages);
        Assert.True(bus.Sqlite.WhenIdle(default).IsCompletedSuccessfully);
        await bus.Bus.Publish([new(Fact(1)), new(Fact(2) with { NotBefore = bus.Now.AddHours(1) })], default);
        var idle = bus.Sqlite.WhenIdle(default);
        var delivery = await bus.Sqlite.Receive("first", default);
        Assert.False(idle.IsCompleted);
        await delivery.Complete();
        await idle;

        bus.Clock.Advance(TimeSpan.FromHours(1));
        idle = bus.Sqlite.WhenIdle(default);
        await (await bus.Sqlite.Receive("first", default)).Complete();
        await idle;
    }

    [Fact]
    public async Task A_fact_that_is_delivered_500_times_goes_to_the_dead_letters_and_can_come_back()
    {
        await using var bus = new SqliteBusHarness(Stages);
        await bus.Bus.Publish([new(Fact(1), "message"), new(Fact(1, 2))], default);
        for (var n = 1; n <= 500; n++)
        {
            var delivery = await bus.TryReceive("first");
            Assert.Equal(n, delivery!.DeliveryCount);
            if (n == 250) await bus.Advance(bus.Lease);
            else await delivery.Abandon();
        }

        await (await bus.TryReceive("first"))!.Complete();
        Assert.Null(await bus.TryReceive("first"));
        await bus.Restart();
        Assert.Equal(1, bus.Sqlite.Depths()[0].Dead);
        var dead = Assert.Single(bus.Sqlite.DeadLetters());
        Assert.Equal(("first", "message", Fact(1).Id, 500), (dead.Stage, dead.MessageId, dead.FactId, dead.Deliveries));
        Assert.Equal(Fact(1).ToUtf8Bytes(), dead.Body.ToArray());

        Assert.True(await bus.Sqlite.Resubmit(dead.Number, default));
        Assert.False(await bus.Sqlite.Resubmit(dead.Number, default));
        var again = await bus.TryReceive("first");
        Assert.Equal((Fact(1).Id, 1), (again!.Fact.Id, again.DeliveryCount));
        Assert.Equal(0, bus.Sqlite.Depths()[0].Dead);
    }

    [Fact]
    public async Task A_fact_that_kills_the_process_ends_among_the_dead_letters()
    {
        await using var bus = new SqliteBusHarness(Stages, o => o with { MaxDeliveries = 3 });
        await bus.Bus.Publish([new(Fact(1)), new(Fact(1, 2))], default);
        for (var n = 1; n <= 3; n++)
        {
            var killer = await bus.TryReceive("first");
            Assert.Equal((Fact(1).Id, n), (killer!.Fact.Id, killer.DeliveryCount));
            bus.Crash();
        }

        Assert.Equal(Fact(1, 2).Id, (await bus.TryReceive("first"))!.Fact.Id);
        await bus.Sqlite.Flush();
        var dead = Assert.Single(bus.Sqlite.DeadLetters());
        Assert.True(await bus.Sqlite.Drop(dead.Number, default));
        Assert.False(await bus.Sqlite.Drop(dead.Number, default));
        Assert.Empty(bus.Sqlite.DeadLetters());
        Assert.Equal(0, bus.Sqlite.Depths()[0].Dead);
    }

    private static Envelope Fact(int customer, int n = 1, string subject = Subjects.EventReceived, string text = "你好") => new()
    {
        Id = Ids.Hash($"{customer} {n}"), Root = Ids.Hash($"{customer} {n}"), Subject = subject, Key = Keys.Customer("a", $"{customer}"),
        Kind = "text", OccurredAt = DateTimeOffset.UnixEpoch, PublishedAt = DateTimeOffset.UnixEpoch,
        Data = JsonSerializer.SerializeToElement(new { text }),
    };

    /// <summary>Counts how often anybody is woken by time.</summary>
    private sealed class RingingClock() : FakeTimeProvider(Some.Now)
    {
        public int Rings { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(
            s =>
            {
                Rings++;
                callback(s);
            }, state, dueTime, period);
    }
}
