using System.Net;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;

namespace CrmServerless.Tests.WeChat;

/// <summary>What the transport repeats, what it closes, and that it leaves nothing half open.</summary>
public sealed class ApiTransportTests : IDisposable
{
    private readonly FakeWeChat wechat = new();

    public void Dispose() => wechat.Dispose();

    [Theory]
    [InlineData("""{"errcode":-1,"errmsg":"system error"}""", HttpStatusCode.OK)]
    [InlineData("<html/>", HttpStatusCode.OK)]
    [InlineData("<html/>", HttpStatusCode.BadGateway)]
    [InlineData("", HttpStatusCode.TooManyRequests)]
    [InlineData("", HttpStatusCode.Found)]
    public async Task A_question_that_meets_a_passing_fault_is_asked_up_to_three_times_with_growing_waits(string body, HttpStatusCode status)
    {
        wechat.Answers(body, status);
        var clock = new InstantClock(wechat.Time.GetUtcNow());
        var result = await Ask(clock);
        Assert.Equal(ApiFault.Transient, result.Fault);
        Assert.Equal(3, Questions);
        // 200 ms and 400 ms, each with up to half of it more.
        Assert.InRange(clock.Waits[0].TotalMilliseconds, 200, 300);
        Assert.InRange(clock.Waits[1].TotalMilliseconds, 400, 600);
    }

    [Fact]
    public async Task The_waits_differ()
    {
        wechat.Answers("<html/>", HttpStatusCode.BadGateway);
        var clock = new InstantClock(wechat.Time.GetUtcNow());
        await Ask(clock);
        await Ask(clock);
        Assert.NotEqual(clock.Waits[0], clock.Waits[2]);
    }

    [Theory]
    [InlineData(40125)]
    [InlineData(48001)]
    [InlineData(40003)]
    [InlineData(45009)]
    [InlineData(47001)]
    public async Task What_no_repetition_heals_is_asked_once(int code)
    {
        wechat.Answers($$"""{"errcode":{{code}},"errmsg":"no"}""");
        Assert.Equal(code, (await Ask(new InstantClock(wechat.Time.GetUtcNow()))).ErrCode);
        Assert.Equal(1, Questions);
    }

    [Fact]
    public async Task What_never_left_for_want_of_a_token_is_not_tried_again_here()
    {
        wechat.Token = _ => FakeWeChat.Json("""{"errcode":-1,"errmsg":"system error"}""");
        var clock = new InstantClock(wechat.Time.GetUtcNow());
        Assert.Equal((-1, ApiFault.Transient), await Ask(clock) is var result ? (result.ErrCode, result.Fault) : default);
        Assert.Equal((0, 1), (Questions, wechat.TokenFetches));
        Assert.Empty(clock.Waits);
    }

    [Fact]
    public async Task Nor_is_what_came_back_for_its_token_when_there_is_no_other()
    {
        wechat.Token = n => FakeWeChat.Json(n == 1 ? """{"access_token":"t1","expires_in":7200}""" : """{"errcode":-1,"errmsg":"system error"}""");
        wechat.Answers("""{"errcode":42001,"errmsg":"access_token expired"}""");
        Assert.Equal(ApiFault.Transient, (await Ask(new InstantClock(wechat.Time.GetUtcNow()))).Fault);
        Assert.Equal((1, 2), (Questions, wechat.TokenFetches));
    }

