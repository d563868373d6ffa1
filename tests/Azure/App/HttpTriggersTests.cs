using System.Globalization;
using System.Net;
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
                var result = await (Task<IActionResult>)function.Invoke(triggers, [call.Request])!;
                Assert.IsType<EmptyResult>(result);
                await result.ExecuteResultAsync(new ActionContext { HttpContext = call });
            });
        }

        await app.StartAsync();
        http = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = Patience.Limit };
    }

    [Fact]
    public async Task A_signed_callback_is_acknowledged_and_on_the_bus()
    {
        var sealedCall = Sealed.Of(Some.Account, Xml.Text(Some.OpenId, "我要维权", 1, TimeProvider.System.GetUtcNow()), TimeProvider.System.GetUtcNow());
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
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
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

    public void Dispose() => http.Dispose();

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        await parts.DisposeAsync();
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
