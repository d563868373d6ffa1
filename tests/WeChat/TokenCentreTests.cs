using System.Net;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Api;

namespace CrmServerless.Tests.WeChat;

public sealed class TokenCentreTests : IDisposable
{
    private readonly FakeWeChat _wechat = new();

    public void Dispose() => _wechat.Dispose();

    [Fact]
    public async Task Twenty_callers_at_once_make_one_call()
    {
        using var release = new ManualResetEventSlim();
        _wechat.Token = n =>
        {
            release.Wait(TimeSpan.FromSeconds(20));
            return FakeWeChat.Json($$"""{"access_token":"t{{n}}","expires_in":7200}""");
        };

        var callers = Enumerable.Range(0, 20).Select(_ => _wechat.Tokens.Get(FakeWeChat.Account).AsTask()).ToArray();
        release.Set();

        Assert.All(await Task.WhenAll(callers), result => Assert.Equal("t1", result.Value));
        Assert.Equal(1, _wechat.TokenFetches);
    }

    [Fact]
    public async Task The_request_is_the_documented_one_and_the_secret_is_not_in_the_address()
    {
        await _wechat.Tokens.Get(FakeWeChat.Account);
        Assert.Equal(("/cgi-bin/stable_token", "", """{"grant_type":"client_credential","appid":"wx1","secret":"s3cret"}"""), Assert.Single(_wechat.Calls));
    }

    [Fact]
    public async Task A_token_is_kept_until_5_minutes_before_its_expiry()
    {
        Assert.Equal("t1", await Token());
        _wechat.Time.Advance(TimeSpan.FromSeconds(7200 - 300 - 1));
        Assert.Equal("t1", await Token());
        _wechat.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("t2", await Token());
    }

    [Fact]
    public async Task A_token_near_its_end_is_not_asked_for_again_at_every_call()
    {
        _wechat.Token = n => FakeWeChat.Json($$"""{"access_token":"t{{n}}","expires_in":300}""");
        Assert.Equal("t1", await Token());
        _wechat.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("t1", await Token());
        _wechat.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("t2", await Token());
    }

    [Fact]
    public async Task A_failed_renewal_leaves_the_old_token_in_use_until_it_expires()
    {
        Assert.Equal("t1", await Token());
        _wechat.Token = _ => FakeWeChat.Json("busy", HttpStatusCode.BadGateway);
        _wechat.Time.Advance(TimeSpan.FromSeconds(7200 - 200));
        Assert.Equal("t1", await Token());
        _wechat.Time.Advance(TimeSpan.FromSeconds(200));
        Assert.Equal(ApiFault.Transient, (await _wechat.Tokens.Get(FakeWeChat.Account)).Fault);
    }

    [Fact]
    public async Task Only_the_token_that_failed_is_forgotten()
    {
        Assert.Equal("t1", await Token());
        _wechat.Tokens.Invalidate("main", "t0");
        _wechat.Tokens.Invalidate("other", "t1");
        Assert.Equal("t1", await Token());
        _wechat.Tokens.Invalidate("main", "t1");
        Assert.Equal("t2", await Token());
    }

    [Fact]
    public async Task A_wrong_secret_is_not_tried_again_for_30_seconds()
    {
        _wechat.Token = _ => FakeWeChat.Json("""{"errcode":40125,"errmsg":"invalid appsecret rid: 1"}""");
        for (var i = 0; i < 3; i++) Assert.Equal(ApiFault.Configuration, (await _wechat.Tokens.Get(FakeWeChat.Account)).Fault);
        Assert.Equal(1, _wechat.TokenFetches);
        _wechat.Time.Advance(TimeSpan.FromSeconds(30));
        await _wechat.Tokens.Get(FakeWeChat.Account);
        Assert.Equal(2, _wechat.TokenFetches);
    }

    [Fact]
    public async Task A_passing_fault_is_tried_again_at_the_next_call()
    {
        _wechat.Token = n => FakeWeChat.Json(n == 1 ? """{"errcode":-1,"errmsg":"system error"}""" : """{"access_token":"t2","expires_in":7200}""");
        Assert.Equal(ApiFault.Transient, (await _wechat.Tokens.Get(FakeWeChat.Account)).Fault);
        Assert.Equal("t2", await Token());
    }

    [Theory]
    [InlineData("<html>login</html>")]
    [InlineData("{}")]
    [InlineData("""{"access_token":"","expires_in":7200}""")]
    [InlineData("""{"access_token":"t","expires_in":0}""")]
    public async Task An_answer_without_a_token_is_a_passing_fault(string body)
    {
        _wechat.Token = _ => FakeWeChat.Json(body);
        Assert.Equal(ApiFault.Transient, (await _wechat.Tokens.Get(FakeWeChat.Account)).Fault);
    }

    [Fact]
    public async Task A_caller_who_gives_up_does_not_take_the_token_from_the_others()
    {
        using var release = new ManualResetEventSlim();
        using var impatient = new CancellationTokenSource();
        _wechat.Token = _ =>
        {
            release.Wait(TimeSpan.FromSeconds(20));
            return FakeWeChat.Json("""{"access_token":"t1","expires_in":7200}""");
        };

        var first = _wechat.Tokens.Get(FakeWeChat.Account, impatient.Token).AsTask();
        var second = _wechat.Tokens.Get(FakeWeChat.Account).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        release.Set();

        Assert.Equal("t1", (await second).Value);
        Assert.Equal(1, _wechat.TokenFetches);
    }

    [Fact]
    public async Task The_hot_path_allocates_nothing()
    {
        await Token();
        for (var i = 0; i < 100; i++) await _wechat.Tokens.Get(FakeWeChat.Account);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) await _wechat.Tokens.Get(FakeWeChat.Account);
        // The fake clock allocates nothing either; a few bytes of slack for the runtime.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Fact]
    public async Task The_hot_path_takes_less_than_a_microsecond()
    {
        const int Times = 200_000;
        var centre = new TokenCentre(new HttpClient(_wechat, disposeHandler: false), new MemoryState(), _wechat.Options, TimeProvider.System);
        await centre.Get(FakeWeChat.Account);
        var took = Patience.BestOfThree(() => Look().GetAwaiter().GetResult());
        Assert.True(took < TimeSpan.FromMicroseconds(Times), $"{took.TotalNanoseconds / Times:0} ns");

        async Task Look()
        {
            for (var i = 0; i < Times; i++) await centre.Get(FakeWeChat.Account);
        }
    }

    [Fact]
    public async Task Neither_token_nor_secret_prints_itself()
    {
        var result = await _wechat.Tokens.Get(FakeWeChat.Account);
        Assert.Equal("0 None", result.ToString());
        Assert.Equal("main", FakeWeChat.Account.ToString());
    }

    private async Task<string?> Token() => (await _wechat.Tokens.Get(FakeWeChat.Account)).Value;
}
