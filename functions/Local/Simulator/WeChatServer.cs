using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Api;
using CrmServerless.Local.Hosting;

namespace CrmServerless.Local.Simulator;

/// <summary>
/// Plays api.weixin.qq.com under <c>/simulator/wechat</c>: stable token, user info and customer-service messages, with
/// WeChat's error codes, always under HTTP 200. Strict: what WeChat refuses is refused here.
/// </summary>
public sealed class WeChatServer(AccountBook accounts, SimulatedFollowers followers, PhoneOutbox outbox, LiveFeed feed, TimeProvider clock)
{
    public const string Path = "/simulator/wechat/";

    private const int MaxBody = 1024 * 1024;
    private const int MaxTextBytes = 2048;
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(2);

    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> tokens = new(StringComparer.Ordinal);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(Path + "cgi-bin/stable_token", StableToken);
        endpoints.MapGet(Path + "cgi-bin/user/info", UserInfo);
        endpoints.MapPost(Path + "cgi-bin/message/custom/send", CustomSend);
    }

    private async Task StableToken(HttpContext http)
    {
        if (await Body(http) is not { } body) return;
        var account = accounts.All.FirstOrDefault(a => a.AppId == Text(body, "appid"));
        if (account is null) await Error(http, 40013, "invalid appid");
        else if (Text(body, "secret") != account.Secret) await Error(http, 40125, "invalid appsecret");
        else
        {
            var now = clock.GetUtcNow();
            var issued = tokens.AddOrUpdate(account.Name, _ => New(now), (_, known) => known.Until - now > TimeSpan.FromMinutes(5) ? known : New(now));
            var seconds = (int)(issued.Until - now).TotalSeconds;
            await Json(http, string.Create(CultureInfo.InvariantCulture, $$"""{"access_token":"{{issued.Token}}","expires_in":{{seconds}}}"""));
        }
    }

    private async Task UserInfo(HttpContext http)
    {
        if (await Account(http) is null) return;
        var openId = http.Query("openid");
        if (openId is null || !IsOpenId(openId))
        {
            await Error(http, 40003, "invalid openid");
            return;
        }

        var follower = followers.Find(openId);
        var json = follower.Subscribed
            ? string.Create(CultureInfo.InvariantCulture, $$"""{"subscribe":1,"openid":"{{openId}}","language":"zh_CN","subscribe_time":{{follower.SubscribedAt.ToUnixTimeSeconds()}},"remark":"","groupid":0,"tagid_list":[],"subscribe_scene":"ADD_SCENE_QR_CODE","qr_scene":0,"qr_scene_str":""}""")
            : $$"""{"subscribe":0,"openid":"{{openId}}"}""";
        await Json(http, json);
    }

    private async Task CustomSend(HttpContext http)
    {
        if (await Account(http) is not { } account || await Body(http) is not { } body) return;
        var (openId, type) = (Text(body, "touser") ?? "", Text(body, "msgtype"));
        var message = Read(account.Name, openId, type, body);
        if (!IsOpenId(openId)) await Error(http, 40003, "invalid openid");
        else if (message is null) await Error(http, 40008, "invalid message type");
        else if (message.Articles?.Count > 1) await Error(http, 45008, "article size out of limit");
        else if (message is { Type: "text", Content: null or "" }) await Error(http, 44004, "empty content");
        else if (Encoding.UTF8.GetByteCount(message.Content ?? "") > MaxTextBytes) await Error(http, 45002, "content size out of limit");
        else if (followers.Take(openId) is var refusal and not 0)
            await Error(http, refusal, refusal == SimulatedFollowers.CountExceeded ? "out of response count limit" : "response out of time limit or subscription is canceled");
        else
        {
            await outbox.Add(message, http.RequestAborted);
            feed.Send("phone", message, SimulatorJson.Types.PhoneMessage);
            await Error(http, 0, "ok");
        }
    }

    private PhoneMessage? Read(string account, string openId, string? type, JsonElement body) => type switch
    {
        "text" when body.TryGetProperty("text", out var text) => new(account, openId, type, Text(text, "content"), null, clock.GetUtcNow()),
        "news" when body.TryGetProperty("news", out var news) && news.TryGetProperty("articles", out var articles) && articles.ValueKind == JsonValueKind.Array =>
            new(account, openId, type, null,
                [.. articles.EnumerateArray().Select(a => new PhoneArticle(Text(a, "title"), Text(a, "description"), Text(a, "url"), Text(a, "picurl")))], clock.GetUtcNow()),
        _ => null,
    };

    private async Task<Account?> Account(HttpContext http)
    {
        var given = http.Query("access_token");
        if (given is null)
        {
            await Error(http, 41001, "access_token missing");
            return null;
        }

        foreach (var (name, token) in tokens)
            if (token.Token == given && token.Until > clock.GetUtcNow()) return accounts.Find(name);
        await Error(http, 40001, "invalid credential, access_token is invalid or not latest");
        return null;
    }

    private static async Task<JsonElement?> Body(HttpContext http)
    {
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        var text = Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)Math.Min(bytes.Length, MaxBody)));
        // WeChat's own word for it: 不能包含 \uxxxx 格式的字符.
        if (text.Contains("\\u", StringComparison.OrdinalIgnoreCase))
        {
            await Error(http, 40033, "invalid charset, \\uxxxx is not allowed");
            return null;
        }

        try
        {
            return JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            await Error(http, 47001, "data format error");
            return null;
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsOpenId(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static (string, DateTimeOffset) New(DateTimeOffset now) => ("sim_" + RandomNumberGenerator.GetHexString(60), now + TokenLife);

    private static Task Error(HttpContext http, int code, string message) =>
        Json(http, string.Create(CultureInfo.InvariantCulture, $$"""{"errcode":{{code}},"errmsg":"{{message.Replace("\\", "\\\\", StringComparison.Ordinal)}}"}"""));

    private static Task Json(HttpContext http, string json)
    {
        http.Response.ContentType = "application/json; encoding=utf-8"; // as WeChat spells it
        return http.Response.WriteAsync(json);
    }
}
