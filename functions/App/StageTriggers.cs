using CrmServerless.Crm.Delivery;
using Microsoft.Azure.Functions.Worker;

namespace CrmServerless.Functions;

/// <summary>
/// A trigger for each stage that has a subscription; what to do with a fault is the pipeline's business. The body is bound
/// as bytes: of a body that is bound as text the Functions host lays the JSON properties over the broker's.
/// </summary>
public sealed class StageTriggers(PipelineRunner pipeline)
{
    [Function("customer")]
    public Task Customer([ServiceBusTrigger("crm", "customer", Connection = "ServiceBus", IsSessionsEnabled = true)] byte[] body, FunctionContext context, CancellationToken ct) =>
        pipeline.Run("customer", body, context.DeliveryCount, ct);

    [Function("tag")]
    public Task Tag([ServiceBusTrigger("crm", "tag", Connection = "ServiceBus", IsSessionsEnabled = true)] byte[] body, FunctionContext context, CancellationToken ct) =>
        pipeline.Run("tag", body, context.DeliveryCount, ct);

    [Function("reply")]
    public Task Reply([ServiceBusTrigger("crm", "reply", Connection = "ServiceBus", IsSessionsEnabled = true)] byte[] body, FunctionContext context, CancellationToken ct) =>
        pipeline.Run("reply", body, context.DeliveryCount, ct);

    [Function("alert")]
    public Task Alert([ServiceBusTrigger("crm", "alert", Connection = "ServiceBus", IsSessionsEnabled = false)] byte[] body, FunctionContext context, CancellationToken ct) =>
        pipeline.Run("alert", body, context.DeliveryCount, ct);

    [Function("notify")]
    public Task Notify([ServiceBusTrigger("crm", "notify", Connection = "ServiceBus", IsSessionsEnabled = false)] byte[] body, FunctionContext context, CancellationToken ct) =>
        pipeline.Run("notify", body, context.DeliveryCount, ct);

    [Function("stats")]
    public Task Stats([ServiceBusTrigger("crm", "stats", Connection = "ServiceBus", IsSessionsEnabled = false, IsBatched = true)] byte[][] bodies, FunctionContext context, CancellationToken ct) =>
        pipeline.Run("stats", [.. bodies], context.DeliveryCount, ct);
}
