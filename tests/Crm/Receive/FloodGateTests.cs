using System.Net;
using CrmServerless.Crm.Receive;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Stages;

public sealed class FloodGateTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress There = IPAddress.Parse("192.0.2.2");

    private readonly FakeTimeProvider clock = new();
    private readonly FloodGate gate;

    public FloodGateTests() => gate = Gate(new FloodOptions { PerAddress = 2, Total = 50, Burst = TimeSpan.FromSeconds(10) });

    [Fact]
    public void Refusals_within_the_limit_keep_their_reason()
    {
        for (var second = 0; second < 100; second++)
        {
            Assert.Equal((400, 403), (gate.Refuse(Here, 400), gate.Refuse(Here, 403)));
            clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void A_burst_is_borne_and_then_the_rate_counts()
    {
        Assert.Equal(20, Refuse(Here, 100, 403));
        Assert.Equal(0, Refuse(Here, 10, 403));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Refuse(Here, 10, 403));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(20, Refuse(Here, 100, 403));
    }

    [Fact]
    public void One_address_does_not_use_up_the_limit_of_the_others()
    {
        Refuse(Here, 10_000, 403);
        Assert.Equal(403, gate.Refuse(There, 403));
        Assert.Equal(429, gate.Refuse(Here, 403));
    }

    [Fact]
    public void All_addresses_together_have_a_limit_too()
    {
        var kept = Enumerable.Range(0, 2000).Count(n => gate.Refuse(new IPAddress([10, 0, (byte)(n >> 8), (byte)n]), 403) == 403);
        Assert.Equal(500, kept);
    }

    [Fact]
    public void One_address_in_its_two_forms_is_one_and_so_is_a_network_of_IPv6()
    {
        Refuse(Here, 20, 403);
        Assert.Equal(429, gate.Refuse(Here.MapToIPv6(), 403));
        Refuse(IPAddress.Parse("2001:db8:1:2::1"), 20, 403);
        Assert.Equal(429, gate.Refuse(IPAddress.Parse("2001:db8:1:2:ffff::9"), 403));
        Assert.Equal(403, gate.Refuse(IPAddress.Parse("2001:db8:1:3::1"), 403));
        Refuse(null, 20, 403);
        Assert.Equal(429, gate.Refuse(null, 403));
    }

    [Fact]
    public void A_million_addresses_take_no_memory()
    {
        Refuse(Here, 1, 403);
        // What this thread asks for: other tests run beside this one. A table of a million would be tens of megabytes.
        Assert.True(Allocated(from => gate.Refuse(from, 403)) - Allocated(_ => { }) < 1_000_000);

        static long Allocated(Action<IPAddress> act)
        {
            var bytes = new byte[4];
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var n = 0; n < 1_000_000; n++)
            {
                BitConverter.TryWriteBytes(bytes, n);
                act(new IPAddress(bytes));
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public async Task Many_at_once_get_no_more_than_one_after_the_other()
    {
        var kept = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Refuse(Here, 1000, 403))));
        Assert.Equal(20, kept.Sum());
    }

    private FloodGate Gate(FloodOptions options) => new(options, clock);

    /// <summary>How many keep the status.</summary>
    private int Refuse(IPAddress? from, int times, int status) => Enumerable.Range(0, times).Count(_ => gate.Refuse(from, status) == status);
}
