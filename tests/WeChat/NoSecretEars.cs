using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Runtime.ExceptionServices;

namespace CrmServerless.Tests.WeChat;

/// <summary>
/// Hears what a process tells of itself: spans of all sources with their tags and events, all meters, the diagnostic
/// and the event sources of the network, and the text of every exception that is thrown anywhere.
/// </summary>
internal sealed class NoSecretEars : IDisposable
{
    private readonly ConcurrentQueue<string> heard = new();
    private readonly ActivityListener spans;
    private readonly MeterListener meters = new();
    private readonly Events events;
    private readonly IDisposable diagnostics;

    public NoSecretEars()
    {
        spans = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            SampleUsingParentId = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = Hear, ActivityStopped = Hear,
        };
        ActivitySource.AddActivityListener(spans);
        meters.InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Hear(instrument, tags));
        meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Hear(instrument, tags));
        meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Hear(instrument, tags));
        meters.Start();
        events = new Events(heard);
        diagnostics = DiagnosticListener.AllListeners.Subscribe(new Sources(heard));
        AppDomain.CurrentDomain.FirstChanceException += Hear;
    }

    public IReadOnlyCollection<string> Heard => heard;

    public void Dispose()
    {
        AppDomain.CurrentDomain.FirstChanceException -= Hear;
        diagnostics.Dispose();
        events.Dispose();
        meters.Dispose();
        spans.Dispose();
    }

    private void Hear(Activity span)
    {
        heard.Enqueue($"span {span.Source.Name} {span.OperationName} {span.DisplayName} {span.StatusDescription} {Text(span.TagObjects)} {Text(span.Baggage)}");
        foreach (var e in span.Events) heard.Enqueue($"span event {e.Name} {Text(e.Tags)}");
    }

    private void Hear(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        heard.Enqueue($"meter {instrument.Meter.Name} {instrument.Name} {Text(tags.ToArray())}");

    private void Hear(object? sender, FirstChanceExceptionEventArgs e) => heard.Enqueue($"exception {e.Exception.GetType().Name} {e.Exception.Message}");

    private static string Text<T>(IEnumerable<KeyValuePair<string, T>> tags) =>
        string.Join(' ', tags.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Key}={t.Value}")));

    /// <summary>The network's event sources. Not its "Private.InternalDiagnostics", which are for those who debug the runtime itself.</summary>
    private sealed class Events(ConcurrentQueue<string> heard) : EventListener
    {
        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name.StartsWith("System.Net", StringComparison.Ordinal)) EnableEvents(eventSource, EventLevel.Verbose);
        }

        // The base class calls the method above before this class's own parts are there; nothing is written until then.
        protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
            heard?.Enqueue($"event {eventData.EventSource.Name} {eventData.EventName} {string.Join(' ', eventData.Payload ?? (IEnumerable<object?>)[])}");
    }

    /// <summary>What the client hands to in-process listeners: whole requests.</summary>
    private sealed class Sources(ConcurrentQueue<string> heard) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name.StartsWith("HttpHandler", StringComparison.Ordinal)) value.Subscribe(this);
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            var request = value.Value?.GetType().GetProperty("Request")?.GetValue(value.Value) as HttpRequestMessage;
            heard.Enqueue($"diagnostic {value.Key} {request?.RequestUri}");
        }

        public void OnCompleted() { }

        public void OnError(Exception error) { }
    }
}
