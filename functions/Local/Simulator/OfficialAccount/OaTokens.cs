using System.Text.Json.Nodes;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// <c>token</c> and <c>stable_token</c>, which know nothing of each other. Rules:
/// developers.weixin.qq.com/doc/service/api/base/api_getaccesstoken.html and api_getstableaccesstoken.html.
/// </summary>
public sealed class OaTokens(AppSecrets secrets) : IOaFamily
{
    /// <summary>Forced renewals a day.</summary>
    public const int ForcedADay = 20;

    private static readonly TimeSpan Life = TimeSpan.FromHours(2);
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BetweenForced = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Stable> stable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> plain = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    public IssuedTokens Issued { get; } = new();

    public IEnumerable<Api> Apis =>
    [
        Api.Get("cgi-bin/token", Plain) with { NeedsToken = false, Daily = 2000 },
        Api.Post("cgi-bin/stable_token", Fields(Must("grant_type", Text, 40002), Must("appid", Text, 41002), Must("secret", Text, 41004), May("force_refresh", Flag)), Shared)
            with { NeedsToken = false, Daily = 500_000, Minutely = 10_000 },
    ];

    /// <summary>Ends an account's tokens at once, as the platform may.</summary>
    public void Revoke(string account, DateTimeOffset now)
    {
        Issued.VoidAll(account, now);
        lock (gate)
        {
            stable.Remove(account);
            plain.Remove(account);
        }
    }

    private Reply Plain(Call call)
    {
        if (call.Query("appid") is not { } appId) return Reply.Error(41002, "appid missing");
        if (call.Query("secret") is not { } secret) return Reply.Error(41004, "appsecret missing");
        if (Refusal(call, call.Query("grant_type"), appId, secret) is { } refusal) return refusal;
        lock (gate)
        {
            // The one before it works on for five minutes, so that servers can be told.
            if (plain.TryGetValue(call.Account.Name, out var old)) Issued.Void(old, call.Now + Overlap);
            return Token(plain[call.Account.Name] = Issued.Issue(call.Account.Name, call.Now, Life), Life);
        }
    }

    private Reply Shared(Call call)
    {
        if (Refusal(call, call.Body.Text("grant_type"), call.Body.Text("appid"), call.Body.Text("secret")) is { } refusal) return refusal;
        lock (gate)
        {
            var (name, now) = (call.Account.Name, call.Now);
            var known = stable.GetValueOrDefault(name) ?? new Stable("", now, default, 0, now - BetweenForced);
            if (call.Body.Flag("force_refresh")) return Forced(name, known, now);
            // Within its last five minutes both the old and the new one are good.
            if (known.Until - now <= Overlap) stable[name] = known = known with { Token = Issued.Issue(name, now, Life), Until = now + Life };
            return Token(known.Token, known.Until - now);
        }
    }

    private Reply Forced(string name, Stable known, DateTimeOffset now)
    {
        var today = Shanghai.Day(now);
        var forced = known.Day == today ? known.Forced : 0;
        if (forced >= ForcedADay) return Reply.Error(45009, "reach max api daily quota limit");
        if (now - known.ForcedAt < BetweenForced) return Reply.Error(45011, "api minute-quota reach limit, must slower, retry next minute");
        if (known.Token.Length > 0) Issued.Void(known.Token, now);
        var next = stable[name] = new Stable(Issued.Issue(name, now, Life), now + Life, today, forced + 1, now);
        return Token(next.Token, Life);
    }

    private Reply? Refusal(Call call, string? grant, string appId, string secret)
    {
        if (grant != "client_credential") return Reply.Error(40002, "invalid grant_type");
        if (call.Account.AppId != appId || call.Account.IsWeCom) return Reply.Error(40013, "invalid appid");
        return secrets.IsOf(call.Account, secret) ? null : Reply.Error(40125, "invalid appsecret");
    }

    private static Reply Token(string token, TimeSpan left) => Reply.Of(new JsonObject { ["access_token"] = token, ["expires_in"] = (int)left.TotalSeconds });

    private sealed record Stable(string Token, DateTimeOffset Until, DateOnly Day, int Forced, DateTimeOffset ForcedAt);
}
