using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.WeChat.Api;

namespace CrmServerless.Crm.Tags;

/// <summary>
/// The other half of the stage <c>tag</c>: a tag in WeCom is one colleague's on one customer, so what was carried before
/// a colleague got the customer is carried for him when he does.
/// </summary>
public sealed class ShareTags(AccountBook accounts, CustomerFiles files, CarriedTags carried, WeComTags weCom, Postponement postponement, TimeProvider clock)
{
    public async Task Handle(StageDelivery delivery, CancellationToken ct)
    {
        var fact = delivery.Fact;
        if (fact.Origin != Origins.Live || accounts.Find(fact.Account) is not { CanCall: true, IsWeCom: true } account) return;
        var staff = fact.Read(CrmJson.Types.CustomerShared).StaffId;
        if (await files.Read(fact.Key, ct) is not { } file || !file.Customer.Staff.Any(r => r.Has && StaffRules.Same(r.StaffId, staff))) return;

        // What the file has now, and of that what the ledger knows: all else is still on its way to all of them, or came
        // from WeChat or an import and goes to none.
        var ledger = (await carried.List(fact.Key, ct)).Where(t => t.Given && file.Customer.Tags.Any(has => has.Name == t.Tag)).ToList();
        var done = await carried.Shared(fact.Key, staff, ct) is { } before && before.Fact == fact.Id ? before.Tags.ToList() : [];
        var missing = ledger.Where(t => !done.Exists(d => d.Tag == t.Tag)).ToList();
        delivery.Duplicate = missing.Count == 0 && done.Count > 0;
        if (missing.Count == 0) return;

        // One after the other, so that none that WeCom refuses holds up the rest.
        ApiResult? heals = null;
        foreach (var tag in missing)
        {
            var result = await weCom.Carry(account, fact.Key, [staff], tag.Tag, give: true, ct);
            if (Heals(result, fact)) heals = Later(heals, result);
            else done.Add(await Note(fact.Key, tag, result, ct));
        }

        await carried.Note(fact.Key, new SharedTags(staff, fact.Id, done), ct);
        if (heals is { Fault: ApiFault.Transient }) throw new TransientException($"WeChat answered {heals.ErrCode}.");
        if (heals is not null) await postponement.Until(postponement.Again(heals), fact, CarryTag.Stage, ct);
    }

    private bool Heals(ApiResult result, Envelope fact) =>
        result.Fault == ApiFault.Transient
        || (Postponement.Concerns(result) && postponement.Again(result) < fact.OccurredAt + CarryTag.Patience);

    // A passing fault is tried again at once; of what has to wait, all waits for the last.
    private ApiResult Later(ApiResult? one, ApiResult other) =>
        one is null || (one.Fault != ApiFault.Transient && (other.Fault == ApiFault.Transient || postponement.Again(other) > postponement.Again(one))) ? other : one;

    // A tag that nobody had taken before has arrived by this.
    private async Task<CarriedTag> Note(string key, CarriedTag known, ApiResult result, CancellationToken ct)
    {
        var outcome = CarriedTag.Of(known.Tag, true, result, clock.GetUtcNow());
        if (outcome.State == CarriedState.Carried && known.State != CarriedState.Carried) await carried.Note(key, outcome, ct);
        return outcome;
    }
}
