using System.Diagnostics.Metrics;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;
using CrmServerless.WeChat.Api.WeCom;

namespace CrmServerless.Tests.WeChat;

/// <summary>Whether WeChat answers again is asked by something harmless before a message that must not be sent twice tries it.</summary>
public sealed class CircuitTrialTests : IDisposable
{
    private const string Question = "/cgi-bin/get_api_domain_ip";
    private const string Ok = """{"errcode":0,"errmsg":"ok"}""";

    private readonly FakeWeChat wechat = new();

    public void Dispose() => wechat.Dispose();

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 8)]
    [InlineData(12, 0)]
    public async Task An_outage_costs_no_more_answers_than_opened_the_circuit_and_were_on_their_way(int hours, int onTheirWay)
    {
        await wechat.Tokens.Get(FakeWeChat.Account);
        var cut = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        wechat.Answer = (_, _) => cut.Task;
        var sends = Enumerable.Range(0, onTheirWay).Select(_ => wechat.Send()).ToList();
        Cut();
        cut.SetException(new IOException("cut"));
        var unknown = (await Task.WhenAll(sends)).Count(r => r.OutcomeUnknown);
        for (var second = 0; second < hours * 3600; second++)
        {
            if ((await wechat.Send()).OutcomeUnknown) unknown++;
            wechat.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(unknown, wechat.Options.CircuitFailures, wechat.Options.CircuitFailures + onTheirWay);
        Assert.Equal(unknown, Made("send"));
        Assert.InRange(Asked, (hours * 60) - 2, (hours * 60) + 5); // 5 s, 10 s, 20 s, 40 s, then a minute

        wechat.Answers(Ok);
        wechat.Time.Advance(wechat.Options.CircuitOpenMost);
        Assert.True((await wechat.Send()).Ok);
        Assert.True((await wechat.Send()).Ok);
    }

    [Theory]
    [InlineData("""{"ip_list":["101.226.103.0"]}""")]
    [InlineData(Ok)]
    [InlineData("""{"errcode":45009,"errmsg":"reach max api daily quota limit"}""")]
    [InlineData("""{"errcode":48001,"errmsg":"api unauthorized"}""")]
    public async Task Whatever_the_answer_says_the_message_goes_ahead_and_nothing_else_is_concluded(string answer)
    {
        await Break();
        wechat.Answer = (request, _) => Task.FromResult(FakeWeChat.Json(IsQuestion(request) ? answer : Ok));
        Assert.True((await wechat.Send()).Ok);
        Assert.Equal([Question, "/cgi-bin/message/custom/send"], wechat.Calls.TakeLast(2).Select(c => c.Path));
        Assert.Equal((1, 6), (Asked, Made("send")));
        Assert.Empty(wechat.Gates.Closed);
        Assert.True((await wechat.Send()).Ok);
        Assert.Equal(1, Asked);
    }

    [Fact]
    public async Task A_token_that_has_ended_meanwhile_is_renewed_by_the_message_itself()
    {
        await Break();
        wechat.Answer = (request, _) => Task.FromResult(FakeWeChat.Json(
            request.RequestUri!.Query.EndsWith("t1", StringComparison.Ordinal) ? """{"errcode":42001,"errmsg":"access_token expired"}""" : Ok));
        Assert.True((await wechat.Send()).Ok);
        Assert.Equal((1, 2), (Asked, wechat.TokenFetches));
    }

    [Theory]
    [InlineData("""{"errcode":-1,"errmsg":"system error"}""")]
    [InlineData("<html/>")]
    public async Task Without_an_answer_the_message_is_not_sent_and_the_pause_is_doubled(string answer)
    {
        await Break();
        wechat.Answers(answer);
        var withheld = await wechat.Send();
        Assert.Equal((-1, ApiFault.Transient, false), (withheld.ErrCode, withheld.Fault, withheld.OutcomeUnknown));
        Assert.Equal(wechat.Time.GetUtcNow() + (wechat.Options.CircuitOpen * 2), withheld.NotBefore);
        Assert.Equal(withheld.NotBefore, Assert.Single(wechat.Gates.Closed).Until);
        Assert.Equal((1, 5), (Asked, Made("send")));
    }

    [Fact]
    public async Task One_question_at_a_time_is_asked()
    {
        await Break();
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        wechat.Answer = (request, _) => IsQuestion(request) ? answer.Task : Task.FromResult(FakeWeChat.Json(Ok));
        var first = wechat.Send();
        for (var n = 0; n < 10; n++) Assert.NotNull((await wechat.Send()).NotBefore);
        Assert.Equal((1, 5), (Asked, Made("send")));
        answer.SetResult(FakeWeChat.Json(Ok));
        Assert.True((await first).Ok);
    }

    [Fact]
    public async Task Who_gives_up_while_it_is_asked_leaves_it_to_the_next()
    {
        await Break();
        using var impatient = new CancellationTokenSource();
        wechat.Answer = async (_, cancellation) =>
        {
            await impatient.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
            return FakeWeChat.Json(Ok);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wechat.Api.CustomSend(FakeWeChat.Account, new CustomText("o1", "x"), impatient.Token));
        wechat.Answers(Ok);
        Assert.True((await wechat.Send()).Ok);
        Assert.Equal((2, 6), (Asked, Made("send")));
    }

    [Fact]
    public async Task What_may_be_repeated_tries_by_itself()
    {
        wechat.Answers("", System.Net.HttpStatusCode.BadGateway);
        for (var n = 0; n < 5; n++) await wechat.Api.UserInfo(FakeWeChat.Account, "o1");
        wechat.Time.Advance(wechat.Options.CircuitOpen);
        await wechat.Api.UserInfo(FakeWeChat.Account, "o1");
        Assert.Equal((0, 6), (Asked, Made("info")));
    }

    [Fact]
    public async Task WeCom_is_asked_on_its_own_host()
    {
        var welcome = new SendWelcomeMsgRequest("code", new("你好"));
        wechat.Answers("", System.Net.HttpStatusCode.BadGateway);
        for (var n = 0; n < 5; n++) await wechat.WeCom.ExternalContactSendWelcomeMsg(FakeWeChat.Company, welcome);
        wechat.Time.Advance(wechat.Options.CircuitOpen);
        var hosts = new List<string>();
        wechat.Answer = (request, _) =>
        {
            hosts.Add($"{request.Method} {request.RequestUri!.Host}{request.RequestUri.AbsolutePath}");
            return Task.FromResult(FakeWeChat.Json(Ok));
        };
        Assert.True((await wechat.WeCom.ExternalContactSendWelcomeMsg(FakeWeChat.Company, welcome)).Ok);
        Assert.Equal(["GET qyapi.weixin.qq.com" + Question, "POST qyapi.weixin.qq.com/cgi-bin/externalcontact/send_welcome_msg"], hosts);
    }

    [Fact]
    public async Task It_is_measured_like_any_call_and_counts_in_our_own_limits()
    {
        var measured = new List<string>();
        using var meters = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) =>
        {
            lock (measured) measured.Add($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(t => t.Value))}");
        });
        meters.Start();
        var options = wechat.Options with { OfficialAccountRates = new() { AllPerMinute = 8 } };
        var gates = new ApiGates(new MemoryState(), options, wechat.Time);
        var api = new OfficialAccountApi(new WeChatTransport(new HttpClient(wechat), wechat.Tokens, gates, options, wechat.Time));
        wechat.Time.SetUtcNow(new DateTimeOffset(2026, 11, 24, 4, 0, 0, TimeSpan.Zero)); // at the beginning of a minute
        wechat.Answers("", System.Net.HttpStatusCode.BadGateway);
        for (var n = 0; n < 5; n++) await api.CustomSend(FakeWeChat.Account, new CustomText("o1", "x"));
        wechat.Time.Advance(options.CircuitOpen);
        await api.CustomSend(FakeWeChat.Account, new CustomText("o1", "x"));
        lock (measured) Assert.Contains("crm.wechat.calls cgi-bin/get_api_domain_ip -1", measured);

        wechat.Answers(Ok);
        wechat.Time.Advance(options.CircuitOpen * 2);
        Assert.Equal(ApiErrors.OwnLimit, (await api.CustomSend(FakeWeChat.Account, new CustomText("o1", "x"))).ErrCode);
        Assert.Equal((1, 5), (Asked, Made("send"))); // two that were withheld had taken their places
        wechat.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await api.CustomSend(FakeWeChat.Account, new CustomText("o1", "x"))).Ok);
        Assert.Equal((2, 6), (Asked, Made("send")));
    }

    private int Asked => wechat.Calls.Count(c => c.Path == Question);

    private int Made(string api) => wechat.Calls.Count(c => c.Path.EndsWith("/" + api, StringComparison.Ordinal));

    private static bool IsQuestion(HttpRequestMessage request) => request.RequestUri!.AbsolutePath == Question;

    private void Cut() => wechat.Answer = (_, _) => throw new IOException("cut");

    // Open, and due for its trial.
    private async Task Break()
    {
        Cut();
        for (var n = 0; n < wechat.Options.CircuitFailures; n++) await wechat.Send();
        wechat.Time.Advance(wechat.Options.CircuitOpen);
    }
}
