using System.Globalization;
using Azure.Messaging.ServiceBus;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Azure.Messaging;

/// <summary>A fact as a Service Bus message: subject, kind and origin stand outside the body, where a subscription can filter on them.</summary>
public static class ServiceBusMessages
{
    public const string Kind = "kind";
    public const string Origin = "origin";

    public static ServiceBusMessage Of(OutgoingFact outgoing)
    {
        var fact = outgoing.Fact;
        var message = new ServiceBusMessage(fact.ToUtf8Bytes())
        {
            MessageId = outgoing.EffectiveMessageId,
            SessionId = Lanes.Of(fact.Key).ToString(CultureInfo.InvariantCulture),
            Subject = fact.Subject,
            ContentType = "application/json",
            ApplicationProperties = { [Kind] = fact.Kind, [Origin] = fact.Origin },
        };
        if (fact.NotBefore is { } due) message.ScheduledEnqueueTime = due;
        return message;
    }
}
