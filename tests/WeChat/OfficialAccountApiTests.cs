using System.Net;
using System.Net.Sockets;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;
using CrmServerless.WeChat.Replies;

namespace CrmServerless.Tests.WeChat;

public sealed class OfficialAccountApiTests : IDisposable
{
    private readonly FakeWeChat _wechat = new();

    public void Dispose() => _wechat.Dispose();

    [Fact]
    public async Task A_text_is_sent_raw_and_never_as_escapes()
    {
        Assert.True((await _wechat.Send("中文 👨‍👩‍👧‍👦 <>&'+\u000B")).Ok);
        Assert.Equal(
            ("/cgi-bin/message/custom/send", "?access_token=t1", """{"touser":"o1","msgtype":"text","text":{"content":"中文 👨‍👩‍👧‍👦 <>&'+"}}"""),
            _wechat.Calls[^1]);
    }

    [Fact]
    public async Task An_article_is_sent_in_the_documented_form()
    {
        await _wechat.Api.CustomSend(FakeWeChat.Account, new CustomNews("o1", new Article("t", "d\n", "p", "u?a=1&b=2")));
        Assert.Equal(
            """{"touser":"o1","msgtype":"news","news":{"articles":[{"title":"t","description":"d\n","url":"u?a=1&b=2","picurl":"p"}]}}""",
            _wechat.Calls[^1].Body);
    }

    [Theory]
    [InlineData(40001)]
    [InlineData(40014)]
    [InlineData(42001)]
    public async Task A_faulty_token_is_renewed_once_and_the_call_repeated_once(int code)
    {
        _wechat.Answer = (request, _) => Task.FromResult(FakeWeChat.Json(
            request.RequestUri!.Query.Contains("t1", StringComparison.Ordinal) ? $$"""{"errcode":{{code}},"errmsg":"x"}""" : """{"errcode":0}"""));

        Assert.True((await _wechat.Send()).Ok);
        Assert.Equal(2, _wechat.TokenFetches);
        Assert.Equal(["?access_token=t1", "?access_token=t2"], Sends());
    }

    [Fact]
    public async Task A_token_that_fails_again_is_reported_and_not_chased()
    {
        _wechat.Answers("""{"errcode":40001,"errmsg":"invalid credential"}""");
        var result = await _wechat.Send();
        Assert.Equal((40001, ApiFault.Configuration, false), (result.ErrCode, result.Fault, result.OutcomeUnknown));
        Assert.Equal(2, Sends().Length);
        Assert.Equal(2, _wechat.TokenFetches);
    }

    [Fact]
    public async Task A_newer_token_that_someone_else_fetched_meanwhile_is_used_and_kept()
    {
        _wechat.Answer = async (request, cancellation) =>
        {
            if (!request.RequestUri!.Query.Contains("t1", StringComparison.Ordinal)) return FakeWeChat.Json("""{"errcode":0}""");
            _wechat.Tokens.Invalidate("main", "t1");
            await _wechat.Tokens.Get(FakeWeChat.Account, cancellation);
            return FakeWeChat.Json("""{"errcode":42001,"errmsg":"expired"}""");
        };

        Assert.True((await _wechat.Send()).Ok);
        Assert.Equal(2, _wechat.TokenFetches);
    }

    [Theory]
    [InlineData(-1, ApiFault.Transient)]
    [InlineData(45011, ApiFault.Quota)]
    [InlineData(45009, ApiFault.Quota)]
    [InlineData(45015, ApiFault.WindowClosed)]
    [InlineData(45047, ApiFault.WindowUsedUp)]
    [InlineData(40003, ApiFault.Recipient)]
    [InlineData(43004, ApiFault.Recipient)]
    [InlineData(48002, ApiFault.Recipient)]
    [InlineData(40164, ApiFault.Configuration)]
    [InlineData(48001, ApiFault.Configuration)]
    [InlineData(40033, ApiFault.Request)]
    [InlineData(47001, ApiFault.Request)]
    [InlineData(123456, ApiFault.Request)]
    public async Task A_refusal_is_classified_and_its_outcome_is_known(int code, ApiFault fault)
    {
        _wechat.Answers($$"""{"errcode":{{code}},"errmsg":"no rid: 64a"}""");
        Assert.Equal(new ApiResult(code, "no rid: 64a", fault), await _wechat.Send() with { NotBefore = null });
    }

