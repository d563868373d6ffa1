using System.Collections.Concurrent;
using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>The companies, by corpid. Read from the store at first use, so the store must be ready.</summary>
public sealed class Companies(AccountBook accounts, SimulatorStore store)
{
    private readonly ConcurrentDictionary<string, Company> companies = new(StringComparer.Ordinal);

    public Company Of(Account account) =>
        companies.GetOrAdd(account.AppId, corpId => new Company(corpId, [.. accounts.All.Where(a => a.IsWeCom && a.AppId == corpId)], store));
}
