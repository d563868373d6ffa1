using System.Collections.Concurrent;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.WeCom;

namespace CrmServerless.Crm.Tags;

/// <summary>
/// Tags of WeCom: the company's, in a group of our own, 3,000 at the most. A tag is one colleague's on one customer, so
/// every colleague who has the customer at that time gives it; for one who adds him later <see cref="ShareTags"/> does.
/// </summary>
public sealed class WeComTags(WeComApi api)
{
    /// <summary>The group that our tags stand in; the company's own are not touched.</summary>
    public const string Group = "CRM";

    /// <summary>Somebody has just created it.</summary>
    private const int NameTaken = 40071;

    /// <summary>A tag that is not there any more.</summary>
    private const int NoSuchTag = 40068;

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, string>> ids = new(StringComparer.Ordinal);

    /// <summary>Null: nobody of the staff has the customer. Else the result; of several colleagues the worst that can still be healed.</summary>
    public async Task<ApiResult?> Carry(Account account, Customer customer, string tag, bool give, CancellationToken ct)
    {
        var staff = customer.Staff.Where(s => s.Has).Select(s => s.StaffId).ToList();
        return staff.Count == 0 ? null : await Carry(account, customer.Key, staff, tag, give, ct);
    }

    /// <summary>The same for these colleagues, of whom there is one at least.</summary>
    public async Task<ApiResult> Carry(Account account, string key, IReadOnlyList<string> staff, string tag, bool give, CancellationToken ct)
    {
        for (var renewed = false; ; renewed = true)
        {
            var (id, result) = await IdOf(account, tag, give, ct);
            if (id is null) return result; // a refusal; or nobody has it, so that nobody can lose it
            var marked = new List<ApiResult>();
            foreach (var member in staff)
            {
                marked.Add(await api.ExternalContactMarkTag(
                    account.Credentials, new MarkTagRequest(member, Keys.OpenId(key), give ? [id] : null, give ? null : [id]), ct));
            }

            if (!renewed && marked.Exists(r => r.ErrCode == NoSuchTag))
            {
                ids.TryRemove(account.Name, out _); // somebody has deleted it in WeCom's console
                continue;
            }

            // Somebody of them may have lost the customer in the meantime, which is no reason to try again.
            return marked.Find(r => r.Fault is ApiFault.Transient or ApiFault.Quota or ApiFault.Configuration)
                ?? marked.Find(r => r.Ok) ?? marked[0];
        }
    }

    private async Task<(string? Id, ApiResult Result)> IdOf(Account account, string tag, bool create, CancellationToken ct)
    {
        if (ids.TryGetValue(account.Name, out var known) && known.TryGetValue(tag, out var id)) return (id, Nothing);
        for (var tried = false; ; tried = true)
        {
            // Who has read the list does not read it before each try: what waits for the quota of creating asks nothing.
            if (known is null || tried || !create)
            {
                var all = await api.ExternalContactGetCorpTagList(account.Credentials, cancellation: ct);
                if (!all.Ok) return (null, all);
                var ours = all.Required.TagGroup.FirstOrDefault(g => g.GroupName == Group)?.Tag ?? [];
                known = new(ours.Where(t => t.Name is not null).Select(t => KeyValuePair.Create(t.Name!, t.Id)), StringComparer.Ordinal);
                ids[account.Name] = known;
                if (known.TryGetValue(tag, out id)) return (id, Nothing);
                if (!create || tried) return (null, Nothing);
            }

            var made = await api.ExternalContactAddCorpTag(account.Credentials, new AddCorpTagRequest([new NewCorpTag(tag)]) { GroupName = Group }, ct);
            if (made.Ok && made.Required.TagGroup.Tag.FirstOrDefault(t => t.Name == tag) is { } added) return (known[tag] = added.Id, made);
            if (!made.Ok && made.ErrCode != NameTaken) return (null, made);
        }
    }

    private static ApiResult Nothing { get; } = new(0, "ok", ApiFault.None);
}
