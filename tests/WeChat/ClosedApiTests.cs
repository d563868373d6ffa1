using System.Net;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;

namespace CrmServerless.Tests.WeChat;

/// <summary>An API that said when to come back, or that does not answer, is left alone until then.</summary>
public sealed class ClosedApiTests : IDisposable
{
    // So that not everything that waits comes in the same second.
    private static readonly TimeSpan Jitter = TimeSpan.FromSeconds(2);

    private readonly FakeWeChat _wechat = new();

    public void Dispose() => _wechat.Dispose();

    [Fact]
    public async Task A_days_quota_closes_that_API_until_midnight_in_China()
    {
        // 20:30 there.
        _wechat.Time.SetUtcNow(new DateTimeOffset(2024, 5, 8, 12, 30, 0, TimeSpan.Zero));
        var midnight = new DateTimeOffset(2024, 5, 8, 16, 0, 0, TimeSpan.Zero);
        _wechat.Answers("""{"errcode":45009,"errmsg":"reach max api daily quota limit"}""");

        var first = await Blacklist();
        Assert.Equal((45009, ApiFault.Quota), (first.ErrCode, first.Fault));
        Assert.InRange(first.NotBefore!.Value, midnight, midnight + Jitter);
        var second = await Blacklist();
        Assert.Equal((45009, ApiFault.Quota, first.NotBefore, false), (second.ErrCode, second.Fault, second.NotBefore, second.OutcomeUnknown));
        Assert.Equal(1, Made("batchblacklist"));
        Assert.Equal([new ClosedApi("main", "cgi-bin/tags/members/batchblacklist", 45009, first.NotBefore.Value)], _wechat.Gates.Closed);

        // The others go on.
        _wechat.Answers("""{"errcode":0,"errmsg":"ok"}""");
        Assert.True((await _wechat.Send()).Ok);
        _wechat.Time.SetUtcNow(first.NotBefore.Value);
        Assert.True((await Blacklist()).Ok);
        Assert.Empty(_wechat.Gates.Closed);
    }

    [Fact]
    public async Task Too_many_in_a_minute_waits_for_the_next()
    {
        _wechat.Time.SetUtcNow(new DateTimeOffset(2024, 5, 8, 12, 30, 41, TimeSpan.Zero));
        var next = new DateTimeOffset(2024, 5, 8, 12, 31, 0, TimeSpan.Zero);
        _wechat.Answers("""{"errcode":45011,"errmsg":"api minute-quota reach limit"}""");
        var refused = await Blacklist();
        Assert.InRange(refused.NotBefore!.Value, next, next + Jitter);
        Assert.Equal((ApiFault.Quota, refused.NotBefore), ((await Blacklist()).Fault, (await Blacklist()).NotBefore));
        Assert.Equal(1, Made("batchblacklist"));

        _wechat.Answers("""{"errcode":0,"errmsg":"ok"}""");
        _wechat.Time.SetUtcNow(refused.NotBefore.Value);
        Assert.True((await Blacklist()).Ok);
    }

    [Fact]
    public async Task Clearing_the_quotas_opens_what_they_had_closed()
    {
        _wechat.Answers("""{"errcode":45009,"errmsg":"reach max api daily quota limit"}""");
        Assert.Equal(ApiFault.Quota, (await Blacklist()).Fault);
        _wechat.Answers("""{"errcode":48006,"errmsg":"forbid to clear quota because of reaching the limit"}""");
        Assert.Equal(48006, (await _wechat.Api.ClearQuota(FakeWeChat.Account)).ErrCode);
        Assert.Equal(ApiFault.Quota, (await Blacklist()).Fault);

        _wechat.Answers("""{"errcode":0,"errmsg":"ok"}""");
        Assert.True((await _wechat.Api.ClearQuota(FakeWeChat.Account)).Ok);
        Assert.Empty(_wechat.Gates.Closed);
        Assert.True((await Blacklist()).Ok);
        // And it does not come back from what instances tell each other.
        _wechat.Time.Advance(ApiGates.SharedEvery * 2);
        Assert.True((await Blacklist()).Ok);
    }

    [Fact]
    public async Task After_five_calls_without_an_answer_the_circuit_opens_and_one_trial_goes_ahead_after_the_pause()
    {
        await _wechat.Tokens.Get(FakeWeChat.Account);
        _wechat.Answers("<html/>", HttpStatusCode.BadGateway);
        for (var i = 0; i < 5; i++) Assert.Equal((-1, ApiFault.Transient, true), Outcome(await Blacklist()));
        var held = await Blacklist();
        Assert.Equal((-1, ApiFault.Transient, false), Outcome(held));
        Assert.Equal(_wechat.Time.GetUtcNow() + _wechat.Options.CircuitOpen, held.NotBefore);
        Assert.Equal(5, Made("batchblacklist"));

        _wechat.Time.Advance(_wechat.Options.CircuitOpen);
        var trial = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _wechat.Answer = (_, _) => trial.Task;
        var first = Blacklist();
        Assert.Equal((-1, ApiFault.Transient, false), Outcome(await Blacklist()));
        Assert.Equal(6, Made("batchblacklist"));
        trial.SetResult(FakeWeChat.Json("""{"errcode":0,"errmsg":"ok"}"""));
        Assert.True((await first).Ok);

        _wechat.Answers("""{"errcode":0,"errmsg":"ok"}""");
        Assert.True((await Blacklist()).Ok);
    }

    [Fact]
    public async Task A_trial_that_fails_too_doubles_the_pause()
    {
        _wechat.Answers("<html/>", HttpStatusCode.BadGateway);
        for (var i = 0; i < 5; i++) await Blacklist();
        _wechat.Time.Advance(_wechat.Options.CircuitOpen);
        Assert.Equal(_wechat.Time.GetUtcNow() + (_wechat.Options.CircuitOpen * 2), (await Blacklist()).NotBefore);
    }

    [Fact]
    public async Task A_trial_whose_caller_gave_up_leaves_the_next_to_somebody_else()
    {
        await _wechat.Tokens.Get(FakeWeChat.Account);
        _wechat.Answers("<html/>", HttpStatusCode.BadGateway);
        for (var i = 0; i < 5; i++) await Blacklist();
        _wechat.Time.Advance(_wechat.Options.CircuitOpen);
        using var cancel = new CancellationTokenSource();
        _wechat.Answer = async (_, ct) =>
        {
            await cancel.CancelAsync();
            ct.ThrowIfCancellationRequested();
            return FakeWeChat.Json("{}");
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _wechat.Api.TagsBatchBlacklist(FakeWeChat.Account, ["o1"], cancel.Token));

        _wechat.Answers("""{"errcode":0,"errmsg":"ok"}""");
        Assert.True((await Blacklist()).Ok);
    }

    private static (int, ApiFault, bool) Outcome(ApiResult result) => (result.ErrCode, result.Fault, result.OutcomeUnknown);

    private Task<ApiResult> Blacklist() => _wechat.Api.TagsBatchBlacklist(FakeWeChat.Account, ["o1"]);

    private int Made(string api) => _wechat.Calls.Count(c => c.Path.EndsWith("/" + api, StringComparison.Ordinal));
}
