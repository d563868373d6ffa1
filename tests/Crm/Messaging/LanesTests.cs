using System.Globalization;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Tests.Stages;

public sealed class LanesTests
{
    // Computed apart, in python: x = 2166136261; for b in key: x = (x ^ b) * 16777619 mod 2^32; x ^= x >> 16; x mod n.
    // A lane that moved would let two facts of one customer overtake each other during a deployment.
    [Theory]
    [InlineData("main:oUser1", 14, 6)]
    [InlineData("main:oUser2", 27, 3)]
    [InlineData("main:~account", 31, 7)]
    [InlineData("main:o9AgO5Kd5ggOC-bXrbNODIiE3bGY", 43, 3)]
    [InlineData("shop-2:o9AgO5Kd5ggOC-bXrbNODIiE3bGY", 38, 6)]
    [InlineData("", 25, 1)]
    public void The_lane_of_a_key_never_changes(string key, int of64, int of8)
    {
        Assert.Equal(of64, Lanes.Of(key));
        Assert.Equal(of8, Lanes.Of(key, 8));
    }

    [Fact]
    public void Keys_spread_over_all_lanes()
    {
        // 6,400 keys over 64 lanes: 100 each, standard deviation 10. The python above gives 79 to 120.
        var lanes = Enumerable.Range(0, 6400).CountBy(i => Lanes.Of("main:o" + i.ToString("D27", CultureInfo.InvariantCulture))).ToDictionary();
        Assert.Equal(64, lanes.Count);
        Assert.Equal((79, 120), (lanes.Values.Min(), lanes.Values.Max()));
    }

    [Fact]
    public void A_lane_is_never_out_of_range() =>
        CsCheck.Check.Sample(CsCheck.Gen.Select(CsCheck.Gen.String, CsCheck.Gen.Int[1, 200]), (key, n) => Lanes.Of(key, n) is var lane && lane >= 0 && lane < n);
}
