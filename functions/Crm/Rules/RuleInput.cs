using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;

namespace CrmServerless.Crm.Rules;

/// <summary>What rules look at: an event and, where there is one, the customer after it.</summary>
/// <param name="Account">The account.</param>
/// <param name="OccurredAt">When it happened; the time of receipt where WeChat's time is implausible.</param>
/// <param name="Event">The event.</param>
/// <param name="Customer">The customer after it; null where no file is read.</param>
public sealed record RuleInput(string Account, DateTimeOffset OccurredAt, EventReceived Event, CustomerSnapshot? Customer)
{
    private FoldedText? text;

    /// <summary>The text, folded once for all rules.</summary>
    public FoldedText? Text => Event.Text is { } written ? text ??= FoldedText.Of(written) : null;

    public static RuleInput Of(Envelope fact, EventReceived received, CustomerSnapshot? customer) =>
        new(Keys.Account(fact.Key), received.CountedAt ?? fact.OccurredAt, received, customer);
}
