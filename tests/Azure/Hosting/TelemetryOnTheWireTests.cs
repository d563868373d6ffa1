using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Monitor.OpenTelemetry.Exporter;
using CrmServerless.Azure.Hosting;
using CrmServerless.Crm;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Notify;
using CrmServerless.Crm.Storage;
using CrmServerless.Crm.Upkeep;
using CrmServerless.Tests.Azure.Messaging;
using CrmServerless.Tests.Infra;
using CrmServerless.Tests.Pipeline;
using CrmServerless.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace CrmServerless.Tests.Azure.Hosting;

/// <summary>
/// What Microsoft's exporter makes of our spans and metrics, at the point where it would send it to Application Insights:
/// under these names, kinds and properties the queries of <c>infra/</c> find it in AppMetrics and AppRequests.
/// </summary>
[Collection(nameof(MetricsTests))]
public sealed class TelemetryOnTheWireTests : IDisposable
{
    private readonly TempStore store = new();
    private readonly MemoryBus bus = new();
    private readonly Ingestion ingestion = new();

    [Fact]
    public async Task A_complaint_arrives_as_the_queries_ask_for_it()
    {
        await using var app = await Complain(traceRatio: "1");

        var metrics = ingestion.Items.Where(i => i.Type == "MetricData").ToList();
        foreach (var metric in metrics.Where(m => MetricNames.Tags.ContainsKey(m.Name)))
            Assert.Equal(MetricNames.Tags[metric.Name].Order(StringComparer.Ordinal), metric.Properties.Keys.Where(k => !k.StartsWith("_MS.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        string[] certain =
        [
            Telemetry.Acks, Telemetry.AckDuration, Telemetry.Refusals, Telemetry.Facts, Telemetry.StageLag, Telemetry.StageDuration, Telemetry.AlertLatency,
            Telemetry.DeadLetterCount, Telemetry.SpillWaiting, Telemetry.AlertsOverdue, Telemetry.ReportsMissing,
        ];
        Assert.Empty(certain.Except(metrics.Select(m => m.Name)));
        // A histogram has its sum, count and extremes: Sum, ItemCount, Max.
        var lag = metrics.First(m => m.Name == Telemetry.StageLag).Value;
        Assert.All(new[] { "value", "count", "min", "max" }, figure => Assert.True(lag.TryGetProperty(figure, out _), figure));

        var notify = Assert.Single(ingestion.Items, i => i is { Type: "RequestData", Name: "notify" });
        Assert.Equal("AlertRaised", notify.Properties["crm.subject"]);
        Assert.All(ingestion.Items, i => Assert.DoesNotContain(Some.OpenId, i.Raw, StringComparison.Ordinal));
        Assert.All(ingestion.Items, i => Assert.DoesNotContain("机密", i.Raw, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gauge_is_sent_once_for_each_upkeep_so_that_the_last_one_counts()
    {
        await using var app = await Complain(traceRatio: "1");
        ingestion.Items.Clear();
        app.Services.GetRequiredService<MeterProvider>().ForceFlush();
        Assert.DoesNotContain(ingestion.Items, i => i.Name is Telemetry.AlertsOverdue or Telemetry.ReportsMissing or Telemetry.DeadLetterCount or Telemetry.SpillWaiting);
    }

    [Fact]
    public async Task Fewer_spans_leave_every_metric_where_it_is()
    {
        await using var app = await Complain(traceRatio: "0");
        Assert.DoesNotContain(ingestion.Items, i => i.Type == "RequestData");
        Assert.Contains(ingestion.Items, i => i.Name == Telemetry.AlertsOverdue);
    }

    public void Dispose()
    {
        ingestion.Dispose();
        store.Dispose();
    }

    // A refused call, a complaint from its event to its notice, and an upkeep.
    private async Task<WebApplication> Complain(string traceRatio)
    {
        var configuration = AzureSettingsTests.Configuration(("OTEL_TRACES_SAMPLER", "microsoft.fixed_percentage"), ("OTEL_TRACES_SAMPLER_ARG", traceRatio));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddConfiguration(configuration);
        builder.Services.AddCrmAzure(configuration).AddSingleton(store.Documents).AddKeyedSingleton(CrmServices.SpillStore, store.Documents)
            .AddSingleton<IMessageBus>(bus).AddSingleton(Mock.Of<IBrokerDeadLetters>()).AddSingleton(Mock.Of<INotifier>())
            .PostConfigureAll<AzureMonitorExporterOptions>(o =>
            {
                (o.Credential, o.DisableOfflineStorage) = (new Credential(), true);
                o.Transport = new HttpClientTransport(ingestion);
            });
        var app = builder.Build();
        var services = app.Services;
        var (metrics, traces) = (services.GetRequiredService<MeterProvider>(), services.GetRequiredService<TracerProvider>());
        await services.GetRequiredService<HttpHandOver>().Answer(new DefaultHttpContext
        {
            RequestServices = services, Request = { Method = "POST", Path = "/api/wechat/nobody" }, Response = { Body = new MemoryStream() },
        });
        var runner = services.GetRequiredService<PipelineRunner>();
        await runner.Run("alert", Some.Text("我要维权，机密").ToUtf8Bytes(), 1, default);
        await runner.Run("notify", bus.Facts.Single(f => f.Subject == Subjects.AlertRaised).ToUtf8Bytes(), 1, default);
        await services.GetRequiredService<KeepUp>().Run(default);
        metrics.ForceFlush();
        traces.ForceFlush();
        return app;
    }

    private sealed record Item(string Type, string Name, JsonElement Value, IReadOnlyDictionary<string, string> Properties, string Raw);

    /// <summary>Takes what the exporter sends: lines of JSON, zipped.</summary>
    private sealed class Ingestion : HttpMessageHandler
    {
        public List<Item> Items { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal($"Bearer {Credential.Token}", $"{request.Headers.Authorization}");
            var content = await request.Content!.ReadAsStreamAsync(cancellationToken);
            if (request.Content.Headers.ContentEncoding.Contains("gzip")) content = new GZipStream(content, CompressionMode.Decompress);
            using var reader = new StreamReader(content, Encoding.UTF8);
            var lines = (await reader.ReadToEndAsync(cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lock (Items) Items.AddRange(lines.Select(Read));
            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent($$"""{"itemsReceived":{{lines.Length}},"itemsAccepted":{{lines.Length}},"errors":[]}""", Encoding.UTF8, "application/json"),
            };
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.Run(() => SendAsync(request, cancellationToken), cancellationToken).GetAwaiter().GetResult();

        private static Item Read(string line)
        {
            var data = JsonDocument.Parse(line).RootElement.GetProperty("data");
            var content = data.GetProperty("baseData");
            var value = content.TryGetProperty("metrics", out var metrics) ? metrics[0] : content;
            var properties = content.TryGetProperty("properties", out var given)
                ? given.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal)
                : [];
            return new(data.GetProperty("baseType").GetString()!, value.TryGetProperty("name", out var name) ? name.GetString()! : "", value, properties, line);
        }
    }
}
