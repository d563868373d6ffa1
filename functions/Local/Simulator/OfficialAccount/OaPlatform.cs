using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>
/// Plays api.weixin.qq.com. Codes: developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html.
/// </summary>
public sealed class OaPlatform(AccountBook accounts, OaAccounts states, OaTokens tokens, OaRids rids, IEnumerable<IOaFamily> families) : Platform
{
    public override string Root => "/simulator/wechat/";

    public override IEnumerable<Api> Apis => families.SelectMany(f => f.Apis);

    public override Lock Gate(Account account) => states.Of(account).Gate;

    // https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html: 41001, 40014, 42001, 40001.
    public override (Account? Account, Reply? Refusal) Admit(string? token, DateTimeOffset now)
    {
        if (token is null) return (null, Reply.Error(41001, "access_token missing"));
        var (state, owner) = tokens.Issued.Look(token, now);
        var account = owner.Length > 0 ? accounts.Find(owner) : null;
        return state switch
        {
            TokenState.Valid when account is not null => (account, null),
            TokenState.Malformed => (null, Reply.Error(40014, "invalid access_token")),
            TokenState.Expired => (account, Reply.Error(42001, "access_token expired")),
            _ => (account, Reply.Error(40001, "invalid credential, access_token is invalid or not latest")),
        };
    }

    public override Account? Claimed(Func<string, string?> query, JsonElement body) =>
        (query("appid") ?? body.TextOrNull("appid")) is { } appId ? accounts.All.FirstOrDefault(a => !a.IsWeCom && a.AppId == appId) : null;

    // Only who fetches a token is looked at: whoever has one may call from anywhere.
    public override Reply? NotListed(Api api, string address) =>
        api.NeedsToken ? null : Reply.Error(40164, $"invalid ip {address}, not in whitelist");

    public override Reply WrongMethod(Api api) => api.Method == "GET" ? Reply.Error(43001, "require GET method") : Reply.Error(43002, "require POST method");

    public override Reply Misshapen(Misfit misfit) => Reply.Error(misfit.Code == 0 ? 47001 : misfit.Code, $"data format error, {misfit.Text}");

    public override Reply NotJson => Reply.Error(47001, "data format error");

    public override Reply QuotaUsedUp => Reply.Error(45009, "reach max api daily quota limit");

    public override Reply MinuteUsedUp => Reply.Error(45011, "api minute-quota reach limit, must slower, retry next minute");

    public override TimeSpan MinuteBlock => TimeSpan.Zero;

    public override DateTimeOffset Reopens(DateTimeOffset usedUp) => Shanghai.Start(Shanghai.Day(usedUp).AddDays(1));

    public override string CountedAs(Account account) => account.Name;

    public override string Errmsg(Reply reply, string path, string address, DateTimeOffset now) =>
        reply.Code == 0 ? reply.Text : $"{reply.Text} rid: {rids.Remember(reply, path, address, now)}";
}

/// <summary>One family of APIs, as the documentation groups them.</summary>
public interface IOaFamily
{
    IEnumerable<Api> Apis { get; }
}
