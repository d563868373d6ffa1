using System.Security.Cryptography;
using CrmServerless.Crm.Accounts;

namespace CrmServerless.Local.Simulator.Front;

/// <summary>An app secret that an administrator has reset.</summary>
public sealed record ResetSecret(string Account, string Secret)
{
    /// <summary>Never the secret.</summary>
    public override string ToString() => Account;
}

/// <summary>
/// The app secrets as WeChat has them: those of the settings, until an administrator resets one in the console. A reset
/// outlives our host, which may have the new one in its settings then.
/// </summary>
public sealed class AppSecrets(SimulatorStore store)
{
    private readonly Lock gate = new();

    // Read at first use, when the store is ready.
    private readonly Lazy<Kept<ResetSecret>> reset = new(() => new(store, "secrets", SimulatorJson.Types.ResetSecret, s => s.Account));

    /// <summary>Accounts whose secret is not that of the settings.</summary>
    public IReadOnlyList<string> Reset
    {
        get
        {
            lock (gate) return [.. reset.Value.All.Select(s => s.Account).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Whether it is the account's secret.</summary>
    public bool IsOf(Account account, string? secret)
    {
        lock (gate) return secret == (reset.Value.Find(account.Name)?.Secret ?? account.Secret);
    }

    /// <summary>Gives the account a new secret, of the form that the console shows.</summary>
    public ResetSecret Renew(Account account)
    {
        var fresh = new ResetSecret(account.Name, RandomNumberGenerator.GetHexString(32, lowercase: true));
        lock (gate) reset.Value.Put(fresh);
        return fresh;
    }

    /// <summary>The secret of the settings counts again.</summary>
    public void SetBack(Account account)
    {
        lock (gate) reset.Value.Remove(account.Name);
    }
}
