using CrmServerless.Crm;
using CrmServerless.Crm.Messaging;
using CrmServerless.Local.Sqlite;
using CrmServerless.Tests.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Local;

/// <summary>The local broker on a file of its own, with a clock that stands until it is told to go.</summary>
public sealed class SqliteBusHarness : IBusHarness
{
    private readonly TempFolder _folder = new();
    private SqliteBusOptions _options;

    public SqliteBusHarness(IReadOnlyList<Stage> stages, Func<SqliteBusOptions, SqliteBusOptions>? with = null, FakeTimeProvider? clock = null)
    {
        Clock = clock ?? new FakeTimeProvider(new DateTimeOffset(2025, 6, 1, 0, 0, 0, TimeSpan.Zero));
        _options = new() { Path = _folder.File("bus.db"), Stages = stages };
        _options = with?.Invoke(_options) ?? _options;
        Sqlite = new SqliteBus(_options, Clock);
    }

    public FakeTimeProvider Clock { get; }

    public SqliteBus Sqlite { get; private set; }

    public IMessageBus Bus => Sqlite;

    public DateTimeOffset Now => Clock.GetUtcNow();

    public TimeSpan Lease => _options.Lease;

    public string Path => _options.Path;

    public Task<IBusDelivery?> TryReceive(string stage) =>
        Task.FromResult<IBusDelivery?>(Sqlite.TryReceive(stage, out var delivery) ? new Delivery(delivery) : null);

    public async Task Advance(TimeSpan by)
    {
        Clock.Advance(by);
        await Sqlite.Flush();
    }

    public Task Restart(IReadOnlyList<Stage>? stages = null)
    {
        Sqlite.Dispose();
        Reopen(stages);
        return Task.CompletedTask;
    }

    /// <summary>The process dies, with what it had in flight, and the host starts again.</summary>
    public void Crash()
    {
        Sqlite.Kill();
        Reopen(null);
    }

    public ValueTask DisposeAsync()
    {
        Sqlite.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Reopen(IReadOnlyList<Stage>? stages)
    {
        _options = _options with { Stages = stages ?? _options.Stages };
        Sqlite = new SqliteBus(_options, Clock);
    }

    private sealed class Delivery(SqliteDelivery delivery) : IBusDelivery
    {
        public Envelope Fact { get; } =
            Envelope.TryRead(delivery.Body.Span, out var fact) ? fact! : throw new InvalidDataException("No envelope.");

        public string MessageId => delivery.MessageId;

        public int DeliveryCount => delivery.DeliveryCount;

        public Task Complete() => delivery.Complete();

        public Task Abandon() => delivery.Abandon();

        public Task<bool> TryRenew() => Task.FromResult(delivery.TryRenew());
    }
}
