using System.Net;
using System.Text;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;
using CrmServerless.WeChat.Api.WeCom;
using CrmServerless.WeChat.Callbacks;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.WeChat;

/// <summary>Plays api.weixin.qq.com: tokens "t1", "t2", ... and for all else what <see cref="Answer"/> says.</summary>
internal sealed class FakeWeChat : HttpMessageHandler
{
    public static readonly AccountCredentials Account = new("main", "wx1", "s3cret");

    private int _tokens;

    public FakeWeChat()
    {
        var http = new HttpClient(this);
        // Nothing is repeated unless a test is about that.
        Options = new WeChatApiOptions { Timeout = TimeSpan.FromSeconds(20), Retries = 0 };
        Tokens = new TokenCentre(http, Shared, Options, Time);
        Gates = new ApiGates(Shared, Options, Time);
        Api = new OfficialAccountApi(Transport(http, Options));
        WeCom = new WeComApi(Transport(http, Options));
    }

    /// <summary>A WeCom application.</summary>
    public static readonly AccountCredentials Company = new("corp", "ww1", "s3cret", Channel.WeCom, 1000002);

    public FakeTimeProvider Time { get; } = new();

    public MemoryState Shared { get; } = new();

    public ApiGates Gates { get; }

    public WeChatApiOptions Options { get; }

    public TokenCentre Tokens { get; }

    public OfficialAccountApi Api { get; }

    public WeComApi WeCom { get; }

    /// <summary>Path, query and body of each call.</summary>
    public List<(string Path, string Query, string Body)> Calls { get; } = [];

    public int TokenFetches => _tokens;

    public Func<int, HttpResponseMessage> Token { get; set; } = n => Json($$"""{"access_token":"t{{n}}","expires_in":7200}""");

    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Answer { get; set; } =
        (_, _) => Task.FromResult(Json("""{"errcode":0,"errmsg":"ok"}"""));

    public static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public void Answers(string body, HttpStatusCode status = HttpStatusCode.OK) => Answer = (_, _) => Task.FromResult(Json(body, status));

    /// <summary>The same client with another limit.</summary>
    public OfficialAccountApi Within(TimeSpan timeout) => new(Transport(new HttpClient(this), Options with { Timeout = timeout }));

    /// <summary>Other clients on the same tokens and gates.</summary>
    public WeChatTransport Transport(HttpClient http, WeChatApiOptions options) => new(http, Tokens, Gates, options, Time);

    public Task<ApiResult> Send(string content = "你好") => Api.CustomSend(Account, new CustomText("o1", content));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        lock (Calls) Calls.Add((path, request.RequestUri.Query, body));
        return path.EndsWith("/cgi-bin/stable_token", StringComparison.Ordinal) || path.EndsWith("/cgi-bin/gettoken", StringComparison.Ordinal)
            ? Token(Interlocked.Increment(ref _tokens))
            : await Answer(request, cancellationToken);
    }
}
