using CrmServerless.Crm.Messaging;

namespace CrmServerless.Crm.Delivery;

/// <summary>One delivery of a fact to a stage.</summary>
/// <param name="Fact">The fact.</param>
/// <param name="Count">Which delivery it is, from 1.</param>
public sealed record StageDelivery(Envelope Fact, int Count)
{
    /// <summary>
    /// Set by the handler once its commit is known to be done, so that a dead letter records it and its retry starts
    /// behind the commit.
    /// </summary>
    public bool Committed { get; set; }
}

