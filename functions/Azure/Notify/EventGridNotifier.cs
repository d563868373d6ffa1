using System.Text.Json;
using Azure;
using Azure.Identity;
using Azure.Messaging;
using Azure.Messaging.EventGrid;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Notify;

namespace CrmServerless.Azure.Notify;

/// <summary>
/// Notices as CloudEvents 1.0 on an Event Grid topic: <c>type</c> is <c>crm.{fact}</c>, <c>source</c> the account,
/// <c>subject</c> the alert, <c>id</c> the fact's, by which a receiver drops what comes twice.
/// https://learn.microsoft.com/azure/event-grid/cloud-event-schema
/// </summary>
/// <remarks>
/// Without the customer's key and words: an event leaves for receivers that this program does not know, and stays in
/// their logs. Who may see them opens the alert by its id.
/// </remarks>
public sealed class EventGridNotifier(EventGridPublisherClient client, TimeProvider clock) : INotifier
{
    /// <summary>One more try; the stage has a patience of its own.</summary>
    public static EventGridPublisherClientOptions ClientOptions() => new()
    {
        Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(200), MaxDelay = TimeSpan.FromSeconds(2), NetworkTimeout = TimeSpan.FromSeconds(10) },
    };

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The topic is not there, refuses the identity or the event.</exception>
    public async Task Notify(Notice notice, CancellationToken ct)
    {
        var data = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(NoticeData.Of(notice), NoticeJson.Types.NoticeData));
        var cloudEvent = new CloudEvent($"/crm/{notice.Account}", $"crm.{notice.Subject}", data, "application/json", CloudEventDataFormat.Json)
        {
            Id = notice.Id, Subject = notice.Alert?.Id, Time = clock.GetUtcNow(),
        };
        try
        {
            await client.SendEventAsync(cloudEvent, ct);
        }
        catch (Exception e) when (Translate(e, ct) is { } known)
        {
            throw known;
        }
    }

    private static Exception? Translate(Exception fault, CancellationToken ct) => fault switch
    {
        OperationCanceledException when ct.IsCancellationRequested => null,
        RequestFailedException { Status: 0 or 408 or 429 or >= 500 } e => new TransientException($"Event Grid does not answer as it should: {e.Status}.", e),
        RequestFailedException { Status: 401 or 403 or 404 } e => new InvalidOperationException(
            $"Azure__EventGridEndpoint: the topic is not there or refuses the app's identity ({e.Status}); it needs the role EventGrid Data Sender.", e),
        RequestFailedException e => new InvalidOperationException($"Event Grid refuses the event: {e.Status}.", e),
        AuthenticationFailedException => new TransientException("No token for Event Grid could be had.", fault),
        // Every try has failed, each for its own reason.
        AggregateException or OperationCanceledException or HttpRequestException => new TransientException("Event Grid cannot be reached.", fault),
        _ => null,
    };
}
