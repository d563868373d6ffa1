using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Hosting;
using CrmServerless.Local.Simulator;
using CrmServerless.Local.Simulator.Front;
using CrmServerless.Local.Simulator.OfficialAccount;
using CrmServerless.Local.Simulator.WeCom;
using CrmServerless.Tests.Support;
using CrmServerless.WeChat.Crypto;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Local.Simulator;

/// <summary>The simulator without a network and a pipeline, on a clock that stands: 1 June 2026, 10:00 in China.</summary>
internal sealed class SimulatorRig : IDisposable
{
    public const string Main = "main", Other = "other", Work = "work", Second = "second";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TempFolder folder = new();
    private readonly ServiceProvider services;
    private readonly ApiFront officialAccount, weCom;

    public SimulatorRig(int followers = 0, string? data = null)
    {
        var provided = new ServiceCollection();
        provided.AddSingleton<TimeProvider>(Clock);
        provided.AddSingleton(Accounts);
        provided.AddSingleton(new LocalOptions());
        provided.AddSingleton(new Troubles(new TroubleShares()));
        provided.AddSingleton<OwnAddress>();
        provided.AddSimulator(data ?? folder.File("data"), followers);
        services = provided.BuildServiceProvider();
        officialAccount = SimulatorServices.Front(services, Get<OaPlatform>());
        weCom = SimulatorServices.Front(services, Get<WeComPlatform>());
        Get<SimulatorStore>().Ready(default).GetAwaiter().GetResult();
    }

