using Azure.Core;
using Azure.Identity;
using CrmServerless.Azure.Hosting;
using CrmServerless.Azure.Messaging;
using CrmServerless.Azure.Notify;
using CrmServerless.Azure.Tables;
using CrmServerless.Crm;
using CrmServerless.Crm.Api;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Notify;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Reports;
using CrmServerless.Crm.Storage;
using CrmServerless.Crm.Upkeep;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace CrmServerless.Tests.Azure.Hosting;

/// <summary>The composition: everything that the app needs can be made from its settings, without a call to anywhere.</summary>
public sealed class CrmAzureTests
{
    [Fact]
    public async Task Everything_that_the_triggers_need_can_be_made()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddCrmAzure(AzureSettingsTests.Configuration());
        await using var app = builder.Build();
        var services = app.Services;

        foreach (var type in new[] { typeof(PipelineRunner), typeof(HttpHandOver), typeof(BuildReport), typeof(KeepUp) }) Assert.NotNull(services.GetRequiredService(type));
        Assert.IsType<ServiceBusBus>(services.GetRequiredService<IMessageBus>());
        Assert.IsType<ServiceBusDeadLetters>(services.GetRequiredService<IBrokerDeadLetters>());
        Assert.IsType<EventGridNotifier>(services.GetRequiredService<INotifier>());
        Assert.IsType<AzureDocuments>(services.GetRequiredService<IDocuments>());
        Assert.IsType<TableDocuments>(services.GetRequiredKeyedService<IDocuments>(CrmServices.SpillStore));
        Assert.Equal(("azure", false), services.GetRequiredService<HostProbe>()() is var health ? (health.Mode, health.Simulator) : default);
        Assert.True(services.GetRequiredService<FloodOptions>() is { PerAddress: 200, Total: 200 });
        Assert.NotNull(services.GetService<TracerProvider>());
        Assert.NotNull(services.GetService<MeterProvider>());
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000001", typeof(ManagedIdentityCredential))]
    [InlineData(null, typeof(DefaultAzureCredential))]
    public async Task The_identity_is_the_apps_own_or_the_developers(string? clientId, Type credential)
    {
        await using var services = new ServiceCollection().AddCrmAzure(AzureSettingsTests.Configuration(("Azure__ClientId", clientId))).BuildServiceProvider();
        Assert.IsType(credential, services.GetRequiredService<TokenCredential>());
    }

    [Fact]
    public async Task Without_a_connection_string_nothing_is_exported()
    {
        await using var services = new ServiceCollection().AddCrmAzure(AzureSettingsTests.Configuration(("APPLICATIONINSIGHTS_CONNECTION_STRING", null))).BuildServiceProvider();
        Assert.Null(services.GetService<TracerProvider>());
    }
}
