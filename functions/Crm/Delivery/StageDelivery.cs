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

    /// <summary>Set by the handler when the fact had had its effect before.</summary>
    public bool Duplicate { get; set; }

    /// <summary>
    /// Set by the handler when it left the fact alone because its deadline has passed. Facts that are late at their first
    /// delivery do not reach it; at a later one a predecessor may have begun, and what was begun is finished and recorded.
    /// </summary>
    public bool Expired { get; set; }
}

