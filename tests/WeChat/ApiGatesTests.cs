using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Callbacks;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.WeChat;

/// <summary>The gates of several instances.</summary>
public sealed class ApiGatesTests
{
    private const string Send = "cgi-bin/message/custom/send";

    private static readonly AccountCredentials Other = new("other", "wx2", "s3cret");
    private static readonly ApiResult Ok = new(0, "ok", ApiFault.None);
    private static readonly ApiResult Quota = new(45009, "reach max api daily quota limit", ApiFault.Quota);

    private readonly ManualClock clock = new(new DateTimeOffset(2026, 11, 24, 4, 0, 0, TimeSpan.Zero));
    private readonly MemoryState shared = new();

    [Fact]
    public async Task A_quota_closes_one_API_of_one_account()
    {
        var gates = Gates();
        Assert.Equal(clock.GetUtcNow().AddHours(12), (await gates.Learn(FakeWeChat.Account, Send, Quota)).NotBefore!.Value, TimeSpan.FromSeconds(3));
        Assert.Equal(45009, (await gates.Enter(FakeWeChat.Account, Send, default)).Refused!.ErrCode);
        Assert.Null((await gates.Enter(FakeWeChat.Account, "cgi-bin/user/info", default)).Refused);
        Assert.Null((await gates.Enter(Other, Send, default)).Refused);
        Assert.Equal(("main", Send, 45009), gates.Closed is [var closed] ? (closed.Account, closed.Api, closed.Code) : default);
    }

    [Fact]
    public async Task What_a_person_has_to_repair_is_told_and_left_alone_for_half_a_minute_then_longer()
    {
        var (gates, notListed) = (Gates(), new ApiResult(60020, "not allow to access from your ip", ApiFault.Configuration));
        foreach (var seconds in new[] { 30, 60, 120, 240, 480, 600, 600 })
        {
            Assert.Null((await gates.Enter(FakeWeChat.Company, "api", default)).Refused);
            Assert.Equal(clock.GetUtcNow().AddSeconds(seconds), (await gates.Learn(FakeWeChat.Company, "api", notListed)).NotBefore);
            Assert.Equal((60020, ApiFault.Configuration), (await gates.Enter(FakeWeChat.Company, "api", default)).Refused is { } closed ? (closed.ErrCode, closed.Fault) : default);
            Assert.Equal(60020, Assert.Single(gates.Closed).Code);
            clock.Advance(TimeSpan.FromSeconds(seconds));
        }

        await gates.Learn(FakeWeChat.Company, "api", Ok);
        Assert.Empty(gates.Closed);
        Assert.Equal(clock.GetUtcNow().AddSeconds(30), (await gates.Learn(FakeWeChat.Company, "api", notListed)).NotBefore);
    }

    [Fact]
    public async Task Another_instance_hears_of_it_within_five_seconds()
    {
        var (one, two) = (Gates(), Gates());
        Assert.Null((await two.Enter(FakeWeChat.Account, Send, default)).Refused);
        var closed = await one.Learn(FakeWeChat.Account, Send, Quota);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(closed.NotBefore, (await two.Enter(FakeWeChat.Account, Send, default)).Refused!.NotBefore);
        // And one that starts hears of it at its first call, of whatever API.
        var three = Gates();
        Assert.Null((await three.Enter(FakeWeChat.Account, "cgi-bin/user/info", default)).Refused);
        Assert.Single(three.Closed);
    }

    [Fact]
    public async Task Health_of_an_instance_that_calls_nothing_tells_it_too()
    {
        await Gates().Learn(FakeWeChat.Account, Send, Quota);
        var idle = Gates();
        Assert.Empty(idle.Closed);
        await idle.Look(FakeWeChat.Account);
        Assert.Equal(("main", Send, 45009), idle.Closed is [var closed] ? (closed.Account, closed.Api, closed.Code) : default);
    }

    [Fact]
    public async Task Whoever_closes_it_later_does_not_open_it_earlier_for_the_others()
    {
        var (one, two, company) = (Gates(), Gates(), FakeWeChat.Company);
        await one.Learn(company, "api", Quota);
        clock.Advance(TimeSpan.FromSeconds(63));
        var hour = await one.Learn(company, "api", Quota);
        Assert.True(hour.NotBefore > clock.GetUtcNow().AddMinutes(59));
        // The other one knew of nothing: for it, it is the first refusal, a minute.
        await two.Learn(company, "api", Quota);
        Assert.Equal(hour.NotBefore, (await two.Enter(company, "api", default)).Refused!.NotBefore);
        Assert.Equal(hour.NotBefore, (await Gates().Enter(company, "api", default)).Refused!.NotBefore);
    }

