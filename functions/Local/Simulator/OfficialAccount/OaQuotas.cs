using System.Globalization;
using System.Text.Json.Nodes;
using CrmServerless.Crm;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// Quotas as the account sees them, and the addresses of WeChat's servers. Rules:
/// developers.weixin.qq.com/doc/service/api/apimanage/api_clearquota.html, api_getapiquota.html.
/// </summary>
public sealed class OaQuotas(OaAccounts all, CallQuotas quotas, AppSecrets secrets) : IOaFamily
{
    /// <summary>Clearings a month.</summary>
    public const int ClearingsAMonth = 10;

    public IEnumerable<Api> Apis =>
    [
        Api.Post("cgi-bin/clear_quota", Fields(Must("appid", Text, 41002)), Clear) with { Daily = 0 },
        Api.Post("cgi-bin/clear_quota/v2", Fields(May("appid", Text), May("appsecret", Text)), ClearBySecret) with { NeedsToken = false, Daily = 0 },
        Api.Post("cgi-bin/openapi/quota/get", Fields(Must("cgi_path", Text, 76003)), Tell) with { Daily = 0 },
        Api.Get("cgi-bin/getcallbackip", Addresses),
        Api.Get("cgi-bin/get_api_domain_ip", Addresses),
    ];

    private Reply Clear(Call call) => call.Body.Text("appid") == call.Account.AppId ? Count(call) : Reply.Error(40013, "invalid appid");

    private Reply ClearBySecret(Call call)
    {
        string? Given(string name) => call.Query(name) ?? call.Body.TextOrNull(name);
        if (Given("appid") is not { } appId) return Reply.Error(41002, "appid missing");
        if (Given("appsecret") is not { } secret) return Reply.Error(41004, "appsecret missing");
        if (appId != call.Account.AppId) return Reply.Error(40013, "invalid appid");
        return secrets.IsOf(call.Account, secret) ? Count(call) : Reply.Error(40125, "invalid appsecret");
    }

    private Reply Count(Call call)
    {
        var (state, month) = (all.Of(call.Account), Shanghai.Day(call.Now).ToString("yyyy-MM", CultureInfo.InvariantCulture));
        var so = state.Clearings.Find(month) ?? new Clearings(month, 0);
        if (so.Count >= ClearingsAMonth) return Reply.Error(48006, "forbid to clear quota because of reaching the limit");
        state.Clearings.Put(so with { Count = so.Count + 1 });
        quotas.Clear(call.Front.Platform, call.Account);
        return Reply.Ok;
    }

    private Reply Tell(Call call)
    {
        var path = call.Body.Text("cgi_path");
        if (!path.StartsWith('/')) return Reply.Error(76003, "cgi_path should start with /");
        if (!call.Front.Apis.TryGetValue(path[1..], out var api)) return Reply.Error(76021, "cgi_path not found, please check");
        var (limit, used) = quotas.Tell(call.Front.Platform, call.Account, api, call.Now);
        return Reply.Done(new JsonObject
        {
            ["quota"] = new JsonObject { ["daily_limit"] = limit, ["used"] = used, ["remain"] = Math.Max(0, limit - used) },
            ["rate_limit"] = new JsonObject { ["call_count"] = api.Minutely, ["refresh_second"] = 60 },
        });
    }

    private static Reply Addresses(Call call) => Reply.Of(new JsonObject { ["ip_list"] = Reply.Texts(["127.0.0.1"]) });
}
