using CrmServerless.Crm.Delivery;

namespace CrmServerless.Crm.Tags;

/// <summary>
/// The stage <c>tag</c>: will carry our tags to WeChat. The tag API clients do not exist yet, so it takes the facts, in
/// order, and does nothing with them; the tags themselves are in the customer file already.
/// </summary>
public static class CarryTag
{
    public static Task Handle(StageDelivery delivery, CancellationToken ct) => Task.CompletedTask;
}
