using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Api;

namespace CrmServerless.Tests.WeChat;

/// <summary>Several instances, one token.</summary>
public sealed class TokenSharingTests : IDisposable
{
    // Small: while some wait, another may be at work, and a busy machine must not take a whole lease from it.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
    private static readonly string Of = TokenRules.Fingerprint(FakeWeChat.Account);
    private static readonly TimeSpan Lease = TokenRules.Lease(TokenPlatform.Options);

    private readonly TokenPlatform platform = new();

    public void Dispose() => platform.Dispose();

    [Fact]
    public async Task Two_instances_with_twenty_callers_each_ask_once()
    {
        TokenCentre[] instances = [platform.Centre(), platform.Centre()];
        var callers = instances.SelectMany(i => Enumerable.Range(0, 20).Select(_ => Task.Run(() => i.Get(FakeWeChat.Account).AsTask()))).ToArray();
        Assert.All(await platform.Time.RunUntil(Task.WhenAll(callers), Step), r => Assert.Equal("t1", r.Value));
        Assert.Equal(1, platform.Fetches);
    }

    [Fact]
    public async Task Tokens_that_are_voided_again_and_again_are_fetched_once_each_without_ping_pong()
    {
        var apis = new[] { platform.Centre(), platform.Centre(), platform.Centre() }.Select(platform.Api).ToList();
        for (var round = 1; round <= 25; round++)
        {
            var calls = apis.SelectMany(api => Enumerable.Range(0, 20).Select(_ => Task.Run(() => api.CustomSend(FakeWeChat.Account, TokenPlatform.Message)))).ToArray();
            Assert.All(await platform.Time.RunUntil(Task.WhenAll(calls), Step), r => Assert.Equal(0, r.ErrCode));
            Assert.Equal(round, platform.Fetches);
            platform.Void();
        }
    }

    [Fact]
    public async Task An_instance_that_starts_takes_the_token_that_is_there()
    {
        await platform.Centre().Get(FakeWeChat.Account);
        platform.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal("t1", await Token(platform.Centre()));
        Assert.Equal(1, platform.Fetches);
    }

    [Fact]
    public async Task A_token_that_failed_here_is_not_taken_from_the_others_and_is_forgotten_there_too()
    {
        var (one, two) = (platform.Centre(), platform.Centre());
        Assert.Equal(("t1", "t1"), (await Token(one), await Token(two)));
        one.Invalidate("main", "t1");
        Assert.Equal("t2", await Token(one));
        Assert.Equal("t2", (await platform.State()).Token);
        // The other one does not know yet; when it does, the new one is there.
        Assert.Equal("t1", await Token(two));
        two.Invalidate("main", "t1");
        Assert.Equal("t2", await Token(two));
        Assert.Equal(2, platform.Fetches);
    }

    [Fact]
    public async Task Who_has_died_with_the_lease_is_waited_for_until_it_ends()
    {
        var started = platform.Time.GetUtcNow();
        await platform.Put(new SharedToken { Holder = "dead", LeaseUntil = started + Lease });
        Assert.Equal("t1", await TokenWithin(Lease + TimeSpan.FromSeconds(2)));
        Assert.True(platform.Time.GetUtcNow() - started >= Lease);
    }

    [Fact]
    public async Task A_lease_of_a_wrong_clock_holds_nobody_up_for_longer_than_a_lease()
    {
        var started = platform.Time.GetUtcNow();
        await platform.Put(new SharedToken { Holder = "dead", LeaseUntil = started + TimeSpan.FromHours(8) });
        Assert.Equal("t1", await TokenWithin(Lease + TimeSpan.FromSeconds(2)));
        Assert.True(platform.Time.GetUtcNow() - started >= Lease);
    }