    [Fact]
    public async Task A_message_is_never_sent_twice_by_itself()
    {
        wechat.Answers("""{"errcode":-1,"errmsg":"system error"}""");
        var clock = new InstantClock(wechat.Time.GetUtcNow());
        await new OfficialAccountApi(Transport(clock)).CustomSend(FakeWeChat.Account, new CustomText("o1", "你好"));
        Assert.Empty(clock.Waits);
        Assert.Single(wechat.Calls, c => c.Path.EndsWith("/send", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(HttpStatusCode.MovedPermanently, ApiFault.Transient)]
    [InlineData(HttpStatusCode.Found, ApiFault.Transient)]
    [InlineData(HttpStatusCode.TemporaryRedirect, ApiFault.Transient)]
    [InlineData(HttpStatusCode.NotModified, ApiFault.Transient)]
    [InlineData(HttpStatusCode.Forbidden, ApiFault.Transient)]
    [InlineData(HttpStatusCode.ProxyAuthenticationRequired, ApiFault.Transient)]
    [InlineData(HttpStatusCode.NotFound, ApiFault.Transient)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge, ApiFault.Request)]
    [InlineData(HttpStatusCode.PreconditionFailed, ApiFault.Request)]
    public async Task What_stands_in_the_way_is_named_and_the_call_has_had_no_effect(HttpStatusCode status, ApiFault fault)
    {
        wechat.Answers("<html>please sign in</html>", status);
        var result = await wechat.Send();
        Assert.Equal((-1, $"HTTP {(int)status}", fault, false), (result.ErrCode, result.ErrMsg, result.Fault, result.OutcomeUnknown));
    }

    [Fact]
    public async Task An_errcode_counts_whatever_the_status()
    {
        wechat.Answers("""{"errcode":45015,"errmsg":"response out of time limit"}""", HttpStatusCode.Forbidden);
        Assert.Equal(ApiFault.WindowClosed, (await wechat.Send()).Fault);
    }

    [Fact]
    public async Task A_success_under_a_status_of_refusal_is_none()
    {
        wechat.Answers("""{"errcode":0,"errmsg":"ok"}""", HttpStatusCode.Found);
        Assert.Equal(ApiFault.Transient, (await wechat.Send()).Fault);
    }

    [Fact]
    public async Task A_trial_whose_caller_gives_up_lets_the_next_one_in()
    {
        await Break();
        wechat.Time.Advance(TimeSpan.FromSeconds(5));
        wechat.Answer = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new InvalidOperationException();
        };
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wechat.Api.CustomSend(FakeWeChat.Account, new CustomText("o1", "x"), impatient.Token));
        wechat.Answers("""{"errcode":0,"errmsg":"ok"}""");
        Assert.True((await wechat.Send()).Ok);
    }

    [Fact]
    public async Task A_trial_whose_request_cannot_be_made_lets_the_next_one_in()
    {
        await Break();
        wechat.Time.Advance(TimeSpan.FromSeconds(5));
        wechat.Answers("""{"errcode":0,"errmsg":"ok"}""");
        var broken = new ApiRequest("cgi-bin/message/custom/send", Body: () => throw new NotSupportedException());
        await Assert.ThrowsAsync<NotSupportedException>(() => wechat.Transport(new HttpClient(wechat), wechat.Options).Call(FakeWeChat.Account, broken, default));
        Assert.True((await wechat.Send()).Ok);
    }

    [Fact]
    public async Task A_trial_without_a_token_lets_the_next_one_in()
    {
        await Break();
        wechat.Time.Advance(TimeSpan.FromSeconds(7200));
        wechat.Token = _ => FakeWeChat.Json("""{"errcode":-1,"errmsg":"system error"}""");
        Assert.Equal(-1, (await wechat.Send()).ErrCode);
        wechat.Token = n => FakeWeChat.Json($$"""{"access_token":"t{{n}}","expires_in":7200}""");
        wechat.Answers("""{"errcode":0,"errmsg":"ok"}""");
        Assert.True((await wechat.Send()).Ok);
    }

    [Fact]
    public async Task A_broken_circuit_is_not_called_and_says_when_it_is_tried()
    {
        await Break();
        var calls = wechat.Calls.Count;
        var result = await wechat.Send();
        Assert.Equal((-1, ApiFault.Transient, false), (result.ErrCode, result.Fault, result.OutcomeUnknown));
        Assert.NotNull(result.NotBefore);
        Assert.Equal(calls, wechat.Calls.Count);
    }

    [Fact]
    public async Task A_call_that_finds_its_quota_used_up_is_not_made_again()
    {
        wechat.Answers("""{"errcode":45009,"errmsg":"reach max api daily quota limit rid: 1"}""");
        var first = await wechat.Send();
        var second = await wechat.Send();
        Assert.Equal((ApiFault.Quota, first.NotBefore), (second.Fault, second.NotBefore));
        Assert.Single(wechat.Calls, c => c.Path.EndsWith("/send", StringComparison.Ordinal));
    }

    private int Questions => wechat.Calls.Count(c => c.Path == "/cgi-bin/user/info");

    private async Task Break()
    {
        wechat.Answers("<html/>", HttpStatusCode.BadGateway);
        for (var i = 0; i < 5; i++) await wechat.Send();
    }

    private Task<ApiResult<UserInfo>> Ask(InstantClock clock) => new OfficialAccountApi(Transport(clock)).UserInfo(FakeWeChat.Account, "o1");

    private WeChatTransport Transport(InstantClock clock)
    {
        var http = new HttpClient(wechat, disposeHandler: false);
        var options = new WeChatApiOptions();
        return new WeChatTransport(http, new TokenCentre(http, wechat.Shared, options, clock), new ApiGates(wechat.Shared, options, clock), options, clock);
    }
}
