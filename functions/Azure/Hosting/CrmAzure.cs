using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Messaging.EventGrid;
using Azure.Messaging.ServiceBus;
using Azure.Monitor.OpenTelemetry.Exporter;
using CrmServerless.Azure.Cosmos;
using CrmServerless.Azure.Messaging;
using CrmServerless.Azure.Notify;
using CrmServerless.Azure.Tables;
using CrmServerless.Crm;
using CrmServerless.Crm.Api;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Notify;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Storage;
using CrmServerless.WeChat.Api;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace CrmServerless.Azure.Hosting;

/// <summary>The composition of the pipeline on Azure. Every client lives as long as the process; none holds a key.</summary>
public static class CrmAzure
{
    /// <summary>Our own traces and meters; those of the SDKs may name what belongs to a customer.</summary>
    private const string OurTelemetry = "CrmServerless*";

    /// <exception cref="SettingsException">Settings are missing or wrong.</exception>
    public static IServiceCollection AddCrmAzure(this IServiceCollection services, IConfiguration configuration) =>
        services.AddCrmAzure(AzureSettings.Read(configuration));

    public static IServiceCollection AddCrmAzure(this IServiceCollection services, AzureSettings settings)
    {
        var credential = CredentialOf(settings);
        services.AddSingleton(settings.Accounts);
        services.AddSingleton(settings.Alerts);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(credential);
        AddStores(services, settings);
        services.AddSingleton(p => new ServiceBusClient(settings.ServiceBusNamespace, p.GetRequiredService<TokenCredential>(), ServiceBusBus.ClientOptions()));
        services.AddSingleton<IMessageBus, ServiceBusBus>();
        services.AddSingleton<IBrokerDeadLetters, ServiceBusDeadLetters>();
        services.AddSingleton(p => new EventGridPublisherClient(settings.EventGridEndpoint, p.GetRequiredService<TokenCredential>(), EventGridNotifier.ClientOptions()));
        services.AddSingleton<INotifier, EventGridNotifier>();
        services.AddSingleton(_ => new HttpClient(WeChatHttp.Handler()));
        // The Functions host hands calls over from its own address: here all callers are one.
        services.AddSingleton(new FloodOptions { PerAddress = new FloodOptions().Total });
        services.AddCrm();
        services.AddSingleton<OperatorResolver>(p =>
        {
            if (!settings.SignIn)
                p.GetRequiredService<ILogger<AppServiceOperators>>().LogWarning("App Service authentication is off (WEBSITE_AUTH_ENABLED): nobody is an operator");
            return new AppServiceOperators(settings.SignIn).Resolve;
        });
        // Depths are in the portal and in the alerts of infra/; counting them here would need rights to manage the bus.
        services.AddSingleton<HostProbe>(() => new HostHealth("azure", Simulator: false, []));
        services.AddRouting();
        services.AddSingleton<HttpHandOver>();
        if (settings.InsightsConnectionString is { } insights) AddTelemetry(services, insights, credential);
        return services;
    }

    // On a developer's machine there is no managed identity; whoever is signed in there stands in for it.
    private static TokenCredential CredentialOf(AzureSettings settings) => settings.ClientId is { } id
        ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(id))
        : new DefaultAzureCredential();

    private static void AddStores(IServiceCollection services, AzureSettings settings)
    {
        services.AddSingleton(p => new CosmosClient(settings.CosmosEndpoint.AbsoluteUri, p.GetRequiredService<TokenCredential>(), new CosmosClientOptions
        {
            ApplicationName = "crm", ConnectionMode = ConnectionMode.Direct, RequestTimeout = TimeSpan.FromSeconds(10),
            // The stages wait longer, and hold their lane while they do.
            MaxRetryAttemptsOnRateLimitedRequests = 3, MaxRetryWaitTimeOnRateLimitedRequests = TimeSpan.FromSeconds(5),
        }));
        services.AddSingleton<IDocuments>(p => new AzureDocuments(
            new CosmosDocuments(p.GetRequiredService<CosmosClient>().GetDatabase(settings.CosmosDatabase)),
            new TableDocuments(new TableServiceClient(settings.TablesEndpoint, p.GetRequiredService<TokenCredential>()), [Collections.Stats])));
        services.AddKeyedSingleton<IDocuments>(CrmServices.SpillStore, (p, _) =>
            new TableDocuments(new TableServiceClient(settings.SpillEndpoint, p.GetRequiredService<TokenCredential>(), SpillOptions()), [Collections.Spill]));
    }

    // Receive gives the spill 1.5 s.
    private static TableClientOptions SpillOptions() => new()
    {
        Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromMilliseconds(100), NetworkTimeout = TimeSpan.FromSeconds(1) },
    };

    private static void AddTelemetry(IServiceCollection services, string connectionString, TokenCredential credential) => services.AddOpenTelemetry()
        .WithTracing(traces => traces.AddSource(OurTelemetry).AddAzureMonitorTraceExporter(o => o.ConnectionString = connectionString, credential))
        .WithMetrics(metrics => metrics.AddMeter(OurTelemetry).AddAzureMonitorMetricExporter(o => o.ConnectionString = connectionString, credential));
}
