using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Simulator.Front;
using CrmServerless.Local.Simulator.OfficialAccount;
using CrmServerless.Local.Simulator.WeCom;

namespace CrmServerless.Local.Simulator;

/// <summary>The two platforms, and which of them an account is on.</summary>
public sealed class Platforms(OaPlatform officialAccount, OaTokens oaTokens, WeComPlatform weCom, WeComTokens weComTokens)
{
    /// <summary>Of an account; of none in particular the one that closes a quota for longer.</summary>
    public Platform Of(Account? account) => account is { IsWeCom: true } ? weCom : officialAccount;

    /// <summary>Ends an account's tokens.</summary>
    public void Revoke(Account account, DateTimeOffset now)
    {
        if (account.IsWeCom) weComTokens.Revoke(account.Name, now);
        else oaTokens.Revoke(account.Name, now);
    }
}
