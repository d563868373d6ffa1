using CrmServerless.Crm;
using CrmServerless.Crm.Api;
using OpenTelemetry.Metrics;

namespace CrmServerless.Local.Hosting;

/// <summary><c>GET /metrics</c>: what <see cref="Telemetry"/> measures, in the text form of Prometheus.</summary>
public static class Metrics
{
    private const string Path = "/metrics";

    public static void AddMetricsText(this IServiceCollection services) =>
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(Telemetry.Name).AddPrometheusExporter());

    /// <summary>Behind the guard of all operators' routes, which the exporter's own endpoint would not have.</summary>
    public static void Map(OperatorRoutes api, WebApplication app)
    {
        var scrape = new ApplicationBuilder(app.Services).UseOpenTelemetryPrometheusScrapingEndpoint(Path).Build();
        api.Get(Path, Role.Viewer, (http, _) => scrape(http));
    }
}