    /// <summary>Two Official Accounts, and two applications of one company.</summary>
    public static AccountBook Accounts { get; } = new(
    [
        Named(Main, AccountKind.OfficialAccount, "wx0000000000000001", null), Named(Other, AccountKind.OfficialAccount, "wx0000000000000002", null),
        Named(Work, AccountKind.WeCom, "ww0000000000000001", 1000001), Named(Second, AccountKind.WeCom, "ww0000000000000001", 1000002),
    ]);

    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 6, 1, 2, 0, 0, TimeSpan.Zero));

    public OaState State => Get<OaAccounts>().Of(Accounts.Find(Main)!);

    public Company Company => Get<Companies>().Of(Accounts.Find(Work)!);

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <summary>A call to api.weixin.qq.com with the account's token; a GET where there is no body.</summary>
    public async Task<Answer> Oa(string path, object? body = null, string account = Main) =>
        await Raw(officialAccount, body is null ? "GET" : "POST", WithToken(path, await OaToken(account)), Bytes(body));

    /// <summary>A call to qyapi.weixin.qq.com with the application's token; a GET where there is no body.</summary>
    public async Task<Answer> Corp(string path, object? body = null, string app = Work) =>
        await Raw(weCom, body is null ? "GET" : "POST", WithToken(path, await CorpToken(app)), Bytes(body));

    public Task<Answer> OaRaw(string method, string path, string? body = null, params (string, string)[] headers) => Raw(officialAccount, method, path, Bytes(body), headers);

    public Task<Answer> CorpRaw(string method, string path, string? body = null, params (string, string)[] headers) => Raw(weCom, method, path, Bytes(body), headers);

    /// <summary>A file for either platform.</summary>
    public async Task<Answer> Upload(string path, byte[] bytes, string account = Main, string field = "media", string? name = "file.bin")
    {
        using var form = new MultipartFormDataContent();
        if (name is null) form.Add(new ByteArrayContent(bytes), field);
        else form.Add(new ByteArrayContent(bytes), field, name);
        var (front, token) = account is Work or Second ? (weCom, await CorpToken(account)) : (officialAccount, await OaToken(account));
        return await Raw(front, "POST", WithToken(path, token), await form.ReadAsByteArrayAsync(), ("Content-Type", form.Headers.ContentType!.ToString()));
    }

    public async Task<string> OaToken(string account = Main, bool force = false)
    {
        var known = Accounts.Find(account)!;
        var answer = await Raw(officialAccount, "POST", "cgi-bin/stable_token", Bytes(new { grant_type = "client_credential", appid = known.AppId, secret = known.Secret, force_refresh = force }));
        return answer.Json.TryGetProperty("access_token", out var token) ? token.GetString()! : throw new InvalidOperationException(answer.Text);
    }

    public async Task<string> CorpToken(string app = Work)
    {
        var known = Accounts.Find(app)!;
        return (await Raw(weCom, "GET", $"cgi-bin/gettoken?corpid={known.AppId}&corpsecret={known.Secret}", null)).Json.GetProperty("access_token").GetString()!;
    }

    /// <summary>Something that a follower does.</summary>
    public void Follower(string openId, string kind, string account = Main) =>
        Get<OaAccounts>().Observe(Accounts.Find(account)!, openId, kind, Clock.GetUtcNow());

    public Task<CompanyResult> Act(CompanyAct act) => Get<CompanyEndpoints>().Do(Accounts.Find(act.Account)!, act, default);

    public void Profile(ProfileOrder order) => Get<ProfileEndpoints>().Apply(order);

    /// <summary>The events that were told since the last look.</summary>
    public List<(string Account, string Xml)> Callbacks()
    {
        var told = new List<(string, string)>();
        while (Get<CallbackQueue>().Reader.TryRead(out var callback)) told.Add((callback.Account.Name, callback.Xml));
        return told;
    }

    public async Task<IReadOnlyList<PhoneMessage>> Phone(string id, bool staff = false) => await Get<PhoneOutbox>().Read(id, 200, default, staff);

    public static byte[] Bytes(object? body) => body switch
    {
        null => [],
        string text => Encoding.UTF8.GetBytes(text),
        _ => JsonSerializer.SerializeToUtf8Bytes(body, Relaxed),
    };

    public void Dispose()
    {
        services.Dispose();
        folder.Dispose();
    }

    private static string WithToken(string path, string token) => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}access_token={token}";

    private async Task<Answer> Raw(ApiFront front, string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        var line = new Line();
        var http = new DefaultHttpContext { RequestServices = services };
        http.Features.Set<IHttpRequestLifetimeFeature>(line);
        var parts = path.Split('?');
        (http.Request.Method, http.Request.Path) = (method, front.Platform.Root + parts[0]);
        http.Request.QueryString = new QueryString(parts.Length > 1 ? "?" + parts[1] : "");
        foreach (var (name, value) in headers) http.Request.Headers[name] = value;
        http.Request.Body = new MemoryStream(body ?? []);
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        using var answer = new MemoryStream();
        http.Response.Body = answer;
        await front.Handle(http);
        return new Answer(http.Response.StatusCode, answer.ToArray(), http.Response.ContentType ?? "", line.Cut);
    }

    private static Account Named(string name, AccountKind kind, string appId, int? agent) => new()
    {
        Name = name, Kind = kind, AppId = appId, AgentId = agent, Token = "token", Secret = "secret-of-" + name, OriginalId = "gh_test", EncodingAesKey = EncodingAesKey.Parse(new string('k', 43)),
    };

    /// <summary>Notices that the line was cut.</summary>
    private sealed class Line : IHttpRequestLifetimeFeature
    {
        public bool Cut { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => Cut = true;
    }
}

/// <param name="Status">HTTP status.</param>
/// <param name="Bytes">The body.</param>
/// <param name="ContentType">What the body is said to be.</param>
/// <param name="Cut">There was no answer: the line was cut.</param>
internal sealed record Answer(int Status, byte[] Bytes, string ContentType, bool Cut)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    /// <summary>The errcode; 0 where none is said.</summary>
    public int Code => Json.TryGetProperty("errcode", out var code) ? code.GetInt32() : 0;

    public string this[string name] => Json.GetProperty(name).ToString();
}
