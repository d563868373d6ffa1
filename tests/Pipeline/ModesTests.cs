using System.Globalization;
using System.Net;
using System.Text;
using CrmServerless.Crm.Accounts;
using CrmServerless.Tests.Local;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Crypto;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrmServerless.Tests.Pipeline;

/// <summary>The modes of the console and WeCom's calls, over HTTP.</summary>
public sealed class ModesTests : IAsyncLifetime, IDisposable
{
    private static readonly AccountBook Accounts = new(
    [
        World.Account with { Name = "safe" },
        World.Account with { Name = "compatible", Mode = CallbackMode.Compatible },
        World.Account with { Name = "plain", Mode = CallbackMode.Plaintext },
        World.Account with { Name = "plain-too", Mode = CallbackMode.Plaintext },
        World.Account with { Name = "wecom", Kind = AccountKind.WeCom, AppId = "ww0123456789abcdef", AgentId = 218 },
        World.Account with { Name = "suite", Kind = AccountKind.WeComSuite, AppId = "ww0123456789abcdef" },
    ]);

    private readonly TempFolder folder = new();
    private readonly List<string> warnings = [];
    private TestHost host = null!;

    public async Task InitializeAsync() => host = await TestHost.Start(
        folder.File("data"), null, services => services.AddSingleton<ILoggerProvider>(new Lines(warnings)), Accounts);

    public Task DisposeAsync() => host.DisposeAsync().AsTask();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Of_a_compatible_callback_the_plain_half_is_not_read()
    {
        var (customer, forged) = (TestHost.NewOpenId(), TestHost.NewOpenId());
        var request = host.Sealed(Xml.Text(customer, "真的", TestHost.NewMsgId(), host.Now), "compatible");
        var sealedBody = await request.Content!.ReadAsStringAsync();
        var encrypt = sealedBody[sealedBody.IndexOf("<Encrypt>", StringComparison.Ordinal)..];
        request.Content = Body(Xml.Text(forged, "伪造", TestHost.NewMsgId(), host.Now).Replace("</xml>", encrypt, StringComparison.Ordinal));
        await Is(200, "success", request);

        await host.Idle();
        Assert.Equal("真的", (await host.Timeline($"compatible:{customer}"))[^1].GetProperty("text").GetString());
        Assert.Equal(404, (await host.Send(HttpMethod.Get, $"/api/customers/compatible:{forged}")).Status);
    }

    [Fact]
    public async Task A_plain_callback_is_accepted_where_the_account_says_so_and_nowhere_else()
    {
        var customer = TestHost.NewOpenId();
        var payload = Xml.Text(customer, "明文", TestHost.NewMsgId(), host.Now);
        await Is(200, "success", Plain("plain", payload));
        await Is(200, "success", Plain("plain", payload)); // WeChat's retry
        await Is(403, "refused", Plain("plain", payload, token: "other"));
        await Is(400, "refused", Plain("safe", payload));
        await Is(400, "refused", Plain("compatible", payload));
        await Is(400, "refused", Plain("wecom", payload));
        await host.Idle();
        Assert.Equal(1, (await host.Customer(customer, "plain")).In["oa.message.text"]);
    }

