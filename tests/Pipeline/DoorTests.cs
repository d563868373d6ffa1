using System.Net;
using System.Text;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Tests.Pipeline;

/// <summary>What is refused at <c>/api/wechat</c>: always the same few bytes, whatever was wrong.</summary>
public sealed class DoorTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly TestHost host = shared.Host;

    private string Payload => Xml.Text(TestHost.NewOpenId(), "SECRET-CONTENT", TestHost.NewMsgId(), host.Now);

    [Fact]
    public Task A_wrong_token_is_refused() => Refused(403, host.Sealed(Payload, token: "othertoken"));

    [Theory]
    [InlineData(-601)]
    [InlineData(601)]
    public Task A_stale_or_early_time_is_refused(int seconds) => Refused(403, host.Sealed(Payload, at: host.Now.AddSeconds(seconds < 0 ? seconds - 5 : seconds + 5)));

    [Theory]
    [InlineData(-590)]
    [InlineData(590)]
    public async Task A_time_within_ten_minutes_is_accepted(int seconds)
    {
        using var response = await host.Http.SendAsync(host.Sealed(Payload, at: host.Now.AddSeconds(seconds)));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public Task A_callback_for_another_appid_is_refused() => Refused(403, host.Sealed(Payload, receiveId: "wx9999999999999999"));

    [Fact]
    public Task A_ciphertext_under_another_key_is_refused() => Refused(403,
        host.Signed("main", MessageCipher.Encrypt(EncodingAesKey.Parse(new string('z', 43)), Payload, TestHost.Accounts.Find("main")!.AppId)));

    [Theory]
    [InlineData("AAAA")]
    [InlineData("not base64 !")]
    [InlineData("")]
    public async Task A_signed_ciphertext_that_is_none_is_refused(string encrypt)
    {
        using var response = await host.Http.SendAsync(host.Signed("main", encrypt));
        await Uniform(encrypt.Length == 0 ? 400 : 403, response);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("{\"Encrypt\":\"x\"")]
    [InlineData("[{\"Encrypt\":\"x\"}]")]
    [InlineData("{\"Encrypt\":\"x\",\"Encrypt\":\"y\"}")]
    [InlineData("<xml><Encrypt>x</xml>")]
    [InlineData("<xml><ToUserName>gh</ToUserName></xml>")]
    [InlineData("<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><xml><Encrypt>&e;</Encrypt></xml>")]
    [InlineData("<soap><Encrypt>x</Encrypt></soap>")]
    [InlineData("<xml><Encrypt>x</Encrypt><Encrypt>y</Encrypt></xml>")]
    public Task A_malformed_envelope_is_refused(string body)
    {
        var request = host.Sealed(Payload);
        request.Content = new StringContent(body, Encoding.UTF8, "text/xml");
        return Refused(400, request);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_body_over_128_KiB_is_refused_with_and_without_a_length(bool announced)
    {
        var request = host.Sealed(Payload);
        var bytes = Encoding.UTF8.GetBytes("<xml><Encrypt>" + new string('A', 128 * 1024) + "</Encrypt></xml>");
        request.Content = announced ? new ByteArrayContent(bytes) : new StreamContent(new Unannounced(bytes));
        return Refused(413, request);
    }

    [Fact]
    public async Task An_unknown_account_is_not_found()
    {
        var request = host.Sealed(Payload);
        request.RequestUri = new Uri(request.RequestUri!.ToString().Replace("/main", "/nobody", StringComparison.Ordinal), UriKind.Relative);
        await Refused(404, request);
        await Refused(404, new HttpRequestMessage(HttpMethod.Get, "/api/wechat/nobody?echostr=SECRET-CONTENT"));
        await Refused(404, new HttpRequestMessage(HttpMethod.Get, "/api/wechat/..%2f..%2fetc?echostr=SECRET-CONTENT"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?timestamp=abc&nonce=1&msg_signature=x")]
    [InlineData("?timestamp=99999999999999999999999&nonce=1&msg_signature=x")]
    [InlineData("?timestamp=-1&nonce=1&signature=0000000000000000000000000000000000000000&msg_signature=0000000000000000000000000000000000000000")]
    public async Task A_query_that_lacks_or_garbles_something_is_refused(string query)
    {
        var request = host.Sealed(Payload);
        request.RequestUri = new Uri("/api/wechat/main" + query, UriKind.Relative);
        await Refused(403, request);
        await Refused(403, new HttpRequestMessage(HttpMethod.Get, "/api/wechat/main" + query));
    }

    [Fact]
    public async Task The_console_verifies_the_address()
    {
        const string echo = "4375120948345356249<script>alert(1)</script>";
        using var response = await host.Http.GetAsync(Verification("main", host.Now, echo));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal(echo, await response.Content.ReadAsStringAsync());

        using var wrong = await host.Http.GetAsync(Verification("main", host.Now, echo).Replace("signature=", "signature=0", StringComparison.Ordinal));
        await Uniform(403, wrong);
        using var stale = await host.Http.GetAsync(Verification("main", host.Now.AddHours(-1), echo));
        await Uniform(403, stale);
    }

    [Fact]
    public async Task Nothing_refused_leaves_a_trace_in_the_pipeline()
    {
        var customer = TestHost.NewOpenId();
        await Refused(403, host.Sealed(Xml.Text(customer, "SECRET-CONTENT", 1, host.Now), token: "othertoken"));
        await host.Idle();
        using var response = await host.Http.GetAsync($"/api/customers/main:{customer}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static string Verification(string account, DateTimeOffset at, string echo)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var signature = CallbackSignature.Compute(TestHost.Accounts.Find(account)!.Token, timestamp, "n1");
        return $"/api/wechat/{account}?signature={signature}&timestamp={timestamp}&nonce=n1&echostr={Uri.EscapeDataString(echo)}";
    }

    private async Task Refused(int status, HttpRequestMessage request)
    {
        using var response = await host.Http.SendAsync(request);
        await Uniform(status, response);
    }

    private static async Task Uniform(int status, HttpResponseMessage response)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("refused", await response.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.DoesNotContain(response.Headers, h => h.Key is "Server" or "Set-Cookie");
    }

    /// <summary>A body whose length the client does not say.</summary>
    private sealed class Unannounced(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
