using System.Security.Cryptography;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Rules;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Customers;

/// <summary>The stage <c>customer</c>: the file, its timeline, lifecycle and auto-tags, in one commit.</summary>
public sealed class HandleCustomerFact(CustomerCommit commit, ChatCommit chats, RuleBook rules, IDocuments documents)
{
    public async Task Handle(StageDelivery delivery, CancellationToken ct)
    {
        var fact = delivery.Fact;
        if (Keys.IsChat(fact.Key) && fact.Subject == Subjects.EventReceived)
        {
            await chats.Apply(delivery, ct);
            return;
        }

        if (!Keys.HasCustomer(fact.Key))
        {
            await documents.Upsert(Collections.Customers, [Timeline.Entry(fact)], ct);
            return;
        }

        var tagRules = (await rules.Current(ct)).Tags;
        await commit.Apply(delivery, before => CustomerRules.Decide(before, fact, tagRules, NewStatsId()), ct);
    }

    private static string NewStatsId() => RandomNumberGenerator.GetHexString(20, lowercase: true);
}