    [Fact]
    public async Task While_one_renews_the_others_go_on_with_the_old_token()
    {
        var (one, two) = (platform.Centre(), platform.Centre());
        Assert.Equal(("t1", "t1"), (await Token(one), await Token(two)));
        var answered = new TaskCompletionSource();
        platform.Before = () => answered.Task;
        platform.Time.Advance(TimeSpan.FromSeconds(7200 - 300));
        var renewing = one.Get(FakeWeChat.Account).AsTask();
        await Until(() => platform.Fetches == 2);

        // No clock runs here: nobody waits.
        Assert.Equal("t1", (await one.Get(FakeWeChat.Account).AsTask().InTime()).Value);
        Assert.Equal("t1", (await two.Get(FakeWeChat.Account).AsTask().InTime()).Value);
        answered.SetResult();
        Assert.Equal("t2", (await renewing.InTime()).Value);
        Assert.Equal("t1", await Token(two));
        platform.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("t2", await Token(two));
        Assert.Equal(2, platform.Fetches);
    }

    [Fact]
    public async Task Without_the_store_each_instance_goes_on_alone_and_comes_back_to_the_others()
    {
        platform.Stable = true;
        var stores = new[] { new TroubledState(platform.Shared) { Down = true }, new TroubledState(platform.Shared) { Down = true } };
        var instances = stores.Select(s => platform.Centre(s)).ToArray();
        Assert.Equal("t1", await Token(instances[0]));
        Assert.Equal("t1", await Token(instances[1]));
        Assert.Equal(2, platform.Fetches);
        foreach (var store in stores) store.Down = false;
        platform.Stable = false;
        platform.Void();
        foreach (var instance in instances) instance.Invalidate("main", "t1");
        Assert.Equal("t3", await Token(instances[0]));
        Assert.Equal("t3", await Token(instances[1]));
        Assert.Equal(3, platform.Fetches);
    }

    [Fact]
    public async Task A_store_that_fails_after_the_lease_does_not_keep_the_token_from_its_caller()
    {
        var store = new TroubledState(platform.Shared);
        store.BeforeWrite[2] = () =>
        {
            store.Down = true;
            return Task.CompletedTask;
        };
        var instance = platform.Centre(store);
        Assert.Equal("t1", await Token(instance));
        platform.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("t1", await Token(instance));
        Assert.Equal(1, platform.Fetches);
    }

    [Fact]
    public async Task A_changed_secret_voids_what_is_stored_and_in_memory()
    {
        var instance = platform.Centre();
        Assert.Equal("t1", await Token(instance));
        var changed = FakeWeChat.Account with { Secret = "n3w" };
        Assert.Equal("t2", (await instance.Get(changed)).Value);
        Assert.Equal("t2", (await platform.Centre().Get(changed)).Value);
        Assert.Equal(2, platform.Fetches);
    }

    [Fact]
    public async Task The_fault_of_the_old_secret_does_not_touch_the_token_of_the_new()
    {
        var changed = FakeWeChat.Account with { Secret = "n3w" };
        Assert.Equal("t1", (await platform.Centre().Get(changed)).Value);
        platform.Fault = """{"errcode":40125,"errmsg":"invalid appsecret"}""";
        Assert.Equal(40125, (await platform.Centre().Get(FakeWeChat.Account)).ErrCode);
        Assert.Equal("t1", (await platform.Centre().Get(changed)).Value);
        Assert.Equal(2, platform.Fetches);
    }

    [Fact]
    public async Task Who_loses_the_race_for_the_lease_takes_what_the_winner_brings()
    {
        var store = new TroubledState(platform.Shared);
        store.BeforeWrite[1] = () => platform.Put(Fresh("t7"));
        Assert.Equal("t7", await Token(platform.Centre(store)));
        Assert.Equal(0, platform.Fetches);
    }

    [Fact]
    public async Task Who_was_too_slow_and_lost_the_lease_uses_what_it_got_for_a_moment_and_then_what_is_stored()
    {
        var store = new TroubledState(platform.Shared);
        store.BeforeWrite[2] = () => platform.Put(Fresh("t7"));
        var instance = platform.Centre(store);
        Assert.Equal("t1", await Token(instance));
        Assert.Equal("t7", (await platform.State()).Token);
        platform.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("t7", await Token(instance));
        Assert.Equal(1, platform.Fetches);
    }

