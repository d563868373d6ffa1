using System.Diagnostics;
using CrmServerless.Crm;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Activity = System.Diagnostics.Activity;

namespace CrmServerless.Tests.Stages;

/// <summary>One trace from the callback through every stage, with nothing in it that tells who the customer is.</summary>
public sealed class TracingTests : IDisposable
{
    private readonly TempStore store = new();
    private readonly InstantClock clock = new(Some.Now);
    private readonly List<Activity> spans = [];

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task A_stage_goes_on_with_the_trace_of_the_callback()
    {
        using var listener = Listen();
        var bus = new MemoryBus();
        var letters = new DeadLetters(store.Documents, bus, clock);
        var publisher = new DurablePublisher(bus, new Spill(store.Documents, bus, letters), new ReceiveOptions(), clock, NullLogger<DurablePublisher>.Instance);
        await publisher.Publish(Some.Text("机密"));
        var fact = Assert.Single(bus.Facts);
        Assert.Equal(fact.TraceParent, fact.Child("customer", 0, "CustomerChanged", fact.Data, Some.Now, byRule: false).TraceParent);

        var runner = new PipelineRunner(
            new Dictionary<string, BatchHandler> { ["customer"] = (_, _) => Task.CompletedTask }, letters, new Progress(clock), new FailureOptions(), clock);
        await runner.Run("customer", fact.ToUtf8Bytes(), 1, default);

        var trace = ActivityContext.Parse(fact.TraceParent!, null).TraceId;
        var mine = Spans(trace);
        Assert.Equal(["receive", "customer"], mine.Select(s => s.OperationName));
        Assert.Equal(mine[0].SpanId, mine[1].ParentSpanId);
        Assert.Equal([("crm.batch", "1"), ("crm.subject", "EventReceived")],
            mine[1].TagObjects.Select(t => (t.Key, $"{t.Value}")).OrderBy(t => t.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_failure_marks_its_span_without_telling_what_the_customer_wrote()
    {
        using var listener = Listen();
        var bus = new MemoryBus();
        var runner = new PipelineRunner(
            new Dictionary<string, BatchHandler> { ["customer"] = (_, _) => throw new FormatException("机密") },
            new DeadLetters(store.Documents, bus, clock), new Progress(clock), new FailureOptions(), clock);
        const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"; // the example of W3C trace context
        await Assert.ThrowsAsync<FormatException>(() => runner.Run("customer", (Some.Text("x") with { TraceParent = Parent }).ToUtf8Bytes(), 1, default));
        var span = Assert.Single(Spans(ActivityTraceId.CreateFromString("0af7651916cd43dd8448eb211c80319c")));
        Assert.Equal((ActivityStatusCode.Error, "FormatException"), (span.Status, span.StatusDescription));
    }

    [Fact]
    public async Task A_broken_trace_context_does_no_harm()
    {
        using var listener = Listen();
        var handled = 0;
        var runner = new PipelineRunner(
            new Dictionary<string, BatchHandler> { ["customer"] = (_, _) => Task.FromResult(handled++) },
            new DeadLetters(store.Documents, new MemoryBus(), clock), new Progress(clock), new FailureOptions(), clock);
        await runner.Run("customer", (Some.Text("x") with { TraceParent = "no trace" }).ToUtf8Bytes(), 1, default);
        Assert.Equal(1, handled);
    }

    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans) spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    // Other tests of this process run beside this one and are heard as well.
    private List<Activity> Spans(ActivityTraceId trace)
    {
        lock (spans) return [.. spans.Where(s => s.TraceId == trace)];
    }
}
