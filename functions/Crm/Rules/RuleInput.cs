using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;

namespace CrmServerless.Crm.Rules;

/// <summary>What rules look at: an event and, where there is one, the customer after it.</summary>
public sealed record RuleInput(string Account, DateTimeOffset OccurredAt, EventReceived Event, CustomerSnapshot? Customer)
{
    private FoldedText? text;

    /// <summary>The text, folded once for all rules.</summary>
    public FoldedText? Text => Event.Text is { } written ? text ??= FoldedText.Of(written) : null;

    public static RuleInput Of(Envelope fact, EventReceived received, CustomerSnapshot? customer) =>
        new(Keys.Account(fact.Key), received.CountedAt ?? fact.OccurredAt, received, customer);
}
