using System.Net.Sockets;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using CrmServerless.Crm.Messaging;
using static Azure.Messaging.ServiceBus.ServiceBusFailureReason;

namespace CrmServerless.Azure.Messaging;

/// <summary>
/// What the pipeline should know of a fault of Service Bus: does time heal it, or does a person have to?
/// https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-exceptions-latest
/// </summary>
internal static class ServiceBusFaults
{
    /// <summary>The fault in the port's words; null for one that is not ours to judge.</summary>
    public static Exception? Translate(Exception fault, CancellationToken ct) => fault switch
    {
        OperationCanceledException when ct.IsCancellationRequested => null,
        ServiceBusException { Reason: MessageSizeExceeded } => new InvalidOperationException("A fact is larger than a message on the bus may be.", fault),
        ServiceBusException { Reason: MessagingEntityNotFound or MessagingEntityDisabled } => new InvalidOperationException(
            "ServiceBus__fullyQualifiedNamespace: the namespace has no topic or subscription of this name, or it is disabled.", fault),
        UnauthorizedAccessException => new InvalidOperationException(
            "ServiceBus__fullyQualifiedNamespace: the app's identity may not use the bus; it needs the roles Azure Service Bus Data Sender and Data Receiver.", fault),
        // A full topic is emptied by its stages.
        ServiceBusException { Reason: QuotaExceeded } => new TransientException("The topic is full.", fault),
        ServiceBusException { IsTransient: true } e => new TransientException($"Service Bus does not answer as it should: {e.Reason}.", fault),
        ServiceBusException { InnerException: AuthenticationFailedException } or AuthenticationFailedException =>
            new TransientException("No token for Service Bus could be had.", fault),
        TimeoutException or OperationCanceledException or SocketException or IOException =>
            new TransientException($"Service Bus cannot be reached: {fault.GetType().Name}.", fault),
        _ => null,
    };
}
