using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Api;

namespace CrmServerless.Tests.WeChat;

/// <summary>WeChat gives no token, or one that does not work: one clear fault, no loop.</summary>
public sealed class TokenFaultTests : IDisposable
{
    private readonly TokenPlatform platform = new();

    public void Dispose() => platform.Dispose();

    [Theory]
    [InlineData(40001, false)]
    [InlineData(40013, false)]
    [InlineData(40125, false)]
    [InlineData(40164, false)]
    [InlineData(40001, true)]
    [InlineData(40013, true)]
    [InlineData(60020, true)]
    public async Task A_wrong_secret_or_address_is_asked_about_once_by_all_instances_and_ever_less_often(int code, bool weCom)
    {
        var account = weCom ? FakeWeChat.Company : FakeWeChat.Account;
        platform.Fault = $$"""{"errcode":{{code}},"errmsg":"no rid: 1"}""";
        var instances = Enumerable.Range(0, 3).Select(_ => platform.Centre()).ToList();
        var asked = 0;
        // WeCom bans an address for many wrong secrets.
        foreach (var pause in (int[])[30, 60, 120, 240, 480, .. weCom && code == 40001 ? [960, 1920, 3600, 3600] : (int[])[600, 600]])
        {
            asked++;
            for (var i = 0; i < 6; i++)
            {
                var result = await Get(instances[i % 3], account);
                Assert.Equal((code, ApiFault.Configuration), (result.ErrCode, result.Fault));
                Assert.Equal(platform.Time.GetUtcNow().AddSeconds(pause), result.NotBefore);
            }

            Assert.Equal(asked, platform.Fetches);
            platform.Time.Advance(TimeSpan.FromSeconds(pause - 1));
            await Get(instances[1], account);
            Assert.Equal(asked, platform.Fetches);
            platform.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Health_hears_of_it_until_a_token_comes()
    {
        var (one, two) = (platform.Centre(), platform.Centre());
        var since = platform.Time.GetUtcNow();
        platform.Fault = """{"errcode":40164,"errmsg":"invalid ip"}""";
        Assert.Empty(one.Faults);
        await Get(one);
        await Get(two);
        Assert.Equal([new TokenFault("main", 40164, since, since.AddSeconds(30))], one.Faults);
        Assert.Equal(one.Faults, two.Faults);
        platform.Time.Advance(TimeSpan.FromSeconds(31));
        await Get(one);
        Assert.Equal([new TokenFault("main", 40164, since, since.AddSeconds(31 + 60))], one.Faults);
        platform.Time.Advance(TimeSpan.FromSeconds(60));
        platform.Fault = null;
        Assert.Equal("t1", (await Get(one)).Value);
        Assert.Empty(one.Faults);
        Assert.Equal("t1", (await Get(two)).Value);
        Assert.Empty(two.Faults);
    }

    [Fact]
    public async Task Health_alone_finds_out_that_it_has_been_repaired_and_asks_no_more_often_than_it_was_told()
    {
        var instance = platform.Centre();
        platform.Fault = """{"errcode":40125,"errmsg":"invalid appsecret"}""";
        await Get(instance);
        var asked = 1;
        foreach (var pause in new[] { 30, 60, 120 })
        {
            platform.Time.Advance(TimeSpan.FromSeconds(pause - 1));
            for (var i = 0; i < 3; i++) await instance.Look(FakeWeChat.Account);
            Assert.Equal(asked, platform.Fetches);
            platform.Time.Advance(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 3; i++) await instance.Look(FakeWeChat.Account);
            Assert.Equal(++asked, platform.Fetches);
            Assert.Equal(40125, Assert.Single(instance.Faults).Code);
        }

        platform.Fault = null;
        platform.Time.Advance(TimeSpan.FromSeconds(240));
        await instance.Look(FakeWeChat.Account);
        Assert.Empty(instance.Faults);
    }

    [Fact]
    public async Task Health_of_an_instance_that_has_just_begun_tells_what_is_remembered_and_asks_nobody()
    {
        platform.Fault = """{"errcode":40125,"errmsg":"invalid appsecret"}""";
        await Get(platform.Centre());
        var (fresh, other) = (platform.Centre(), FakeWeChat.Account with { Account = "quiet" });
        await fresh.Look(FakeWeChat.Account);
        await fresh.Look(other);
        Assert.Equal(("main", 40125), fresh.Faults is [var fault] ? (fault.Account, fault.Code) : default);
        Assert.Equal(1, platform.Fetches);
        // Whose secret has been corrected in the settings has nothing to repair any more.
        var corrected = platform.Centre();
        await corrected.Look(FakeWeChat.Account with { Secret = "n3w" });
        Assert.Empty(corrected.Faults);
    }

    [Fact]
    public async Task A_secret_that_is_wrong_at_the_renewal_is_told_while_the_old_token_still_serves()
    {
        var instance = platform.Centre();
        await Get(instance);
        platform.Fault = """{"errcode":40125,"errmsg":"invalid appsecret"}""";
        platform.Time.Advance(TimeSpan.FromSeconds(7200 - 299));
        Assert.Equal("t1", (await Get(instance)).Value);
        Assert.Equal(40125, Assert.Single(instance.Faults).Code);
        platform.Time.Advance(TimeSpan.FromSeconds(300));
        Assert.Equal(ApiFault.Configuration, (await Get(instance)).Fault);
    }

    [Fact]
    public async Task Too_many_token_calls_of_a_company_block_its_address_for_an_hour()
    {
        platform.Fault = """{"errcode":45009,"errmsg":"api freq out of limit"}""";
        var (one, two) = (platform.Centre(), platform.Centre());
        Assert.Equal(ApiFault.Quota, (await Get(one, FakeWeChat.Company)).Fault);
        platform.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(ApiFault.Quota, (await Get(two, FakeWeChat.Company)).Fault);
        Assert.Equal(1, platform.Fetches);
        platform.Fault = null;
        platform.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("t1", (await Get(two, FakeWeChat.Company)).Value);
    }

    [Fact]
    public async Task After_five_unanswered_token_calls_WeChat_is_left_alone_for_a_while()
    {
        platform.Fault = "<html/>";
        var instance = platform.Centre();
        for (var i = 0; i < 4; i++) Assert.Null((await Get(instance)).NotBefore);
        Assert.Equal(platform.Time.GetUtcNow().AddSeconds(5), (await Get(instance)).NotBefore);
        for (var i = 0; i < 10; i++) Assert.Equal(ApiFault.Transient, (await Get(instance)).Fault);
        Assert.Equal(5, platform.Fetches);
        Assert.Equal(-1, Assert.Single(instance.Faults).Code);
        // It may be this instance's network alone: another one, or this one after a new start, asks.
        Assert.Null((await Get(platform.Centre())).NotBefore);
        Assert.Equal(6, platform.Fetches);
        platform.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(platform.Time.GetUtcNow().AddSeconds(10), (await Get(instance)).NotBefore);
        platform.Time.Advance(TimeSpan.FromSeconds(10));
        platform.Fault = null;
        Assert.Equal("t1", (await Get(instance)).Value);
        Assert.Empty(instance.Faults);
    }

    [Fact]
    public async Task The_very_token_that_failed_is_replaced_by_force_once_in_five_minutes_over_all_instances()
    {
        platform.Stable = true;
        TokenCentre[] instances = [platform.Centre(), platform.Centre()];
        await Fail(instances[0], "t1");
        Assert.Equal("t2", (await Get(instances[0])).Value);
        Assert.Equal(1, platform.Forced);

        // It fails at once again: WeChat's own token is taken as it is, and asked for every 30 s only.
        await Fail(instances[1], "t2");
        for (var i = 0; i < 5; i++) await Fail(instances[i % 2], "t2");
        Assert.Equal(1, platform.Forced);
        Assert.Equal(3 + 1, platform.Fetches);
        platform.Time.Advance(TimeSpan.FromSeconds(31));
        await Fail(instances[1], "t2");
        await Get(instances[1]);
        Assert.Equal((4 + 1, 1), (platform.Fetches, platform.Forced));

        platform.Time.Advance(TimeSpan.FromMinutes(5));
        await Fail(instances[1], "t2");
        Assert.Equal("t3", (await Get(instances[1])).Value);
        Assert.Equal(2, platform.Forced);
    }

    [Fact]
    public void Force_is_used_at_most_twenty_times_on_a_day_in_China()
    {
        var (state, now) = (new SharedToken(), new DateTimeOffset(2026, 11, 24, 16, 0, 0, TimeSpan.Zero));
        for (var i = 1; i <= 20; i++)
        {
            Assert.True(TokenRules.MayForce(state, now));
            state = TokenRules.Forced(state, now, now);
            Assert.False(TokenRules.MayForce(state, now.AddSeconds(299)));
            now = now.AddMinutes(5);
        }

        Assert.False(TokenRules.MayForce(state, now));
        Assert.False(TokenRules.MayForce(state, new DateTimeOffset(2026, 11, 25, 15, 59, 59, TimeSpan.Zero)));
        Assert.True(TokenRules.MayForce(state, new DateTimeOffset(2026, 11, 25, 16, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public async Task A_company_is_never_forced_and_not_asked_in_a_loop()
    {
        platform.Stable = true;
        var instance = platform.Centre();
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("t1", (await Get(instance, FakeWeChat.Company)).Value);
            instance.Invalidate("corp", "t1");
        }

        Assert.Equal((2, 0), (platform.Fetches, platform.Forced));
    }

    [Fact]
    public async Task A_store_that_hangs_counts_as_one_that_is_down()
    {
        var patient = new PatientState(new Hanging(), TimeSpan.FromMilliseconds(20));
        await Assert.ThrowsAsync<SharedStateException>(async () => await patient.Read("main", "token", default).AsTask().InTime());
        await Assert.ThrowsAsync<SharedStateException>(async () => await patient.Write("main", "token", default, null, default).AsTask().InTime());
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await patient.Read("main", "token", cancelled.Token).AsTask().InTime());
    }

    private static async Task Fail(TokenCentre instance, string token)
    {
        Assert.Equal(token, (await Get(instance)).Value);
        instance.Invalidate("main", token);
    }

    // The clock stands still: nobody waits for anything here.
    private static async Task<ApiResult<string>> Get(TokenCentre instance, AccountCredentials? account = null) =>
        await instance.Get(account ?? FakeWeChat.Account).AsTask().InTime();

    private sealed class Hanging : ISharedState
    {
        public async ValueTask<SharedValue?> Read(string scope, string name, CancellationToken ct)
        {
            await Task.Delay(Timeout.Infinite, ct);
            return null;
        }

        public async ValueTask<string?> Write(string scope, string name, ReadOnlyMemory<byte> value, string? etag, CancellationToken ct)
        {
            await Task.Delay(Timeout.Infinite, ct);
            return null;
        }
    }
}
