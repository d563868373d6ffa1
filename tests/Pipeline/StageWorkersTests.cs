using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Local.Hosting;
using CrmServerless.Local.Simulator;
using CrmServerless.Local.Sqlite;
using CrmServerless.Tests.Local;
using CrmServerless.Tests.Support;
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
        File.Move(path, path + ".away");
        await bus.Publish([world.Text("oWorker", "你好")], default);
        await workers.StartAsync(default);
        await log.Seen.InTime();

        File.Move(path + ".away", path);
        await bus.Publish([world.Text("oWorker", "还在吗")], default);
        await clock.RunUntil(bus.WhenIdle(default), TimeSpan.FromMilliseconds(100));
        Assert.Equal(6, handled); // two events, three stages
        await workers.StopAsync(default);
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
