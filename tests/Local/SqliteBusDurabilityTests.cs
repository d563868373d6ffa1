using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Messaging;
using CrmServerless.Local.Sqlite;
using CrmServerless.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Local;

/// <summary>What only the local broker has to prove: its file, its owner, its disk.</summary>
public sealed class SqliteBusDurabilityTests
{
    private static readonly IReadOnlyList<Stage> Stages =
    [
        new("first", [Subjects.EventReceived], Sessions: true), new("open", [Subjects.EventReceived], Sessions: false),
    ];

    [Fact]
    public void A_lock_that_cannot_be_had_at_all_is_not_taken_for_another_host()
    {
        using var folder = new TempFolder();
        // The file's name is just short enough, that of its lock too long: as good as a full disk.
        var options = new SqliteBusOptions { Path = folder.File(new string('b', 252)), Stages = [] };
        var fault = Assert.Throws<TransientException>(() => new SqliteBus(options, TimeProvider.System));
        Assert.DoesNotContain("in use", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_commit_is_synced()
    {
        await using var bus = new SqliteBusHarness(Stages);
        Assert.Equal(("wal", "2"), bus.Sqlite.Pragmas);
    }

    [Fact]
    public async Task A_second_host_is_refused_until_the_first_has_gone()
    {
        await using var bus = new SqliteBusHarness(Stages);
        var options = new SqliteBusOptions { Path = bus.Path, Stages = Stages };
        var refused = Assert.ThrowsAny<InvalidOperationException>(() => new SqliteBus(options, TimeProvider.System));
        Assert.Contains("in use by another host", refused.Message, StringComparison.Ordinal);
        bus.Sqlite.Dispose();
        new SqliteBus(options, TimeProvider.System).Dispose();
    }

    [Fact]
    public async Task A_commit_that_stalls_holds_back_the_publisher()
    {
        using var go = new ManualResetEventSlim(initialState: true);
        await using var bus = new SqliteBusHarness(Stages, o => o with { BeforeCommit = go.Wait });
        go.Reset();
        var publish = bus.Bus.Publish(Fact(1), default);
        Assert.Null(await bus.TryReceive("first"));
        Assert.False(publish.IsCompleted);
        go.Set();
        await publish;
        Assert.NotNull(await bus.TryReceive("first"));
    }

    [Fact]
    public async Task A_publish_that_the_disk_refuses_is_not_delivered_and_no_duplicate_later()
    {
        var broken = false;
        await using var bus = new SqliteBusHarness(
            Stages, o => o with { BeforeCommit = () => { if (broken) throw new TransientException("no disk"); } });
        broken = true;
        await Assert.ThrowsAsync<TransientException>(() => bus.Bus.Publish(Fact(1), default));
        Assert.Null(await bus.TryReceive("first"));
        broken = false;
        await bus.Bus.Publish(Fact(1), default);
        Assert.NotNull(await bus.TryReceive("first"));
    }

    [Fact]
    public async Task Completions_and_joins_that_the_disk_refuses_are_told_and_tried_again()
    {
        var broken = false;
        var faults = 0;
        await using var bus = new SqliteBusHarness(Stages, o => o with
        {
            BeforeCommit = () => { if (broken) throw new TransientException("no disk"); },
            OnFault = _ => Interlocked.Increment(ref faults),
        });
        await bus.Bus.Publish(Fact(1), default);
        await bus.Bus.Publish(Fact(2) with { NotBefore = bus.Now.AddMinutes(1) }, default);
        broken = true;
        await (await bus.TryReceive("first"))!.Complete();
        await (await bus.TryReceive("open"))!.Complete();
        bus.Clock.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<TransientException>(bus.Sqlite.Flush);
        Assert.True(faults >= 2);
        Assert.Null(await bus.TryReceive("first"));

        broken = false;
        await bus.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await bus.TryReceive("first"));
        Assert.NotNull(await bus.TryReceive("open"));
        bus.Crash();
        Assert.Equal([1, 1], bus.Sqlite.Depths().Select(d => d.Waiting));
    }

    [Fact]
    public async Task A_hundred_thousand_facts_are_back_within_three_seconds_and_their_bodies_are_read_when_asked_for()
    {
        await using var bus = new SqliteBusHarness(Stages, o => o with { BodyCacheBytes = 100_000 });
        foreach (var chunk in Enumerable.Range(0, 100_000).Chunk(5000))
            await bus.Bus.Publish(chunk.Select(Fact), default);

        // All of it is this thread's work; whoever else runs on the machine meanwhile does not count.
        var took = Patience.Cost(() => bus.Restart().GetAwaiter().GetResult());
        Assert.True(took < TimeSpan.FromSeconds(3), $"{took}");
        Assert.Equal([100_000, 100_000], bus.Sqlite.Depths().Select(d => d.Waiting));

        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < 5000; i++)
        {
            var delivery = await bus.TryReceive("first");
            var (key, n) = (delivery!.Fact.Key, delivery.Fact.Depth);
            Assert.True(n > seen.GetValueOrDefault(key, -1));
            seen[key] = n;
            await delivery.Complete();
        }
    }

    [Fact]
    public async Task What_is_remembered_of_message_ids_does_not_grow_beyond_the_window()
    {
        await using var bus = new SqliteBusHarness(Stages);
        await bus.Bus.Publish(Enumerable.Range(0, 1000).Select(Fact), default);
        await bus.Advance(TimeSpan.FromHours(1));
        await bus.Bus.Publish(Enumerable.Range(1000, 600).Select(Fact), default);
        bus.Sqlite.Dispose();

        using var file = new SqliteConnection($"Data Source={bus.Path};Pooling=False");
        file.Open();
        using var count = file.CreateCommand();
        count.CommandText = "SELECT count(*) FROM seen";
        Assert.Equal(600L, count.ExecuteScalar());
    }

    [Fact]
    public async Task Other_numbers_of_lanes_find_the_same_facts_after_a_restart()
    {
        using var folder = new TempFolder();
        var options = new SqliteBusOptions { Path = folder.File("bus.db"), Stages = Stages, Lanes = 64 };
        using (var bus = new SqliteBus(options, TimeProvider.System))
            await bus.Publish(Enumerable.Range(0, 10).Select(Fact), default);
        using var again = new SqliteBus(options with { Lanes = 1 }, new FakeTimeProvider());
        for (var n = 0; n < 10; n++)
        {
            Assert.True(again.TryReceive("first", out var delivery));
            Assert.Equal(Fact(n).Id, delivery.FactId);
            await delivery.Complete();
        }
    }

    private static Envelope Fact(int n) => new()
    {
        Id = Ids.Hash($"{n}"), Root = Ids.Hash($"{n}"), Subject = Subjects.EventReceived, Key = Keys.Customer("a", $"{n % 1000}"),
        Kind = "text", Depth = n, OccurredAt = DateTimeOffset.UnixEpoch, PublishedAt = DateTimeOffset.UnixEpoch,
        Data = JsonDocument.Parse("""{"text":"你好"}""").RootElement,
    };
}