    [Fact]
    public async Task What_cannot_be_read_in_the_store_is_replaced()
    {
        await platform.Shared.Write("main", "token", "[1,"u8.ToArray(), null, default);
        Assert.Equal("t1", await Token(platform.Centre()));
        Assert.Equal("t1", (await platform.State()).Token);
    }

    [Fact]
    public async Task Of_a_leader_whose_call_fails_the_waiting_hear_it_and_do_not_ask_one_after_the_other()
    {
        var instances = Enumerable.Range(0, 4).Select(_ => platform.Centre()).ToList();
        var answered = new TaskCompletionSource();
        (platform.Before, platform.Fault) = (() => answered.Task, """{"errcode":-1,"errmsg":"system error"}""");
        var leader = instances[0].Get(FakeWeChat.Account).AsTask();
        await Until(() => platform.Fetches == 1);
        var others = instances[1..].Select(i => i.Get(FakeWeChat.Account).AsTask()).ToArray();
        // They look once more after some 75 ms; nothing comes until the leader is answered.
        await platform.Time.RunUntil(Task.WhenAny(Ahead(TimeSpan.FromSeconds(3))), Step);
        answered.SetResult();
        Assert.Equal(ApiFault.Transient, (await leader.InTime()).Fault);
        Assert.All(await platform.Time.RunUntil(Task.WhenAll(others), Step), r => Assert.Equal((-1, ApiFault.Transient, false), (r.ErrCode, r.Fault, r.OutcomeUnknown)));
        Assert.Equal(1, platform.Fetches);
    }

    [Fact]
    public async Task A_token_that_fails_while_it_is_being_renewed_is_not_what_the_renewal_brings()
    {
        platform.Stable = true;
        var instance = platform.Centre();
        Assert.Equal("t1", await Token(instance));
        platform.Time.Advance(TimeSpan.FromSeconds(7200 - 300));
        platform.Before = () =>
        {
            instance.Invalidate("main", "t1");
            platform.Before = () => Task.CompletedTask;
            return Task.CompletedTask;
        };
        // The answer is t1 again, which has failed by then: one more call, forced.
        Assert.Equal("t2", await Token(instance));
        Assert.Equal((3, 1), (platform.Fetches, platform.Forced));
    }

    [Fact]
    public async Task What_is_shared_has_no_secret_and_prints_no_token()
    {
        var instance = platform.Centre();
        await instance.Get(FakeWeChat.Account);
        var stored = (await platform.Shared.Read("main", "token", default))!;
        Assert.DoesNotContain("s3cret", System.Text.Encoding.UTF8.GetString(stored.Value.Span), StringComparison.Ordinal);
        Assert.Equal("SharedValue SharedToken", $"{stored} {await platform.State()}");
    }

    private static SharedToken Fresh(string token)
    {
        var now = new DateTimeOffset(2026, 11, 24, 4, 0, 0, TimeSpan.Zero);
        return new SharedToken { Of = Of, Token = token, ExpiresAt = now.AddHours(2), RefreshAt = now.AddHours(1) };
    }

    private async Task<string?> Token(TokenCentre instance) =>
        (await platform.Time.RunUntil(instance.Get(FakeWeChat.Account).AsTask(), Step)).Value;

    // The clock goes no further: who waits for longer waits for ever.
    private async Task<string?> TokenWithin(TimeSpan most)
    {
        var token = platform.Centre().Get(FakeWeChat.Account).AsTask();
        for (var end = platform.Time.GetUtcNow() + most; !token.IsCompleted && platform.Time.GetUtcNow() < end;)
        {
            if (platform.Time.Waiting > 0) platform.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(token, Task.Delay(1));
        }

        return (await token.InTime()).Value;
    }

    private async Task Ahead(TimeSpan span) => await Task.Delay(span, platform.Time);

    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
