using System.Text.Json.Nodes;
using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// <c>gettoken</c>: one token per application's secret, the same while it is valid. Rule:
/// developer.work.weixin.qq.com/document/path/91039. Many wrong secrets ban the address for an hour (45009).
/// </summary>
public sealed class WeComTokens(AccountBook accounts) : IWeComFamily
{
    /// <summary>Wrong secrets of one address before it is banned. The documentation says "many".</summary>
    public const int WrongSecrets = 10;

    private static readonly TimeSpan Life = TimeSpan.FromHours(2);
    private static readonly TimeSpan Ban = TimeSpan.FromHours(1);

    private readonly Dictionary<string, (string Token, DateTimeOffset Until)> current = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Wrong, DateTimeOffset Until)> addresses = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    public IssuedTokens Issued { get; } = new();

    public IEnumerable<Api> Apis => [Api.Get("cgi-bin/gettoken", Get) with { NeedsToken = false }];

    /// <summary>Ends an application's token at once, as WeCom may.</summary>
    public void Revoke(string account, DateTimeOffset now)
    {
        Issued.VoidAll(account, now);
        lock (gate) current.Remove(account);
    }

    private Reply Get(Call call)
    {
        if (call.Query("corpid") is not { } corpId) return Reply.Error(41002, "corpid missing");
        if (call.Query("corpsecret") is null) return Reply.Error(41004, "corpsecret missing");
        lock (gate)
        {
            var (wrong, until) = addresses.GetValueOrDefault(call.Address);
            if (wrong >= WrongSecrets && call.Now < until) return Reply.Error(45009, "api freq out of limit");
            if (!accounts.All.Any(a => a.IsWeCom && a.AppId == corpId)) return Reply.Error(40013, "invalid corpid");
            if (call.Account.Name.Length == 0)
            {
                addresses[call.Address] = (call.Now < until ? wrong + 1 : 1, call.Now + Ban);
                return Reply.Error(40001, "invalid credential");
            }

            addresses.Remove(call.Address);
            var name = call.Account.Name;
            if (!current.TryGetValue(name, out var known) || known.Until <= call.Now) current[name] = known = (Issued.Issue(name, call.Now, Life), call.Now + Life);
            return Reply.Done(new JsonObject { ["access_token"] = known.Token, ["expires_in"] = (int)(known.Until - call.Now).TotalSeconds });
        }
    }
}
