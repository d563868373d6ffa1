using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Messaging.EventGrid;
using CrmServerless.Azure.Notify;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Notify;
using CrmServerless.Tests.Azure.Messaging;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Azure.Notify;

/// <summary>What goes over the wire to Event Grid, and what its answers mean.</summary>
public sealed class EventGridNotifierTests : IDisposable
{
    private const string Topic = "https://crm-test.chinaeast2-1.eventgrid.azure.net/api/events";

    private static readonly Alert Alert = new()
    {
        Id = "01772416800000~f1", Account = "main", Customer = Some.Key, Level = AlertLevel.High, Category = "维权", Owner = "王店长",
        Words = ["维权"], Text = "茶里喝出头发，我要维 * 权！", Context = [new AlertContext("维权", "茶里喝出头发，我要", "维 * 权", "！")],
        RuleId = "rights", RuleVersion = 2, OccurredAt = Some.Now, RaisedAt = Some.Now, DueAt = Some.Now.AddMinutes(15), Note = "电话 13800000000",
    };

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Wire wire = new();
    private readonly Credential credential = new();
    private readonly EventGridNotifier notifier;

    public EventGridNotifierTests()
    {
        var options = EventGridNotifier.ClientOptions();
        options.Transport = new HttpClientTransport(wire);
        notifier = new EventGridNotifier(new EventGridPublisherClient(new Uri(Topic), credential, options), new FakeTimeProvider(Some.Now));
    }

    [Fact]
    public async Task An_alert_is_a_cloud_event_without_the_customer_and_his_words()
    {
        await notifier.Notify(new Notice("f1.alert.1", Subjects.AlertRaised, "main", "触发警报：维权 [维权] 负责人 王店长", Alert), default).InTime();

        var (address, type, authorization, body) = Assert.Single(wire.Sent);
        Assert.StartsWith(Topic + "?api-version=", address, StringComparison.Ordinal);
        Assert.StartsWith("application/cloudevents", type, StringComparison.Ordinal);
        Assert.Equal("Bearer " + Credential.Token, authorization);
        var sent = JsonDocument.Parse(body).RootElement;
        var one = sent.ValueKind == JsonValueKind.Array ? Assert.Single(sent.EnumerateArray()) : sent;
        Assert.Equal(JsonDocument.Parse("""
            {
              "id": "f1.alert.1", "source": "/crm/main", "type": "crm.AlertRaised", "subject": "01772416800000~f1", "specversion": "1.0",
              "time": "2026-03-02T02:00:00+00:00", "datacontenttype": "application/json",
              "data": {
                "line": "触发警报：维权 [维权] 负责人 王店长",
                "alert": {
                  "id": "01772416800000~f1", "level": "high", "category": "维权", "owner": "王店长", "words": ["维权"], "state": "open",
                  "ruleId": "rights", "ruleVersion": 2, "raisedAt": "2026-03-02T02:00:00+00:00", "dueAt": "2026-03-02T02:15:00+00:00"
                }
              }
            }
            """).RootElement.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}: {Compact(p.Value)}"),
            // The SDK adds the trace where anybody listens to the spans of this process, as tests beside this one do at times.
            one.EnumerateObject().Where(p => p.Name is not ("traceparent" or "tracestate")).OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}: {Compact(p.Value)}"));
        foreach (var personal in new[] { Some.OpenId, "头发", "维 * 权", "13800000000" })
            Assert.DoesNotContain(personal, one.ToString() + Compact(one), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_is_a_line()
    {
        await notifier.Notify(new Notice("f2", Subjects.ReportBuilt, "main", "main 2026-03-01 日报已生成", null), default).InTime();
        var body = Assert.Single(wire.Sent).Body;
        Assert.Contains("crm.ReportBuilt", body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"alert\"", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task What_passes_is_transient_after_one_more_try(int status)
    {
        wire.Status = status;
        await Assert.ThrowsAsync<TransientException>(Notify);
        Assert.Equal(2, wire.Sent.Count);
    }

    [Fact]
    public async Task A_passing_fault_that_has_passed_is_none()
    {
        (wire.Status, wire.Faults) = (503, 1);
        await Notify();
        Assert.Equal(2, wire.Sent.Count);
    }

    [Theory]
    [InlineData(401, "Azure__EventGridEndpoint: ")]
    [InlineData(403, "Azure__EventGridEndpoint: ")]
    [InlineData(404, "Azure__EventGridEndpoint: ")]
    [InlineData(400, "Event Grid refuses the event: 400.")]
    public async Task What_a_person_has_to_repair_says_so(int status, string start)
    {
        wire.Status = status;
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(Notify);
        Assert.StartsWith(start, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_a_network_nor_a_token_is_transient()
    {
        wire.Fault = new HttpRequestException("No route.");
        await Assert.ThrowsAsync<TransientException>(Notify);
        credential.Fault = new CredentialUnavailableException("No identity.");
        await Assert.ThrowsAsync<TransientException>(Notify);
    }

    [Fact]
    public async Task A_cancelled_notice_is_cancelled() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => notifier.Notify(new Notice("f", Subjects.ReportBuilt, "main", "x", null), new CancellationToken(true)));

    public void Dispose() => wire.Dispose();

    private Task Notify() => notifier.Notify(new Notice("f", Subjects.ReportBuilt, "main", "x", null), default).InTime();

    private static string Compact(JsonElement value) => JsonSerializer.Serialize(value, Readable);

    private sealed class Wire : HttpMessageHandler
    {
        public int Status { get; set; } = 200;

        public int Faults { get; set; } = int.MaxValue;

        public Exception? Fault { get; set; }

        public List<(string Address, string Type, string Authorization, string Body)> Sent { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Fault is not null) throw Fault;
            var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            Sent.Add((request.RequestUri!.AbsoluteUri, request.Content.Headers.ContentType!.ToString(), request.Headers.Authorization!.ToString(), Encoding.UTF8.GetString(body)));
            return new HttpResponseMessage((HttpStatusCode)(Sent.Count <= Faults ? Status : 200)) { Content = new StringContent("") };
        }
    }
}
