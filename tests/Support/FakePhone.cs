using System.Net;
using System.Text;
using System.Text.Json;

namespace CrmServerless.Tests.Support;

/// <summary>
/// Plays api.weixin.qq.com and, behind it, the customers' phones. It outlives every process: the impartial witness of how
/// often a customer was messaged.
/// </summary>
public sealed class FakePhone
{
    private readonly Lock gate = new();
    private readonly List<(string OpenId, string Text)> arrived = [];

    /// <summary>What arrived, oldest first: text, or the title of the article.</summary>
    public IReadOnlyList<(string OpenId, string Text)> Arrived
    {
        get
        {
            lock (gate) return [.. arrived];
        }
    }

    /// <summary>WeChat's errcode for the next sends; 0 lets them through.</summary>
    public int ErrCode { get; set; }

    /// <summary>The way from one process to WeChat. Act: <c>call custom/send</c>.</summary>
    public HttpClient Line(Fate fate) => new(new Wire(this, fate));

    private string Take(string body)
    {
        if (ErrCode != 0) return $$"""{"errcode":{{ErrCode}},"errmsg":"refused"}""";
        using var json = JsonDocument.Parse(body);
        var message = json.RootElement;
        var text = message.TryGetProperty("text", out var t)
            ? t.GetProperty("content").GetString()!
            : message.GetProperty("news").GetProperty("articles")[0].GetProperty("title").GetString()!;
        lock (gate) arrived.Add((message.GetProperty("touser").GetString()!, text));
        return """{"errcode":0,"errmsg":"ok"}""";
    }

    private sealed class Wire(FakePhone phone, Fate fate) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            if (path.EndsWith("/stable_token", StringComparison.Ordinal)) return Json("""{"access_token":"t","expires_in":7200}""");
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            return Json(await fate.Do("call " + path["/cgi-bin/message/".Length..], () => Task.FromResult(phone.Take(body))));
        }

        private static HttpResponseMessage Json(string body) =>
            new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }
}
