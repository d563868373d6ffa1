using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Stages;

public sealed class DurablePublisherTests : IDisposable
{
    private readonly TempStore store = new();
    private readonly RacingDocuments spillStore;
    private readonly FakeTimeProvider clock = new(Some.Now);
    private readonly FaultyBus bus = new();
    private readonly Spill spill;

    public DurablePublisherTests()
    {
        spillStore = new RacingDocuments(store.Documents);
        spill = new Spill(spillStore, bus, new DeadLetters(store.Documents, bus, clock));
    }

    [Fact]
    public async Task What_the_bus_takes_is_not_spilled()
    {
        Assert.Equal(Taken.ByBus, await Publisher().Publish(Some.Text("x")));
        Assert.Equal((1, 0), (bus.Calls, await spill.Count(default)));
    }

    [Theory]
    [InlineData(typeof(TransientException))]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(InvalidOperationException))] // whatever it is: the event is safe in the other store, and WeChat gets no 500
    public async Task What_the_bus_refuses_is_spilled_and_drained_later(Type fault)
    {
        bus.Fault = (Exception)Activator.CreateInstance(fault)!;
        var fact = Some.Text("x");
        Assert.Equal(Taken.BySpill, await Publisher().Publish(fact));
        Assert.Equal(1, await spill.Count(default));

        bus.Fault = null;
        Assert.Equal(1, await spill.Drain(default));
        Assert.Equal(fact.Id, Assert.Single(bus.Taken).Id);
        Assert.Equal(0, await spill.Count(default));
    }

    [Fact]
    public async Task A_bus_that_hangs_is_given_up_after_two_seconds()
    {
        bus.Hang = true;
        var publishing = Publisher().Publish(Some.Text("x"));
        clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.False(publishing.IsCompleted);
        Assert.Equal(0, await spill.Count(default));
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(Taken.BySpill, await publishing);
    }

    [Fact]
    public async Task When_neither_takes_it_the_caller_is_told()
    {
        bus.Fault = new TransientException();
        spillStore.WriteFault = new TransientException();
        Assert.Equal(Taken.ByNothing, await Publisher().Publish(Some.Text("x")));
        spillStore.WriteFault = new InvalidOperationException();
        Assert.Equal(Taken.ByNothing, await Publisher().Publish(Some.Text("x")));
    }

    [Fact]
    public async Task What_nothing_took_is_counted_and_it_shows_until_something_is_taken_again()
    {
        bus.Fault = spillStore.WriteFault = new TransientException();
        var publisher = Publisher();
        for (var n = 0; n < 3; n++) await publisher.Publish(Some.Text("x"));
        Assert.Equal((true, 3), (publisher.Refusing, publisher.RefusedCount));
        spillStore.WriteFault = null;
        await publisher.Publish(Some.Text("x"));
        Assert.Equal((false, 3), (publisher.Refusing, publisher.RefusedCount));
    }

    [Fact]
    public async Task After_five_failures_in_a_row_the_bus_is_left_alone_for_ten_seconds()
    {
        bus.Fault = new TransientException();
        var publisher = Publisher();
        for (var n = 0; n < 4; n++) await publisher.Publish(Some.Text("x"));
        Assert.False(publisher.Open);
        await publisher.Publish(Some.Text("x"));
        Assert.True(publisher.Open);

        await publisher.Publish(Some.Text("x"));
        Assert.Equal(5, bus.Calls);
        clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        await publisher.Publish(Some.Text("x"));
        Assert.Equal(5, bus.Calls);
        Assert.Equal(7, await spill.Count(default));

        clock.Advance(TimeSpan.FromTicks(1));
        await publisher.Publish(Some.Text("x")); // one try, then ten seconds more
        Assert.Equal((6, true), (bus.Calls, publisher.Open));
    }

    [Fact]
    public async Task The_first_success_closes_the_breaker_for_good()
    {
        bus.Fault = new TransientException();
        var publisher = Publisher();
        for (var n = 0; n < 5; n++) await publisher.Publish(Some.Text("x"));
        clock.Advance(TimeSpan.FromSeconds(10));
        bus.Fault = null;
        Assert.Equal(Taken.ByBus, await publisher.Publish(Some.Text("x")));

        bus.Fault = new TransientException();
        for (var n = 0; n < 4; n++) await publisher.Publish(Some.Text("x"));
        Assert.False(publisher.Open); // four in a row, not nine
    }

    [Fact]
    public async Task Failures_of_the_spill_open_nothing()
    {
        // Also when both have the same limit.
        var publisher = new DurablePublisher(bus, spill, new ReceiveOptions { SpillLimit = TimeSpan.FromSeconds(2) }, clock, NullLogger<DurablePublisher>.Instance);
        bus.Fault = new TransientException();
        spillStore.WriteFault = new TransientException();
        for (var n = 0; n < 4; n++) Assert.Equal(Taken.ByNothing, await publisher.Publish(Some.Text("x")));
        Assert.False(publisher.Open);
    }

    [Fact]
    public async Task Together_the_stores_stay_inside_WeChats_five_seconds()
    {
        var options = new ReceiveOptions();
        Assert.True(options.BusLimit + options.SpillLimit < TimeSpan.FromSeconds(5));
        Assert.True(options.HoldUntil > TimeSpan.FromSeconds(5)); // so that WeChat has timed out by itself
        Assert.Equal(0, await spill.Drain(default));
    }

    public void Dispose() => store.Dispose();

    private DurablePublisher Publisher() => new(bus, spill, new ReceiveOptions(), clock, NullLogger<DurablePublisher>.Instance);

    private sealed class FaultyBus : IMessageBus
    {
        public Exception? Fault { get; set; }

        public bool Hang { get; set; }

        public int Calls { get; private set; }

        public List<Envelope> Taken { get; } = [];

        public Task Publish(IReadOnlyList<OutgoingFact> facts, CancellationToken ct)
        {
            Calls++;
            if (Hang) return new TaskCompletionSource().Task;
            if (Fault is not null) return Task.FromException(Fault);
            Taken.AddRange(facts.Select(f => f.Fact));
            return Task.CompletedTask;
        }
    }
}
