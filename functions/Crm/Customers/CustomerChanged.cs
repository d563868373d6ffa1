using CrmServerless.Crm.Receive;

namespace CrmServerless.Crm.Customers;

/// <summary>A customer file was committed. Carries what reply rules read, so that a rule that does not hit costs no read.</summary>
/// <param name="Event">The event behind it, without its raw payload; null if it was no event.</param>
/// <param name="Customer">The file after the commit, or later.</param>
public sealed record CustomerChanged(EventReceived? Event, CustomerSnapshot Customer);