    [Fact]
    public async Task Reopened_by_one_it_is_open_for_all_within_five_seconds()
    {
        var (one, two) = (Gates(), Gates());
        await one.Enter(FakeWeChat.Account, Send, default);
        await two.Enter(FakeWeChat.Account, Send, default);
        await two.Learn(FakeWeChat.Account, Send, Quota);
        clock.Advance(TimeSpan.FromSeconds(5));
        foreach (var instance in (ApiGates[])[one, two]) Assert.NotNull((await instance.Enter(FakeWeChat.Account, Send, default)).Refused);
        await one.Reopen("main");
        Assert.Null((await one.Enter(FakeWeChat.Account, Send, default)).Refused);
        Assert.NotNull((await two.Enter(FakeWeChat.Account, Send, default)).Refused);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null((await two.Enter(FakeWeChat.Account, Send, default)).Refused);
        Assert.Empty(two.Closed);
        Assert.Null((await Gates().Enter(FakeWeChat.Account, Send, default)).Refused);
    }

    [Fact]
    public async Task Without_the_store_an_instance_closes_alone_and_opening_says_that_the_others_do_not_know()
    {
        var store = new TroubledState(shared) { Down = true };
        var gates = Gates(store);
        Assert.Null((await gates.Enter(FakeWeChat.Account, Send, default)).Refused);
        await gates.Learn(FakeWeChat.Account, Send, Quota);
        Assert.NotNull((await gates.Enter(FakeWeChat.Account, Send, default)).Refused);
        await Assert.ThrowsAsync<SharedStateException>(() => gates.Reopen("main"));
        Assert.Null((await gates.Enter(FakeWeChat.Account, Send, default)).Refused);
    }

    [Fact]
    public async Task The_state_is_read_once_in_five_seconds()
    {
        var store = new TroubledState(shared);
        var gates = Gates(store);
        for (var i = 0; i < 100; i++) await gates.Enter(FakeWeChat.Account, Send, default);
        Assert.Equal((1, 0), (store.Reads, store.Writes));
        clock.Advance(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 100; i++) await gates.Enter(FakeWeChat.Account, Send, default);
        Assert.Equal((2, 0), (store.Reads, store.Writes));
    }

    [Fact]
    public async Task Two_instances_that_close_different_APIs_at_once_lose_neither()
    {
        var store = new TroubledState(shared);
        var (one, two) = (Gates(store), Gates());
        store.BeforeWrite[1] = async () => await two.Learn(FakeWeChat.Account, "second", Quota);
        await clock.RunUntil(one.Learn(FakeWeChat.Account, "first", Quota).AsTask(), TimeSpan.FromMilliseconds(10));
        var three = Gates();
        await three.Enter(FakeWeChat.Account, "third", default);
        Assert.Equal(["first", "second"], three.Closed.Select(c => c.Api));
    }

    [Fact]
    public async Task A_trial_that_our_own_limit_refuses_lets_the_next_one_in()
    {
        var options = new WeChatApiOptions { OfficialAccountRates = new() { PerMinute = 1 } };
        var gates = new ApiGates(shared, options, clock);
        for (var i = 0; i < 5; i++) await gates.Learn(FakeWeChat.Account, Send, ApiResult.Unanswered("timeout", true));
        clock.Advance(TimeSpan.FromSeconds(5));
        var trial = await gates.Enter(FakeWeChat.Account, Send, default);
        Assert.Null(trial.Refused);
        gates.Leave(FakeWeChat.Account, Send, trial);
        Assert.Equal(ApiErrors.OwnLimit, (await gates.Enter(FakeWeChat.Account, Send, default)).Refused!.ErrCode);
        Assert.Contains(gates.Closed, c => c.Code == ApiErrors.OwnLimit);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null((await gates.Enter(FakeWeChat.Account, Send, default)).Refused);
        await gates.Learn(FakeWeChat.Account, Send, Ok);
    }

    private ApiGates Gates(ISharedState? state = null) => new(state ?? shared, new WeChatApiOptions(), clock);
}
