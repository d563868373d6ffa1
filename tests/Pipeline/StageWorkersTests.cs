using System.Collections.Concurrent;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Local.Hosting;
using CrmServerless.Local.Simulator;
using CrmServerless.Local.Sqlite;
using CrmServerless.Tests.Local;
using CrmServerless.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using CrmPipeline = CrmServerless.Crm.Pipeline;

namespace CrmServerless.Tests.Pipeline;

/// <summary>The loops that receive from the local broker.</summary>
public sealed class StageWorkersTests
{
    [Fact]
    public async Task A_passing_fault_of_the_broker_does_not_end_the_work_of_a_stage()
    {
        using var folder = new TempFolder();
        await using var world = new World();
        var (path, clock) = (folder.File("bus.db"), new ManualClock(world.Clock.GetUtcNow()));
        // Bodies are not kept in memory, and the file cannot be opened for reading for a while.
        using var bus = new SqliteBus(new SqliteBusOptions { Path = path, Stages = CrmPipeline.Stages, BodyCacheBytes = 0 }, clock);
        var handled = 0;
        BatchHandler handler = (batch, _) =>
        {
            Interlocked.Add(ref handled, batch.Count);
            return Task.CompletedTask;
        };
        var runner = new PipelineRunner(
            CrmPipeline.Stages.ToDictionary(s => s.Name, _ => handler), world.Hire().Get<DeadLetters>(), new Progress(clock), new FailureOptions(), clock);
        var log = new FirstWarning();
        using var workers = new StageWorkers(bus, runner, new OwnAddress { Uri = new Uri("http://127.0.0.1:1") }, clock, log);
        await bus.Publish([world.Text("oWorker", "你好")], default);
        File.Move(path, path + ".away");
        await workers.StartAsync(default);
        await log.Seen.InTime();

        File.Move(path + ".away", path);
        await bus.Publish([world.Text("oWorker", "还在吗")], default);
        await clock.RunUntil(bus.WhenIdle(default), TimeSpan.FromMilliseconds(100));
        Assert.Equal(6, handled); // two events, three stages
        await workers.StopAsync(default);
    }

    [Fact]
    public async Task Messages_that_cannot_be_read_are_told_of_and_hold_up_no_other_lane()
    {
        using var folder = new TempFolder();
        await using var world = new World();
        var (path, clock) = (folder.File("bus.db"), new ManualClock(world.Clock.GetUtcNow()));
        using var bus = new SqliteBus(new SqliteBusOptions { Path = path, Stages = CrmPipeline.Stages, BodyCacheBytes = 0 }, clock);
        // More of them than a stage has workers: each would end one.
        var facts = Enumerable.Range(0, 200).Select(n => world.Text($"oWorker{n}", "你好")).ToList();
        await bus.Publish([.. facts.Select(f => new OutgoingFact(f))], default);
        var damaged = facts.Where(f => Lanes.Of(f.Key, Lanes.Default) < 16).Select(f => f.Id).ToHashSet();
        Assert.InRange(damaged.Count, 20, 180);
        using (var file = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            file.Open();
            using var delete = file.CreateCommand();
            delete.CommandText = $"DELETE FROM body WHERE fact_id IN ('{string.Join("','", damaged)}')";
            Assert.Equal(damaged.Count, delete.ExecuteNonQuery());
        }

        var handled = new ConcurrentDictionary<(string Stage, string Id), byte>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var readable = 3 * (facts.Count - damaged.Count); // three stages take an event
        BatchHandler Handler(string stage) => (batch, _) =>
        {
            foreach (var delivery in batch) handled[(stage, delivery.Fact.Id)] = 0;
            if (handled.Count == readable) done.TrySetResult();
            return Task.CompletedTask;
        };
        var runner = new PipelineRunner(
            CrmPipeline.Stages.ToDictionary(s => s.Name, s => Handler(s.Name)), world.Hire().Get<DeadLetters>(), new Progress(clock), new FailureOptions(), clock);
        var log = new FirstWarning();
        using var workers = new StageWorkers(bus, runner, new OwnAddress { Uri = new Uri("http://127.0.0.1:1") }, clock, log);
        await workers.StartAsync(default);
        await log.Seen.InTime();
        await clock.RunUntil(done.Task, TimeSpan.FromMilliseconds(100));
        Assert.DoesNotContain(handled.Keys, k => damaged.Contains(k.Id));
        await workers.StopAsync(default); // what was handled is settled then
        Assert.All(bus.Depths().Where(d => d.Stage is "customer" or "alert" or "stats"), d => Assert.Equal(damaged.Count, d.Waiting + d.InFlight));
    }

    private sealed class FirstWarning : ILogger<StageWorkers>
    {
        private readonly TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => seen.Task;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => seen.TrySetResult();
    }
}
