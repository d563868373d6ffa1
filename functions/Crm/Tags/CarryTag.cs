using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.WeChat.Api;

namespace CrmServerless.Crm.Tags;

/// <summary>
/// The stage <c>tag</c>: carries our tags to WeChat, notes what became of it, and carries nothing twice: what WeChat has
/// already, and what came from there. What a colleague who comes later needs, <see cref="ShareTags"/> carries.
/// </summary>
public sealed class CarryTag(
    AccountBook accounts, CustomerFiles files, CarriedTags carried, OfficialAccountTags officialAccount, WeComTags weCom, ShareTags share, Postponement postponement, TimeProvider clock)
{
    /// <summary>Who stands in <see cref="CustomerTagged.By"/> where the tag came from WeChat: carried back it would go round for ever.</summary>
    public const string FromWeChat = "wechat";

    /// <summary>A tag that waits for a quota or a setting for longer than this is given up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(7);

    internal const string Stage = "tag";

    public async Task Handle(StageDelivery delivery, CancellationToken ct)
    {
        var fact = delivery.Fact;
        if (fact.Subject == Subjects.CustomerShared)
        {
            await share.Handle(delivery, ct);
            return;
        }

        var tagged = fact.Read(CrmJson.Types.CustomerTagged);
        if (!Concerns(fact, tagged) || accounts.Find(fact.Account) is not { CanCall: true } account) return;
        if (await files.Read(fact.Key, ct) is not { } file) return;

        // A lane's facts come in order, each the truth of its moment. One that was put off may have been overtaken.
        var has = fact.Only is null ? tagged.Given : file.Customer.Tags.Any(t => t.Name == tagged.Tag);
        var known = await carried.Find(fact.Key, tagged.Tag, ct);
        if (known is { State: CarriedState.Carried } && known.Given == has)
        {
            delivery.Duplicate = true;
            return;
        }

        var result = account.IsWeCom
            ? await weCom.Carry(account, file.Customer, tagged.Tag, has, ct)
            : await officialAccount.Carry(account, Keys.OpenId(fact.Key), tagged.Tag, has, ct);
        if (result is { Fault: ApiFault.Transient }) throw new TransientException($"WeChat answered {result.ErrCode}.");
        if (result is not null && Postponement.Concerns(result) && postponement.Again(result) < fact.OccurredAt + Patience)
        {
            await postponement.Until(postponement.Again(result), fact, Stage, ct);
            return;
        }

        await carried.Note(fact.Key, CarriedTag.Of(tagged.Tag, has, result, clock.GetUtcNow()), ct);
    }

    /// <summary>
    /// False for what comes from WeChat in the first place, and for what an import or a replay says again. True for the
    /// tags that our rules and our people give.
    /// </summary>
    public static bool Concerns(Envelope fact, CustomerTagged tagged) => fact.Origin == Origins.Live && tagged.By != FromWeChat;
}
