using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using System.Text.Json;
using CrmServerless.Azure.Hosting;
using CrmServerless.Functions;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Crypto;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrmServerless.Tests.Azure.App;

/// <summary>
/// Calls over a real Kestrel that has routed them to a function already, as the worker does it: each must reach the
/// shared endpoints once, with their own route values, and its answer must go out unchanged.
/// </summary>
public sealed class HttpTriggersTests : IAsyncLifetime, IDisposable
{
    private readonly AppParts parts = new();
    private readonly List<string> invoked = [];
    private readonly List<Exception> faults = [];
    private int ended;
    private WebApplication app = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        parts.AddTo(builder.Services);
        builder.Services.AddSingleton<HttpHandOver>();
        builder.Services.AddMvcCore();
        app = builder.Build();
        var prefix = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "host.json")))
            .RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString();
        var triggers = new HttpTriggers(app.Services.GetRequiredService<HttpHandOver>());
        foreach (var function in typeof(HttpTriggers).GetMethods().Where(m => m.GetCustomAttribute<FunctionAttribute>() is not null))
        {
            var trigger = function.GetParameters()[0].GetCustomAttribute<HttpTriggerAttribute>()!;
            Assert.Equal(AuthorizationLevel.Anonymous, trigger.AuthLevel);
            app.MapMethods($"/{prefix}/{trigger.Route}", trigger.Methods!, async call =>
            {
                lock (invoked) invoked.Add(function.Name);
                Assert.True(invoked.Count < 10, "A call runs the function again and again.");
                try
                {
                    var result = await (Task<IActionResult>)function.Invoke(triggers, [call.Request])!;
                    Assert.IsType<EmptyResult>(result);
                    await result.ExecuteResultAsync(new ActionContext { HttpContext = call });
                }
                catch (Exception e)
                {
                    faults.Add(e);
                    throw;
                }
                finally
                {
                    Interlocked.Increment(ref ended);
                }
            });
        }

        await app.StartAsync();
        http = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = Patience.Limit };
    }

    [Fact]
    public async Task A_signed_callback_is_acknowledged_and_on_the_bus()
    {
        var sealedCall = Sealed.Of(Some.Account, Xml.Text(Some.OpenId, "我要维权", 1, SlowClock.Instance.GetUtcNow()), SlowClock.Instance.GetUtcNow());
        var query = sealedCall.Query;
        using var content = new ByteArrayContent(sealedCall.Body);
        using var response = await http.PostAsync(
            new Uri($"/api/wechat/main?signature={query.Signature}&timestamp={query.Timestamp}&nonce={query.Nonce}&msg_signature={query.MsgSignature}", UriKind.Relative), content);
        Assert.Equal("success", await response.Content.ReadAsStringAsync());
        Assert.Equal(Some.Key, Assert.Single(parts.Bus.Facts).Key);
        Assert.Equal(["Receive"], invoked);
    }

    [Fact]
    public async Task The_consoles_verification_is_echoed_as_plain_text()
    {
        var timestamp = SlowClock.Instance.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = CallbackSignature.Compute(Some.Account.Token, timestamp, "n");
        using var response = await http.GetAsync(new Uri($"/api/wechat/main?signature={signature}&timestamp={timestamp}&nonce=n&echostr=4711", UriKind.Relative));
        Assert.Equal("4711", await response.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("POST", "/api/wechat/nobody", 404, "Receive")]
    [InlineData("POST", "/api/wechat/main", 400, "Receive")]
    [InlineData("GET", "/api/open/r/x", 404, "Open")]
    [InlineData("GET", "/api/nothing/here", 404, "Api")]
    [InlineData("GET", "/api/health", 401, "Api")]
    [InlineData("PUT", "/api/rules/tags/x", 401, "Api")]
    public async Task Refusals_keep_their_status(string method, string path, int status, string function)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await http.SendAsync(request);
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal([function], invoked);
    }

    [Fact]
    public async Task Operators_reach_the_endpoints_with_their_own_route_values()
    {
        var report = await Ask("/api/reports/main/2026-03-01", "Viewer");
        Assert.Equal(("main", "2026-03-01"), (report.GetProperty("account").GetString(), report.GetProperty("date").GetString()));
        Assert.Equal("azure", (await Ask("/api/health", "Viewer")).GetProperty("mode").GetString());
        Assert.Equal(403, (await Ask("/api/deadletters/x/drop", "Viewer", "POST")).GetProperty("status").GetInt32());
        Assert.Equal(404, (await Ask("/api/deadletters/x/drop", "Agent", "POST")).GetProperty("status").GetInt32());
        Assert.Equal(4, invoked.Count);
    }

    [Fact]
    public async Task A_caller_that_hangs_up_ends_the_function_without_a_fault()
    {
        using (await Call("POST /api/wechat/main HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n<xml>"u8.ToArray())) await Until(() => invoked.Count == 1);
        await Until(() => ended == 1);
        Assert.Empty(faults);
        Assert.Empty(parts.Bus.Facts);
    }

    [Fact]
    public async Task A_callback_is_kept_though_its_caller_hangs_up_while_the_bus_is_waited_for()
    {
        var (reached, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        parts.Bus.Before = () =>
        {
            reached.SetResult();
            return gate.Task;
        };
        var (query, body) = Sealed.Of(Some.Account, Xml.Text(Some.OpenId, "我要维权", 1, SlowClock.Instance.GetUtcNow()), SlowClock.Instance.GetUtcNow());
        var head = $"POST /api/wechat/main?signature={query.Signature}&timestamp={query.Timestamp}&nonce={query.Nonce}&msg_signature={query.MsgSignature} HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n";
        using (await Call([.. Encoding.ASCII.GetBytes(head), .. body])) await reached.Task.InTime();
        await Task.Delay(50); // for the server to hear of it
        gate.SetResult();
        await Until(() => ended == 1);
        Assert.Empty(faults);
        Assert.Equal(Some.Key, Assert.Single(parts.Bus.Facts).Key);
    }

    public void Dispose() => http.Dispose();

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        await parts.DisposeAsync();
    }

    private async Task<TcpClient> Call(byte[] request)
    {
        var caller = new TcpClient();
        await caller.ConnectAsync(http.BaseAddress!.Host, http.BaseAddress.Port);
        await caller.GetStream().WriteAsync(request);
        return caller;
    }

    private static async Task Until(Func<bool> happened)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!happened()) await Task.Delay(1, limit.Token);
    }

    private async Task<JsonElement> Ask(string path, string role, string method = "GET")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var principal = $$"""{"auth_typ":"aad","name_typ":"name","role_typ":"roles","claims":[{"typ":"name","val":"李店长"},{"typ":"roles","val":"{{role}}"}]}""";
        request.Headers.Add("X-MS-CLIENT-PRINCIPAL", Convert.ToBase64String(Encoding.UTF8.GetBytes(principal)));
        using var response = await http.SendAsync(request);
        return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;
    }
}
