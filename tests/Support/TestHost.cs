using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;
using CrmServerless.Local.Hosting;
using CrmServerless.Local.Sqlite;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Crypto;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrmServerless.Tests.Support;

/// <summary>The real local host on a free port, and a WeChat that signs and encrypts for it.</summary>
public sealed class TestHost : IAsyncDisposable
{
    private static long lastMsgId = 1_000_000;

    private readonly WebApplication app;
    private readonly TimeProvider clock;

    private readonly AccountBook book;

    private TestHost(WebApplication app, TimeProvider clock, AccountBook book)
    {
        (this.app, this.clock, this.book) = (app, clock, book);
        var wire = new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 512 };
        Http = new HttpClient(wire) { BaseAddress = LocalHost.Address(app), Timeout = Patience.Limit };
    }

    /// <summary>Accounts of a test host that names no others: one drops locations, one keeps them, one has its days for itself.</summary>
    public static AccountBook Accounts { get; } = new([Named("main", 1), Named("keep", 2) with { Location = LocationPolicy.Keep }, Named("story", 3)]);

    public HttpClient Http { get; }

    public SqliteBus Bus => Get<SqliteBus>();

    public IDocuments Spill => app.Services.GetRequiredKeyedService<IDocuments>(CrmServices.SpillStore);

    public static async Task<TestHost> Start(
        string folder, TimeProvider? clock = null, Action<IServiceCollection>? configure = null, AccountBook? accounts = null, string url = "http://127.0.0.1:0")
    {
        clock ??= SlowClock.Instance;
        var options = new LocalOptions { Urls = url, Data = folder };
        var settings = new LocalSettings(accounts ?? Accounts, new AlertOptions("王店长"), "test");
        return new TestHost(await LocalHost.Start(options, settings, clock, services =>
        {
            services.AddLogging(logging => logging.ClearProviders());
            BePatient(services);
            configure?.Invoke(services);
        }), clock, settings.Accounts);
    }

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public static string NewOpenId() => "oTest" + Interlocked.Increment(ref lastMsgId).ToString(CultureInfo.InvariantCulture);

    public static long NewMsgId() => Interlocked.Increment(ref lastMsgId);

    /// <summary>Delivers a callback as WeChat does; encrypted anew on every call.</summary>
    public Task<HttpResponseMessage> Deliver(string payload, string account = "main") => Http.SendAsync(Sealed(payload, account));

    /// <summary>Delivers a callback that must be accepted.</summary>
    public async Task Accept(string payload, string account = "main")
    {
        using var response = await Deliver(payload, account);
        Assert.Equal("success", await response.Content.ReadAsStringAsync());
    }

    public Task Text(string openId, string content, string account = "main") => Accept(Xml.Text(openId, content, NewMsgId(), Now), account);

    public HttpRequestMessage Sealed(string payload, string account = "main", string? receiveId = null, DateTimeOffset? at = null, string? token = null)
    {
        var known = book.Find(account)!;
        return Signed(account, MessageCipher.Encrypt(known.EncodingAesKey, payload, receiveId ?? known.ReceiveId), at, token);
    }

    public HttpRequestMessage Signed(string account, string encrypt, DateTimeOffset? at = null, string? token = null)
    {
        token ??= book.Find(account)!.Token;
        var timestamp = (at ?? Now).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = NewMsgId().ToString(CultureInfo.InvariantCulture);
        var query = $"signature={CallbackSignature.Compute(token, timestamp, nonce)}&timestamp={timestamp}&nonce={nonce}"
            + $"&encrypt_type=aes&msg_signature={CallbackSignature.Compute(token, timestamp, nonce, encrypt)}";
        return new HttpRequestMessage(HttpMethod.Post, $"/api/wechat/{account}?{query}")
        {
            Content = new StringContent(Xml.Envelope(encrypt), Encoding.UTF8, "text/xml"),
        };
    }

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Until every stage has done everything.</summary>
    public Task Idle() => Bus.WhenIdle(default).InTime();

    public async Task<JsonElement> GetJson(string path)
    {
        using var response = await Http.GetAsync(path);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<(int Status, JsonElement Json)> Send(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), new MediaTypeHeaderValue("application/json"));
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default);
    }

    public async Task<Customer> Customer(string openId, string account = "main") =>
        (await Get<CustomerFiles>().Read(Keys.Customer(account, openId), default))!.Customer;

    public async Task<List<JsonElement>> Timeline(string key) => Items(await GetJson($"/api/customers/{key}/timeline?take=200"));

    public async Task<List<JsonElement>> Outbox(string openId) => Items(await GetJson($"/simulator/outbox?openid={openId}"));

    public static List<JsonElement> Items(JsonElement list) => [.. list.GetProperty("items").EnumerateArray()];

    /// <summary>Stops in good order, as Ctrl-C does.</summary>
    public Task Stop() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }

    // The limits of seconds that no clock of ours measures: of calls to WeChat, of a stop, and of the server, which ends a
    // connection in use or not. A machine that is too busy for them is no fault of the host's.
    private static void BePatient(IServiceCollection services) => services
        .Replace(ServiceDescriptor.Singleton(new WeChatApiOptions { Timeout = TimeSpan.FromMinutes(1) }))
        .Replace(ServiceDescriptor.Singleton(new FailureOptions { StopGrace = TimeSpan.FromMinutes(1) }))
        .Configure<HostOptions>(host => host.ShutdownTimeout = Patience.Limit)
        .Configure<KestrelServerOptions>(kestrel =>
        {
            (kestrel.Limits.RequestHeadersTimeout, kestrel.Limits.KeepAliveTimeout) = (Patience.Limit, 2 * Patience.Limit);
            (kestrel.Limits.MinRequestBodyDataRate, kestrel.Limits.MinResponseDataRate) = (null, null);
        });

    private static Account Named(string name, int n) => World.Account with { Name = name, AppId = $"wx{n:D16}", OriginalId = "gh_test" };
}
