using System.Diagnostics;
using CrmServerless.Local.Simulator.OfficialAccount;
using CrmServerless.Tests.Pipeline;
using Xunit.Abstractions;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>
/// Followers by the million, none of them stored. Fact sheet F.1: 10,000 a page, <c>data</c> missing when there are none.
/// Alone: the memory that is measured is the whole process's.
/// </summary>
[Collection(nameof(MetricsTests))]
public sealed class CrowdTests(ITestOutputHelper output)
{
    private const int Million = 1_000_000;

    [Fact]
    public async Task A_million_followers_are_paged_through_exactly_and_cost_no_memory()
    {
        using var rig = new SimulatorRig(Million);
        Assert.Equal("1000000", (await rig.Oa("cgi-bin/user/get"))["total"]);
        var (seen, pages, next) = (new HashSet<UInt128>(Million), 0, "");
        GC.Collect();
        var (before, started) = (GC.GetTotalMemory(true), Stopwatch.GetTimestamp());
        while (true)
        {
            var page = (await rig.Oa("cgi-bin/user/get?next_openid=" + next)).Json;
            if (!page.TryGetProperty("data", out var data)) break;
            pages++;
            foreach (var openId in data.GetProperty("openid").EnumerateArray()) Assert.True(seen.Add(Number(openId.GetString()!)));
            Assert.Equal(10_000, page.GetProperty("count").GetInt32());
            next = page.GetProperty("next_openid").GetString()!;
        }

        var took = Stopwatch.GetElapsedTime(started);
        GC.Collect();
        output.WriteLine($"{seen.Count} openids in {pages} pages, {took.TotalSeconds:F1} s, {(GC.GetTotalMemory(true) - before) / 1024.0 / 1024.0:F1} MB more");
        Assert.Equal((Million, 100), (seen.Count, pages));
        Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 16L * 1024 * 1024);
        Assert.Empty(rig.State.Notes.All);
    }

    [Fact]
    public void An_openid_tells_its_follower_and_no_other_openid_tells_any()
    {
        var crowd = new Crowd("seed") { Count = 50_000 };
        var openIds = crowd.OpenIds(0, 50_000);
        for (var n = 0; n < openIds.Length; n += 97) Assert.Equal(n, crowd.IndexOf(openIds[n]));
        Assert.All(openIds, o => Assert.Equal(28, o.Length));
        Assert.Equal(openIds[123], crowd.OpenIds(123, 1)[0]);
        Assert.Null(crowd.IndexOf("oSomebodyElse"));
        Assert.Null(crowd.IndexOf(openIds[0][..^1] + (openIds[0][^1] == 'A' ? 'B' : 'A')));
        Assert.Null(new Crowd("other seed") { Count = 50_000 }.IndexOf(openIds[0]));
        Assert.Null(new Crowd("seed") { Count = 10 }.IndexOf(openIds[10]));
    }

    [Fact]
    public async Task Those_who_come_stand_behind_the_crowd_and_those_who_leave_are_missing()
    {
        using var rig = new SimulatorRig(3);
        var crowd = rig.State.Crowd.OpenIds(0, 3);
        rig.Follower("oNew1", "oa.subscribe");
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        rig.Follower("oNew2", "oa.subscribe");
        rig.Follower(crowd[1], "oa.unsubscribe");
        var all = (await rig.Oa("cgi-bin/user/get")).Json;
        Assert.Equal((4, 4, "oNew2"), (all.GetProperty("total").GetInt32(), all.GetProperty("count").GetInt32(), all.GetProperty("next_openid").GetString()));
        Assert.Equal([crowd[0], crowd[2], "oNew1", "oNew2"], all.GetProperty("data").GetProperty("openid").EnumerateArray().Select(o => o.GetString()!));
        var rest = (await rig.Oa("cgi-bin/user/get?next_openid=" + crowd[2])).Json;
        Assert.Equal(2, rest.GetProperty("count").GetInt32());
        var end = (await rig.Oa("cgi-bin/user/get?next_openid=oNew2")).Json;
        Assert.Equal((0, "", false), (end.GetProperty("count").GetInt32(), end.GetProperty("next_openid").GetString(), end.TryGetProperty("data", out _)));
        Assert.Equal(40003, (await rig.Oa("cgi-bin/user/get?next_openid=oNobody")).Code);
    }

    // A set of texts would be the memory that is measured.
    private static UInt128 Number(string openId)
    {
        var number = UInt128.Zero;
        foreach (var c in openId[6..]) number = (number << 6) | (uint)"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".IndexOf(c, StringComparison.Ordinal);
        return number;
    }
}
