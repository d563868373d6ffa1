using System.Collections.Concurrent;

namespace CrmServerless.Local.Simulator.Front;

/// <summary>Accounts whose console does not list the caller's address (IP 白名单, 企业可信IP). All others list everybody.</summary>
public sealed class AllowLists
{
    private readonly ConcurrentDictionary<string, byte> closed = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Closed => [.. closed.Keys.Order(StringComparer.Ordinal)];

    public bool Lists(string account) => !closed.ContainsKey(account);

    public void Set(string account, bool listed)
    {
        if (listed) closed.TryRemove(account, out _);
        else closed[account] = 0;
    }
}