    [Fact]
    public void One_warning_at_the_start_names_the_accounts_whose_bodies_nobody_signs() =>
        Assert.Contains("plain, plain-too", Assert.Single(warnings, w => w.Contains("not signed", StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public async Task WeCom_verifies_the_address_and_gets_the_bare_plaintext()
    {
        // Until the Base64 has a '+', which a query parser would read as a space.
        string echo;
        do echo = MessageCipher.Encrypt(World.Account.EncodingAesKey, "1616140317555161061", "ww0123456789abcdef");
        while (!echo.Contains('+', StringComparison.Ordinal));

        foreach (var sent in new[] { Uri.EscapeDataString(echo), echo, echo.Replace("+", "%20", StringComparison.Ordinal) })
        {
            using var response = await host.Http.GetAsync(Verification(echo, sent));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("1616140317555161061"u8.ToArray(), await response.Content.ReadAsByteArrayAsync());
        }

        await Is(403, "refused", new HttpRequestMessage(HttpMethod.Get, Verification(echo, Uri.EscapeDataString(echo)).Replace("msg_signature", "signature", StringComparison.Ordinal)));
        var foreign = MessageCipher.Encrypt(World.Account.EncodingAesKey, "1616140317555161061", "ww0000000000000000");
        await Is(403, "refused", new HttpRequestMessage(HttpMethod.Get, Verification(foreign, Uri.EscapeDataString(foreign))));
    }

    [Fact]
    public async Task WeCom_is_acknowledged_by_nothing_at_all()
    {
        var payload = Xml.Write("zhangsan", host.Now, "text", $"<Content>在吗</Content><MsgId>{TestHost.NewMsgId()}</MsgId><AgentID>218</AgentID>");
        using var response = await host.Deliver(payload, "wecom");
        Assert.Equal((HttpStatusCode.OK, 0L), (response.StatusCode, response.Content.Headers.ContentLength));
        await Is(403, "refused", host.Sealed(payload, "wecom", receiveId: ""));
    }

    [Fact] // developer.work.weixin.qq.com/document/path/97172
    public async Task A_suites_commands_are_acknowledged_by_the_word_and_its_data_by_nothing()
    {
        using var command = await host.Deliver("<xml><SuiteId>ww0123456789abcdef</SuiteId><AuthCorpId>wwcorp</AuthCorpId><InfoType>change_contact</InfoType><TimeStamp>1772416790</TimeStamp><ChangeType>update_user</ChangeType><UserID>zhangsan</UserID></xml>", "suite");
        Assert.Equal("success", await command.Content.ReadAsStringAsync());
        var payload = Xml.Write("zhangsan", host.Now, "text", $"<Content>在吗</Content><MsgId>{TestHost.NewMsgId()}</MsgId><AgentID>218</AgentID>");
        using var data = await host.Http.SendAsync(host.Sealed(payload, "suite", receiveId: "wwe17d1c563ee10f68"));
        Assert.Equal((HttpStatusCode.OK, 0L), (data.StatusCode, data.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task The_simulator_delivers_in_every_mode()
    {
        foreach (var account in new[] { "safe", "compatible", "plain" })
        {
            var customer = TestHost.NewOpenId();
            var (status, result) = await host.Send(HttpMethod.Post, "/simulator/phone", new { account, openid = customer, act = "text", text = "在吗 ]]>" });
            Assert.Equal((200, true), (status, result.GetProperty("deliveries")[0].GetProperty("accepted").GetBoolean()));
            await host.Idle();
            Assert.Equal("在吗 ]]>", (await host.Timeline($"{account}:{customer}"))[^1].GetProperty("text").GetString());
        }
    }

    private string Verification(string echo, string sent)
    {
        var time = host.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"/api/wechat/wecom?msg_signature={CallbackSignature.Compute(World.Account.Token, time, "n", echo)}&timestamp={time}&nonce=n&echostr={sent}";
    }

    private HttpRequestMessage Plain(string account, string payload, string? token = null)
    {
        var time = host.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = CallbackSignature.Compute(token ?? World.Account.Token, time, "486452656");
        return new HttpRequestMessage(HttpMethod.Post, $"/api/wechat/{account}?signature={signature}&timestamp={time}&nonce=486452656&openid=o") { Content = Body(payload) };
    }

    private async Task Is(int status, string body, HttpRequestMessage request)
    {
        using var response = await host.Http.SendAsync(request);
        Assert.Equal((status, body), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    private static StringContent Body(string xml) => new(xml, Encoding.UTF8, "text/xml");

    /// <summary>The warnings, as lines.</summary>
    private sealed class Lines(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines) lines.Add(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
