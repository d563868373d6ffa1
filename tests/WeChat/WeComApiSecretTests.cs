using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.WeCom;

namespace CrmServerless.Tests.WeChat;

/// <summary>The token stands in every address: no call of the client tells it, nor the secret, to anybody who listens, over a real connection.</summary>
public sealed class WeComApiSecretTests : IDisposable
{
    private const string Token = "tok-7f3a9c-not-to-be-told";

    // What a customer's event is answered with is a secret as well, and so is what is said.
    private static readonly string[] Secrets = [Token, FakeWeChat.Company.Secret, "CALLBACK_CODE", "CHAT_KEY", "你的快递已到"];

    private readonly ConcurrentQueue<string> _told = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly HttpClient _http = new();
    private HttpListener _server = new();
    private readonly ActivityListener _spans;
    private readonly MeterListener _meters = new();
    private Func<HttpResponseMessage> _answer = () => FakeWeChat.Json("{}");

    public WeComApiSecretTests()
    {
        _spans = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => _told.Enqueue(
                $"{span.Source.Name} {span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Events.SelectMany(e => e.Tags))}"),
        };
        ActivitySource.AddActivityListener(_spans);
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Measured(instrument, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Measured(instrument, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Measured(instrument, tags));
        _meters.Start();
    }

    public void Dispose()
    {
        _server.Close();
        _http.Dispose();
        _spans.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task No_span_no_figure_no_result_and_no_exception_tells_a_token_or_a_secret()
    {
        using var wechat = new FakeWeChat { Token = _ => FakeWeChat.Json($$"""{"errcode":0,"access_token":"{{Token}}","expires_in":7200}""") };
        var api = new WeComApi(wechat.Transport(_http, wechat.Options with { WeComBase = Listen() }));
        var serving = Serve();
        foreach (var (name, call) in WeComApiCalls.All)
        {
            _answer = WeComApiSample.Read(name).Answer;
            Told(await call.Make(api));
        }

        // Refused, renewed and refused again, not understood, broken; then nobody is there, and then nobody waits.
        foreach (var body in (string[])["""{"errcode":40001,"errmsg":"invalid credential"}""", """{"errcode":42001,"errmsg":"expired"}""", "<html/>"])
        {
            _answer = () => FakeWeChat.Json(body);
            Told(await api.GetApiDomainIp(FakeWeChat.Company));
        }

        _answer = () => FakeWeChat.Json("<html/>", HttpStatusCode.BadGateway);
        Told(await api.GetApiDomainIp(FakeWeChat.Company));
        _server.Close();
        await serving;
        Told(await api.UserGet(FakeWeChat.Company, "zhangsan"));
        _told.Enqueue((await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => api.UserGet(FakeWeChat.Company, "zhangsan", new CancellationToken(canceled: true)))).ToString());

        // It was really sent, and somebody did listen.
        Assert.True(_asked.Count(address => address.Contains(Token, StringComparison.Ordinal)) > WeComApiCalls.All.Count);
        foreach (var heard in (string[])["cgi-bin/message/send", "crm.wechat.calls", "http.client.request.duration"])
            Assert.Contains(_told, text => text.Contains(heard, StringComparison.Ordinal));
        Assert.All(_told, text => Assert.All(Secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal)));
    }

    private void Told(ApiResult result)
    {
        _told.Enqueue($"{result} {result.ErrMsg}");
        if (result.GetType().GetProperty("Value")?.GetValue(result) is { } value) _told.Enqueue($"{value}");
    }

    private void Measured(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _told.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray())}");

    private Uri Listen()
    {
        // The listener has to be told a port, so a free one is found first; somebody else may be faster.
        for (var attempt = 1; ; attempt++)
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
            free.Stop();
            try
            {
                _server.Prefixes.Add(address);
                _server.Start();
                return new Uri(address);
            }
            catch (HttpListenerException) when (attempt < 5)
            {
                _server.Close();
                _server = new HttpListener();
            }
        }
    }

    private async Task Serve()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _server.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _asked.Enqueue(context.Request.RawUrl!);
            await context.Request.InputStream.CopyToAsync(Stream.Null);
            using var answer = _answer();
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType!.ToString();
            if (answer.Content.Headers.ContentDisposition is { } disposition) context.Response.AddHeader("Content-Disposition", disposition.ToString());
            context.Response.Close(await answer.Content.ReadAsByteArrayAsync(), willBlock: true);
        }
    }
}
