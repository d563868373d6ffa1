using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// Plays qyapi.weixin.qq.com. Codes: developer.work.weixin.qq.com/document/path/90313; limits: document/path/90312,
/// 10,000 calls a minute and 150,000 an hour of one API and company.
/// </summary>
public sealed class WeComPlatform(AccountBook accounts, Companies companies, WeComTokens tokens, AppSecrets secrets, IEnumerable<IWeComFamily> families) : Platform
{
    public override string Root => "/simulator/wecom/";

    public override IEnumerable<Api> Apis => families.SelectMany(f => f.Apis).Select(a => a with { Daily = 0, Minutely = 10_000, Hourly = 150_000 });

    public override Lock Gate(Account account) => companies.Of(account).Gate;

    public override (Account? Account, Reply? Refusal) Admit(string? token, DateTimeOffset now)
    {
        if (token is null) return (null, Reply.Error(41001, "access_token missing"));
        var (state, owner) = tokens.Issued.Look(token, now);
        var account = owner.Length > 0 ? accounts.Find(owner) : null;
        return state switch
        {
            TokenState.Valid when account is not null => (account, null),
            TokenState.Expired => (account, Reply.Error(42001, "access_token expired")),
            _ => (account, Reply.Error(40014, "invalid access_token")),
        };
    }

    public override Account? Claimed(Func<string, string?> query, JsonElement body) =>
        accounts.All.FirstOrDefault(a => a.IsWeCom && a.AppId == query("corpid") && secrets.IsOf(a, query("corpsecret")));

    // 企业可信IP: of all but the call that gives the token.
    public override Reply? NotListed(Api api, string address) => api.NeedsToken ? Reply.Error(60020, "not allow to access from your ip") : null;

    // "当接口要求请求方式为POST时，实际调用中使用了GET方式": as a body that is not there.
    public override Reply WrongMethod(Api api) => Reply.Error(40058, $"invalid Request Parameter, require {api.Method} method");

    public override Reply Misshapen(Misfit misfit) => misfit switch
    {
        { Code: not 0 } => Reply.Error(misfit.Code, misfit.Text),
        { Missing: true } => Reply.Error(40063, $"some parameters are empty, {misfit.Text}"),
        _ => Reply.Error(40058, $"invalid Request Parameter, {misfit.Text}. Warning: wrong json format."),
    };

    public override Reply NotJson => Reply.Error(40058, "invalid Request Parameter. Warning: wrong json format.");

    public override Reply QuotaUsedUp => Reply.Error(45009, "api freq out of limit");

    public override Reply MinuteUsedUp => QuotaUsedUp;

    public override TimeSpan MinuteBlock => TimeSpan.FromSeconds(60);

    public override DateTimeOffset Reopens(DateTimeOffset usedUp) => usedUp + MinuteBlock;

    public override string CountedAs(Account account) => account.AppId;

    public override string Errmsg(Reply reply, string path, string address, DateTimeOffset now) => reply.Code == 0 ? reply.Text : string.Create(CultureInfo.InvariantCulture,
        $"{reply.Text}, hint: [{RandomNumberGenerator.GetHexString(24, lowercase: true)}], from ip: {address}, more info at https://open.work.weixin.qq.com/devtool/query?e={reply.Code}");
}

/// <summary>One family of APIs, as the documentation groups them.</summary>
public interface IWeComFamily
{
    IEnumerable<Api> Apis { get; }
}
