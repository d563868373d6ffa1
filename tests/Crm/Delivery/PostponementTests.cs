using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Stages;

/// <summary>When what is put off comes back, and under which message id.</summary>
public sealed class PostponementTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly MemoryBus bus = new();
    private readonly FakeTimeProvider clock = new(Some.Now);
    private readonly Postponement postponement;

    public PostponementTests() => postponement = new Postponement(bus, clock);

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(61)]
    [InlineData(14 * 60)]
    [InlineData(7 * 24 * 60)]
    public async Task It_comes_back_at_least_every_hour_and_at_last_when_it_was_told_to(int minutes)
    {
        var again = Some.Now.AddMinutes(minutes);
        var fact = Some.Text("x") with { Depth = 3, Deadline = Some.Now.AddDays(1) };
        var hops = await Hops(fact, again);

        Assert.All(hops.Zip([Some.Now, .. hops]), hop => Assert.InRange(hop.First - hop.Second, TimeSpan.Zero, Hour));
        Assert.InRange(hops[^1], again, again + Postponement.Spread);
        Assert.InRange(hops.Count, 1, (minutes / 50) + 2);
        Assert.Equal(hops.Count, bus.Sent.Select(s => s.EffectiveMessageId).Distinct().Count());
        Assert.All(bus.Facts, f => Assert.Equal((fact.Id, 3, fact.OccurredAt, "reply", null), (f.Id, f.Depth, f.OccurredAt, f.Only, f.Deadline)));
    }

    [Fact]
    public async Task Who_decides_twice_puts_one_message_there()
    {
        var fact = Some.Text("x");
        await postponement.Until(Some.Now.AddHours(9), fact, "reply", default);
        clock.Advance(TimeSpan.FromTicks((bus.Sent[0].Fact.NotBefore!.Value - Some.Now).Ticks / 2)); // a process died in between
        await postponement.Until(Some.Now.AddHours(9), fact, "reply", default);
        Assert.Single(bus.Sent);
    }

    [Fact]
    public async Task Two_messages_of_one_fact_become_one()
    {
        var (fact, again) = (Some.Text("x"), Some.Now.AddHours(9));
        await postponement.Until(again, fact, "reply", default);
        var first = bus.Sent[0].Fact;
        clock.SetUtcNow(first.NotBefore!.Value.AddSeconds(1)); // it was decided again so late that the next stop counted
        await postponement.Until(again, fact, "reply", default);
        await postponement.Until(again, first, "reply", default);
        Assert.Equal(2, bus.Sent.Count);
        // The broker remembers an id for an hour.
        Assert.True(bus.Sent[1].Fact.NotBefore - first.NotBefore + Postponement.Spread < Hour);
    }

    [Theory]
    [InlineData(9 * 60)]
    [InlineData(1)]
    public async Task A_broker_whose_clock_is_ahead_loses_nothing(int minutes)
    {
        var (fact, again) = (Some.Text("x"), Some.Now.AddMinutes(minutes));
        for (var n = 1; n <= 20; n++)
        {
            await postponement.Until(again, fact, "reply", default);
            Assert.Equal(n, bus.Sent.Count);
            fact = bus.Sent[^1].Fact;
            clock.SetUtcNow(fact.NotBefore!.Value.AddSeconds(-30)); // so early that our clock says: not yet
        }
    }

    [Fact]
    public async Task What_is_put_off_at_once_does_not_come_back_at_once()
    {
        for (var n = 0; n < 600; n++) await postponement.Until(Some.Now.AddHours(9), Some.Text("x"), "reply", default);
        Assert.All(bus.Facts.GroupBy(f => (int)(f.NotBefore!.Value - Some.Now).TotalMinutes), minute => Assert.InRange(minute.Count(), 0, 60));
    }

    // As a fact does whose gate stays closed until that time.
    private async Task<List<DateTimeOffset>> Hops(Envelope fact, DateTimeOffset again)
    {
        var hops = new List<DateTimeOffset>();
        do
        {
            await postponement.Until(again, fact, "reply", default);
            fact = bus.Sent[hops.Count].Fact;
            hops.Add(fact.NotBefore!.Value);
            clock.SetUtcNow(hops[^1]);
        }
        while (hops[^1] < again);
        return hops;
    }
}
