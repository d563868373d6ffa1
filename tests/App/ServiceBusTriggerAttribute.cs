using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>
/// Declares what the triggers use of Microsoft.Azure.Functions.Worker.Extensions.ServiceBus, with its names and types: that
/// package does not restore on every network.
/// https://github.com/Azure/azure-functions-dotnet-worker/blob/main/extensions/Worker.Extensions.ServiceBus/src/ServiceBusTriggerAttribute.cs
/// </summary>
public sealed class ServiceBusTriggerAttribute(string topicName, string subscriptionName) : TriggerBindingAttribute, ISupportCardinality
{
    public string? Connection { get; set; }

    public string? TopicName { get; } = topicName;

    public string? SubscriptionName { get; } = subscriptionName;

    public bool IsSessionsEnabled { get; set; }

    [DefaultValue(false)]
    public bool IsBatched { get; set; }

    Cardinality ISupportCardinality.Cardinality
    {
        get => IsBatched ? Cardinality.Many : Cardinality.One;
        set => IsBatched = value == Cardinality.Many;
    }
}
