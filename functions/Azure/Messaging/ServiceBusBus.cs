using Azure.Messaging.ServiceBus;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Azure.Messaging;

/// <summary>
/// The topic <c>crm</c> on Azure Service Bus. A fact is one message; its lane is the session, its message id the key of
/// duplicate detection. The client and its connection live as long as the process.
/// </summary>
/// <remarks>
/// The size of a message is limited by the service, 256 KB on Standard
/// (https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas); the link tells the client.
/// </remarks>
public sealed class ServiceBusBus(ServiceBusClient client) : IMessageBus, IAsyncDisposable
{
    public const string Topic = "crm";

    /// <summary>Facts in one batch; the service's size limit may end it sooner.</summary>
    public const int MaxBatch = 100;

    /// <summary>How often a call is made while the service ends it; the pauses between add up to a third of a second. Receive ends it after 2 s.</summary>
    public const int MaxTries = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(2);

    private readonly ServiceBusSender sender = client.CreateSender(Topic);

    /// <summary>
    /// The client does not try again by itself: after "server busy" it would sleep for 10 s, while receive has 2 s before
    /// it goes to the spill, and the stages have a patience of their own.
    /// </summary>
    public static ServiceBusClientOptions ClientOptions() => new()
    {
        RetryOptions = new ServiceBusRetryOptions { MaxRetries = 0, TryTimeout = TryTimeout },
    };

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The topic is not there, the identity may not send to it, or a fact is larger than a message may be.</exception>
    public async Task Publish(IReadOnlyList<OutgoingFact> facts, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        // A batch has one partition key, its session; order matters inside a lane only.
        foreach (var lane in facts.Select(ServiceBusMessages.Of).GroupBy(m => m.SessionId, StringComparer.Ordinal))
        {
            try
            {
                await Send([.. lane], ct);
            }
            catch (Exception e) when (ServiceBusFaults.Translate(e, ct) is { } known)
            {
                throw known;
            }
        }
    }

    public ValueTask DisposeAsync() => sender.DisposeAsync();

    private async Task Send(ServiceBusMessage[] messages, CancellationToken ct)
    {
        for (var next = 0; next < messages.Length;)
        {
            if (messages.Length - next > 1)
            {
                ServiceBusMessageBatch? opened = null;
                await Surely(async () => opened = await sender.CreateMessageBatchAsync(ct), ct);
                using var batch = opened!;
                var from = next;
                while (next < messages.Length && batch.Count < MaxBatch && batch.TryAddMessage(messages[next])) next++;
                if (next > from)
                {
                    await Surely(() => sender.SendMessagesAsync(batch, ct), ct);
                    continue;
                }
            }

            // The last one, or one that is too large to share a batch; alone the service says whether it is too large at all.
            var one = messages[next++];
            await Surely(() => sender.SendMessageAsync(one, ct), ct);
        }
    }

    // The service ends connections now and then, for upgrades. A try may meet one that is just closing, more than once:
    // the client learns of it link by link. What was taken before the end is dropped by duplicate detection.
    private static async Task Surely(Func<Task> call, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await call();
                return;
            }
            catch (ServiceBusException e) when (tries < MaxTries && MayBeEnding(e))
            {
                await Task.Delay(FirstPause * (1 << (tries - 1)), ct);
            }
        }
    }

    // The SDK has many names for it: a communication problem; a general error, when the link was closed between two looks
    // at it; a timeout, when the connection closes while a link is being opened.
    private static bool MayBeEnding(ServiceBusException fault) =>
        fault is { IsTransient: true, Reason: not (ServiceBusFailureReason.ServiceBusy or ServiceBusFailureReason.QuotaExceeded) };
}
