using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;
using CrmServerless.WeChat.Api.WeCom;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Tests.WeChat;

/// <summary>A full round of calls, good and bad, over real HTTP, while everything that a process tells of itself is written down: no token and no secret is in it.</summary>
public sealed class NoSecretTests : IAsyncDisposable
{
    private const string Token = "ACCESS+ToKeN/of=tests_81_Xq";
    private const string Secret = "SeCrEt&of=tests/5b1f";
    private const string CorpSecret = "CoRpSeCrEt&of=tests/9c2e";

    private static readonly AccountCredentials Account = new("main", "wx1", Secret);
    private static readonly AccountCredentials Company = new("corp", "ww1", CorpSecret, Channel.WeCom, 1000002);
    private static readonly AccountCredentials Wrong = new("wrong", "wx2", Secret);
    private static readonly AccountCredentials WrongCompany = new("wrong-corp", "ww2", CorpSecret, Channel.WeCom, 1);

    private readonly NoSecretServer server = new();
    private readonly NoSecretServer elsewhere = new();

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await elsewhere.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_that_is_told_has_a_token_or_a_secret()
    {
        using var ears = new NoSecretEars();
        var results = await Round(WeChatHttp.Handler(proxy: false));

        Assert.Empty(elsewhere.Requests);
        // The listeners do hear: our own span, our meter and the runtime's, the network's events, a refused connection.
        foreach (var told in (string[])["span CrmServerless wechat", "crm.api=cgi-bin/externalcontact/list", "meter CrmServerless crm.wechat.calls", "meter System.Net.Http", "event System.Net.Http RequestStart", "exception HttpRequestException"])
            Assert.True(ears.Heard.Any(h => h.Contains(told, StringComparison.Ordinal)), told);
        HasNoSecret(ears.Heard);
        HasNoSecret(results.SelectMany(r => (string[])[r.ErrMsg, r.ToString()]));
        // The client itself makes no span of these calls, and hands nobody a request.
        Assert.DoesNotContain(ears.Heard, h => h.StartsWith("diagnostic", StringComparison.Ordinal) && h.Contains($":{server.Port}/", StringComparison.Ordinal));
        Assert.DoesNotContain(ears.Heard, h => h.StartsWith("span System.Net.Http", StringComparison.Ordinal) && h.Contains($"server.port={server.Port}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_listeners_would_have_heard_a_client_that_tells_addresses()
    {
        using var ears = new NoSecretEars();
        await Round(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
        Assert.Contains(ears.Heard, h => h.StartsWith("span System.Net.Http", StringComparison.Ordinal) && h.Contains($"server.port={server.Port}", StringComparison.Ordinal));
        Assert.Contains(ears.Heard, h => h.StartsWith("diagnostic", StringComparison.Ordinal) && h.Contains(Uri.EscapeDataString(Token), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_redirect_carries_no_token_to_another_host()
    {
        using var http = new HttpClient(WeChatHttp.Handler(proxy: false));
        foreach (var account in (AccountCredentials[])[Account, Company])
        {
            server.Answer = address => address.Contains("token?", StringComparison.Ordinal) || address.EndsWith("token", StringComparison.Ordinal) ? Json($$"""{"access_token":"{{Token}}","expires_in":7200}""") : Redirect(address);
            ApiResult result = account == Account
                ? await new OfficialAccountApi(Transport(http)).UserInfo(account, "o1")
                : await new WeComApi(Transport(http)).ExternalContactList(account, "zhang");
            Assert.Equal((-1, "HTTP 302", ApiFault.Transient, false), (result.ErrCode, result.ErrMsg, result.Fault, result.OutcomeUnknown));
        }

        server.Answer = Redirect;
        Assert.Equal("HTTP 302", (await Transport(http).Call(Company, new ApiRequest("cgi-bin/externalcontact/get_follow_user_list"), default)).Status.ErrMsg);
        Assert.Empty(elsewhere.Requests);
    }

    private static (int, string, string)? Json(string body) => (200, "Content-Type: application/json\r\n", body);

    private static void HasNoSecret(IEnumerable<string> told)
    {
        foreach (var text in told)
            foreach (var secret in (string[])[Token, Secret, CorpSecret])
                foreach (var form in (string[])[secret, Uri.EscapeDataString(secret), System.Net.WebUtility.UrlEncode(secret)])
                    Assert.DoesNotContain(form, text, StringComparison.Ordinal);
    }

    private (int, string, string)? Redirect(string address) => (302, $"Location: {elsewhere.Uri}login{address}\r\n", "<html>moved</html>");

    /// <summary>Both channels; each call meets another fate.</summary>
    private async Task<List<ApiResult>> Round(HttpMessageHandler handler)
    {
        using var http = new HttpClient(handler);
        var transport = Transport(http, out var tokens);
        var (official, company) = (new OfficialAccountApi(transport), new WeComApi(transport));
        var results = new List<ApiResult>();
        foreach (var fate in (Func<string, (int, string, string)?>[])
        [
            _ => Json("""{"errcode":0,"errmsg":"ok"}"""),
            address => (500, "Content-Type: text/html\r\n", $"<html>cannot serve {address}</html>"),
            address => (403, "Content-Type: text/html\r\n", $"<html>forbidden: {address}</html>"),
            address => (200, "Content-Type: text/html\r\n", $"<html>sign in to see {address} ({Token})</html>"),
            address => Json($$"""{"errcode":40058,"errmsg":"invalid parameter, hint: {{address}} {{Token}} {{(address.Contains("externalcontact", StringComparison.Ordinal) ? CorpSecret : Secret)}}"}"""),
            Redirect,
            _ => Json("""{"errcode":40001,"errmsg":"invalid credential"}"""),
            _ => Json("""{"errcode":45009,"errmsg":"quota"}"""),
        ])
        {
            server.Answer = address => address switch
            {
                _ when address.Contains("gettoken", StringComparison.Ordinal) || address.Contains("stable_token", StringComparison.Ordinal) => Json($$"""{"access_token":"{{Token}}","expires_in":7200}"""),
                _ => fate(address),
            };
            results.Add(await official.CustomSend(Account, new CustomText("o1", "你好")));
            results.Add(await official.UserInfo(Account, "o1"));
            results.Add(await company.ExternalContactList(Company, "zhang"));
        }

        server.Answer = address => address.Contains("token?", StringComparison.Ordinal) || address.EndsWith("token", StringComparison.Ordinal) ? Json($$"""{"access_token":"{{Token}}","expires_in":7200}""") : null;
        foreach (var limit in (int[])[1, 100])
        {
            var silence = new WeChatApiOptions { OfficialAccountBase = server.Uri, WeComBase = server.Uri, Timeout = TimeSpan.FromMilliseconds(limit), Retries = 0 };
            var hasty = new WeChatTransport(http, tokens, new ApiGates(new MemoryState(), silence, TimeProvider.System), silence, TimeProvider.System);
            results.Add(await new OfficialAccountApi(hasty).UserInfo(Account, "o1"));
            results.Add(await new WeComApi(hasty).ExternalContactList(Company, "zhang"));
        }

        server.Answer = address => Json($$"""{"errcode":40125,"errmsg":"invalid {{(address.Contains("gettoken", StringComparison.Ordinal) ? CorpSecret : Secret)}} {{address}}"}""");
        results.Add(await company.ExternalContactList(WrongCompany, "zhang"));
        results.Add(await official.UserInfo(Wrong, "o1"));
        // Nobody listens there.
        var nobody = new WeChatApiOptions { OfficialAccountBase = new Uri("http://127.0.0.1:1/"), WeComBase = new Uri("http://127.0.0.1:1/"), Retries = 0 };
        results.Add(await new WeComApi(Transport(http, out _, nobody)).ExternalContactList(Company, "zhang"));
        Assert.Contains(results, r => r.Ok);
        return results;
    }

    private WeChatTransport Transport(HttpClient http) => Transport(http, out _);

    private WeChatTransport Transport(HttpClient http, out TokenCentre tokens, WeChatApiOptions? options = null)
    {
        options ??= new WeChatApiOptions { OfficialAccountBase = server.Uri, WeComBase = server.Uri, Timeout = Patience.Limit, Retries = 0 };
        var shared = new MemoryState();
        tokens = new TokenCentre(http, shared, options, TimeProvider.System);
        return new WeChatTransport(http, tokens, new ApiGates(shared, options, TimeProvider.System), options, TimeProvider.System);
    }
}
