using System.Collections.Concurrent;
using CrmServerless.Crm.Accounts;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;

namespace CrmServerless.Crm.Tags;

/// <summary>
/// Tags of the Official Account: 100 an account, 20 a follower, names of up to 30 characters. WeChat knows them by
/// number; the numbers are remembered as long as the process lives, and read again when one turns out to be wrong.
/// </summary>
public sealed class OfficialAccountTags(OfficialAccountApi api)
{
    /// <summary>A tag that is not there any more.</summary>
    private const int NoSuchTag = 45159;

    /// <summary>Somebody has just created it.</summary>
    private const int NameTaken = 45157;

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, int>> numbers = new(StringComparer.Ordinal);

    /// <summary>Gives a follower a tag, which is created if need be, or takes it away.</summary>
    public async Task<ApiResult> Carry(Account account, string openId, string tag, bool give, CancellationToken ct)
    {
        for (var renewed = false; ; renewed = true)
        {
            var (number, result) = await NumberOf(account, tag, give, ct);
            if (number is not { } id) return result; // a refusal; or nobody has it, so that nobody can lose it
            result = give
                ? await api.TagsBatchTagging(account.Credentials, id, [openId], ct)
                : await api.TagsBatchUntagging(account.Credentials, id, [openId], ct);
            if (result.ErrCode != NoSuchTag || renewed) return result;
            numbers.TryRemove(account.Name, out _); // somebody has deleted it in WeChat's console
        }
    }

    private async Task<(int? Number, ApiResult Result)> NumberOf(Account account, string tag, bool create, CancellationToken ct)
    {
        if (numbers.TryGetValue(account.Name, out var known) && known.TryGetValue(tag, out var number)) return (number, Nothing);
        for (var created = false; ; created = true)
        {
            // Who has read the list does not read it before each try: what waits for the quota of creating asks nothing.
            if (known is null || created || !create)
            {
                var all = await api.TagsGet(account.Credentials, ct);
                if (!all.Ok) return (null, all);
                known = new(all.Required.Tags.Select(t => KeyValuePair.Create(t.Name, t.Id)), StringComparer.Ordinal);
                numbers[account.Name] = known;
                if (known.TryGetValue(tag, out number)) return (number, Nothing);
                if (!create || created) return (null, Nothing);
            }

            var made = await api.TagsCreate(account.Credentials, tag, ct);
            if (made.Ok) return (known[tag] = made.Required.Id, made);
            if (made.ErrCode != NameTaken) return (null, made);
        }
    }

    private static ApiResult Nothing { get; } = new(0, "ok", ApiFault.None);
}
