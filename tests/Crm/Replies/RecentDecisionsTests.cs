using CrmServerless.Crm.Replies;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Stages;

public sealed class RecentDecisionsTests
{
    private readonly FakeTimeProvider clock = new(Some.Now);

    [Fact]
    public void The_first_decision_counts_while_WeChat_may_deliver_again()
    {
        var recent = new RecentDecisions<string?>(clock);
        Assert.Equal("v1", recent.Once("a", () => "v1"));
        Assert.Null(recent.Once("b", () => null)); // that there is no answer is a decision too
        clock.Advance(TimeSpan.FromSeconds(20)); // 5 s of patience, and three deliveries more
        Assert.Equal("v1", recent.Once("a", () => "v2"));
        Assert.Null(recent.Once("b", () => "v2"));
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("v3", recent.Once("a", () => "v3"));
    }

    [Fact]
    public void Of_two_that_come_together_the_first_to_decide_counts()
    {
        var recent = new RecentDecisions<string>(clock);
        Assert.Equal("inner", recent.Once("a", () => recent.Once("a", () => "inner") + " is over"));
    }

    [Fact]
    public void The_memory_is_bounded()
    {
        var recent = new RecentDecisions<int>(clock);
        for (var n = 0; n <= RecentDecisions<int>.Most; n++) recent.Once(n.ToString(System.Globalization.CultureInfo.InvariantCulture), () => n);
        Assert.Equal(-1, recent.Once("0", () => -1)); // forgotten
        Assert.Equal(2, recent.Once("2", () => -1));
    }
}