    [Theory]
    [InlineData("<html>busy</html>")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"errcode":"soon"}""")]
    [InlineData("""{"errcode":99999999999}""")]
    [InlineData("""{"errcode":0,"errmsg":"\ud800"}""")]
    public async Task An_answer_that_cannot_be_read_leaves_the_outcome_unknown(string body)
    {
        _wechat.Answers(body);
        await IsUnanswered(_wechat.Send(), outcomeUnknown: true);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_leave_the_outcome_unknown()
    {
        _wechat.Answer = (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new ByteArrayContent([.. "{\"errcode\":0,\"errmsg\":\""u8, 0xFF, 0xFE, .. "\"}"u8]),
        });
        await IsUnanswered(_wechat.Send(), outcomeUnknown: true);
    }

    [Fact]
    public async Task An_endless_answer_is_not_read_to_its_end()
    {
        _wechat.Answers("{\"errcode\":0,\"errmsg\":\"" + new string('x', 20 * 1024 * 1024) + "\"}");
        await IsUnanswered(_wechat.Send(), outcomeUnknown: true);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, true)]
    [InlineData(HttpStatusCode.BadGateway, true)]
    [InlineData(HttpStatusCode.ServiceUnavailable, false)]
    [InlineData(HttpStatusCode.TooManyRequests, false)]
    public async Task A_failing_server_is_a_passing_fault(HttpStatusCode status, bool outcomeUnknown)
    {
        _wechat.Answers("<html/>", status);
        await IsUnanswered(_wechat.Send(), outcomeUnknown);
    }

    [Fact]
    public async Task A_timeout_leaves_the_outcome_unknown()
    {
        await _wechat.Tokens.Get(FakeWeChat.Account);
        _wechat.Answer = Never;
        await IsUnanswered(_wechat.Within(TimeSpan.FromMilliseconds(50)).CustomSend(FakeWeChat.Account, new CustomText("o1", "x")), outcomeUnknown: true);
    }

    [Fact]
    public async Task A_connection_lost_after_sending_leaves_the_outcome_unknown()
    {
        _wechat.Answer = (_, _) => throw new HttpRequestException(HttpRequestError.ResponseEnded);
        await IsUnanswered(_wechat.Send(), outcomeUnknown: true);
    }

    [Fact]
    public async Task A_refused_connection_surely_sent_nothing()
    {
        _wechat.Answer = (_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError, "x", new SocketException((int)SocketError.ConnectionRefused));
        await IsUnanswered(_wechat.Send(), outcomeUnknown: false);
    }

    [Fact]
    public async Task A_real_refused_connection_is_recognised()
    {
        using var http = new HttpClient();
        // Port 1 of this machine: nobody listens.
        var options = new WeChatApiOptions { OfficialAccountBase = new Uri("http://127.0.0.1:1/") };
        await IsUnanswered(new OfficialAccountApi(_wechat.Transport(http, options)).CustomSend(FakeWeChat.Account, new CustomText("o1", "x")), outcomeUnknown: false);
    }

    [Fact]
    public async Task Without_a_token_nothing_was_sent_even_if_the_token_call_has_no_answer()
    {
        _wechat.Token = _ => FakeWeChat.Json("<html/>", HttpStatusCode.BadGateway);
        await IsUnanswered(_wechat.Send(), outcomeUnknown: false);
        Assert.Empty(Sends());
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_thrown()
    {
        await _wechat.Tokens.Get(FakeWeChat.Account);
        _wechat.Answer = Never;
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _wechat.Api.CustomSend(FakeWeChat.Account, new CustomText("o1", "x"), cancel.Token));
    }

    [Fact]
    public async Task User_info_is_read()
    {
        _wechat.Answers("""
            {"subscribe":1,"openid":"o1","unionid":" u1","remark":"","tagid_list":[2,128],"subscribe_time":1434093047,
             "subscribe_scene":"ADD_SCENE_QR_CODE","qr_scene":98765,"qr_scene_str":"","language":"zh_CN","nickname":""}
            """);
        var result = await _wechat.Api.UserInfo(FakeWeChat.Account, "o 1");

        Assert.True(result.Ok);
        Assert.Equal(("/cgi-bin/user/info", "?access_token=t1&openid=o%201&lang=zh_CN", ""), _wechat.Calls[^1]);
        var user = result.Value!;
        Assert.Equal([2, 128], user.TagidList!);
        Assert.Equal(
            new UserInfo
            {
                Openid = "o1", Subscribe = 1, Unionid = "u1", TagidList = user.TagidList, SubscribeTime = 1434093047,
                SubscribeScene = "ADD_SCENE_QR_CODE", QrScene = 98765, Language = "zh_CN",
            },
            user);
    }

    [Fact]
    public async Task Of_someone_who_left_only_the_id_is_known()
    {
        _wechat.Answers("""{"subscribe":0,"openid":"o1"}""");
        var user = (await _wechat.Api.UserInfo(FakeWeChat.Account, "o1")).Value!;
        Assert.Equal((0, null, 0L), (user.Subscribe, user.TagidList, user.SubscribeTime));
    }

    [Fact]
    public async Task User_info_refused_or_unreadable_is_a_result()
    {
        _wechat.Answers("""{"errcode":40003,"errmsg":"invalid openid"}""");
        Assert.Equal(ApiFault.Recipient, (await _wechat.Api.UserInfo(FakeWeChat.Account, "o1")).Fault);
        _wechat.Answers("{}");
        Assert.Equal(ApiFault.Transient, (await _wechat.Api.UserInfo(FakeWeChat.Account, "o1")).Fault);
    }

    [Theory]
    [InlineData("http://127.0.0.1:7071/sim")]
    [InlineData("http://127.0.0.1:7071/sim/")]
    public async Task A_base_address_under_a_path_keeps_it(string address)
    {
        var api = new OfficialAccountApi(_wechat.Transport(new HttpClient(_wechat), new WeChatApiOptions { OfficialAccountBase = new Uri(address) }));
        await api.CustomSend(FakeWeChat.Account, new CustomText("o1", "x"));
        Assert.Equal("/sim/cgi-bin/message/custom/send", _wechat.Calls[^1].Path);
    }

    private static async Task<HttpResponseMessage> Never(HttpRequestMessage request, CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        throw new InvalidOperationException();
    }

    private static async Task IsUnanswered(Task<ApiResult> call, bool outcomeUnknown)
    {
        var result = await call;
        Assert.Equal((-1, ApiFault.Transient, outcomeUnknown), (result.ErrCode, result.Fault, result.OutcomeUnknown));
        Assert.DoesNotContain("t1", result.ErrMsg, StringComparison.Ordinal);
    }

    private string[] Sends() => [.. _wechat.Calls.Where(call => call.Path.EndsWith("/send", StringComparison.Ordinal)).Select(call => call.Query)];
}
