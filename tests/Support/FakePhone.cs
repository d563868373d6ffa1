using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace CrmServerless.Tests.Support;

/// <summary>
/// Plays api.weixin.qq.com and, behind it, the customers' phones. It outlives every process: the impartial witness of how
/// often a customer was messaged, and of the tags that WeChat knows.
/// </summary>
public sealed class FakePhone
{
    private readonly Lock gate = new();
    private readonly List<(string OpenId, string Text)> arrived = [];
    private readonly Dictionary<string, int> tags = new(StringComparer.Ordinal);
    private readonly HashSet<(string OpenId, int Tag)> given = [];
    private int media;

    /// <summary>What arrived, oldest first: text, the title of the article, or type and media id.</summary>
    public IReadOnlyList<(string OpenId, string Text)> Arrived
    {
        get
        {
            lock (gate) return [.. arrived];
        }
    }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>WeChat's errcode for the next sends; 0 lets them through.</summary>
    public int ErrCode { get; set; }

    /// <summary>WeChat's errcode for giving and taking tags.</summary>
    public int TagErrCode { get; set; }

    /// <summary>WeChat does not answer at all, to nothing.</summary>
    public bool Down { get; set; }

    /// <summary>Media ids that WeChat has forgotten.</summary>
    public HashSet<string> Forgotten { get; } = [];

    /// <summary>Media that were uploaded.</summary>
    public int Uploads => media;

    /// <summary>The names of a follower's tags at WeChat, in ordinal order.</summary>
    public IReadOnlyList<string> TagsOf(string openId)
    {
        lock (gate) return [.. tags.Where(t => given.Contains((openId, t.Value))).Select(t => t.Key).Order(StringComparer.Ordinal)];
    }

    /// <summary>Somebody deletes a tag in WeChat's console.</summary>
    public void DeleteTag(string name)
    {
        lock (gate)
            if (tags.Remove(name, out var id)) given.RemoveWhere(g => g.Tag == id);
    }

    /// <summary>The way from one process to WeChat. Acts: <c>call custom/send</c>, <c>call tags/create</c> and so on.</summary>
    public HttpClient Line(Fate fate) => new(new Wire(this, fate));

    private string Answer(string api, string body)
    {
        lock (gate)
        {
            return api switch
            {
                "custom/send" => Take(body),
                "tags/get" => JsonSerializer.Serialize(new { tags = tags.Select(t => new { id = t.Value, name = t.Key, count = 0 }) }),
                "tags/create" => Create(body),
                "tags/members/batchtagging" => Tag(body, give: true),
                "tags/members/batchuntagging" => Tag(body, give: false),
                "clear_quota" => Clear(),
                "media/upload" => string.Create(CultureInfo.InvariantCulture, $$"""{"type":"image","media_id":"media{{++media}}","created_at":{{Clock.GetUtcNow().ToUnixTimeSeconds()}}}"""),
                _ => """{"errcode":48001,"errmsg":"api unauthorized"}""",
            };
        }
    }

    private string Take(string body)
    {
        if (ErrCode != 0) return Error(ErrCode);
        using var json = JsonDocument.Parse(body);
        var message = json.RootElement;
        var type = message.GetProperty("msgtype").GetString()!;
        var content = message.GetProperty(type);
        var text = type switch
        {
            "text" => content.GetProperty("content").GetString()!,
            "news" => content.GetProperty("articles")[0].GetProperty("title").GetString()!,
            "msgmenu" => content.GetProperty("head_content").GetString()!,
            "miniprogrampage" or "link" => content.GetProperty("title").GetString()!,
            _ => $"{type} {content.GetProperty("media_id").GetString()}",
        };
        if (content.TryGetProperty("media_id", out var id) && Forgotten.Contains(id.GetString()!)) return Error(40007);
        arrived.Add((message.GetProperty("touser").GetString()!, text));
        return Error(0);
    }

    private string Clear()
    {
        (ErrCode, TagErrCode) = (0, 0);
        return Error(0);
    }

    private string Create(string body)
    {
        if (TagErrCode != 0) return Error(TagErrCode);
        using var json = JsonDocument.Parse(body);
        var name = json.RootElement.GetProperty("tag").GetProperty("name").GetString()!;
        if (!tags.TryAdd(name, 100 + tags.Count)) return Error(45157);
        return JsonSerializer.Serialize(new { tag = new { id = tags[name], name } });
    }

    private string Tag(string body, bool give)
    {
        if (TagErrCode != 0) return Error(TagErrCode);
        using var json = JsonDocument.Parse(body);
        var id = json.RootElement.GetProperty("tagid").GetInt32();
        if (!tags.ContainsValue(id)) return Error(45159);
        foreach (var openId in json.RootElement.GetProperty("openid_list").EnumerateArray().Select(o => o.GetString()!))
            _ = give ? given.Add((openId, id)) : given.Remove((openId, id));
        return Error(0);
    }

    private static string Error(int code) => string.Create(CultureInfo.InvariantCulture, $$"""{"errcode":{{code}},"errmsg":"as the test says"}""");

    private sealed class Wire(FakePhone phone, Fate fate) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (phone.Down) throw new HttpRequestException(HttpRequestError.ConnectionError, "down");
            var path = request.RequestUri!.AbsolutePath;
            if (path.EndsWith("/stable_token", StringComparison.Ordinal)) return Json("""{"access_token":"t","expires_in":7200}""");
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            var api = path["/cgi-bin/".Length..].Replace("message/", "", StringComparison.Ordinal);
            return Json(await fate.Do("call " + api, () => Task.FromResult(phone.Answer(api, body))));
        }

        private static HttpResponseMessage Json(string body) =>
            new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }
}
