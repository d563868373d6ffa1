using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Alerts;
using CrmServerless.Crm.Api;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Notify;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Reports;
using CrmServerless.Crm.Rules;
using CrmServerless.Crm.Stats;
using CrmServerless.Crm.Storage;
using CrmServerless.Crm.Tags;
using CrmServerless.Crm.Upkeep;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;
using CrmServerless.WeChat.Api.WeCom;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CrmServerless.Crm;

/// <summary>
/// The pipeline's own parts. A host adds what it stands on: <see cref="IDocuments"/>, a second one keyed
/// <see cref="SpillStore"/>, <see cref="IMessageBus"/>, <see cref="IBrokerDeadLetters"/>, <see cref="INotifier"/>, accounts, the clock, an
/// <see cref="HttpClient"/>, <see cref="OperatorResolver"/> and <see cref="HostProbe"/>.
/// </summary>
public static class CrmServices
{
    /// <summary>Key of the documents that must not share the bus's fate.</summary>
    public const string SpillStore = "spill";

    public static IServiceCollection AddCrm(this IServiceCollection services)
    {
        services.TryAddSingleton(new ReceiveOptions());
        services.TryAddSingleton(new FloodOptions());
        services.TryAddSingleton(new FailureOptions());
        services.TryAddSingleton(new AlertOptions());
        services.TryAddSingleton(new WeChatApiOptions());
        services.AddMetrics();
        services.AddSingleton<Telemetry>();
        services.AddSingleton<Progress>();
        services.AddSingleton<DurablePublisher>();
        services.AddSingleton<FloodGate>();
        services.AddSingleton<UnfinishedBodies>();
        services.AddSingleton<ReceiveEndpoint>();
        services.AddSingleton(p => new Spill(
            p.GetRequiredKeyedService<IDocuments>(SpillStore), p.GetRequiredService<IMessageBus>(), p.GetRequiredService<DeadLetters>()));
        services.AddSingleton<RuleBook>();
        services.AddHostedService<RuleWatch>();
        services.AddSingleton<PassiveAnswers>();
        services.AddSingleton<CustomerFiles>();
        services.AddSingleton<CustomerCommit>();
        services.AddSingleton<ChatCommit>();
        services.AddSingleton<SendLedger>();
        services.AddSingleton<Postponement>();
        services.AddSingleton<MediaAssets>();
        services.AddSingleton<MediaIds>();
        services.AddSingleton<SendMessage>();
        services.AddSingleton<CarriedTags>();
        services.AddSingleton<OfficialAccountTags>();
        services.AddSingleton<WeComTags>();
        services.AddSingleton<ShareTags>();
        services.AddSingleton<CarryTag>();
        services.AddSingleton<ISharedState, DocumentsState>();
        services.AddSingleton<TokenCentre>();
        services.AddSingleton<ApiGates>();
        services.AddSingleton<WeChatTransport>();
        services.AddSingleton<OfficialAccountApi>();
        services.AddSingleton<WeComApi>();
        services.AddSingleton<AlertBook>();
        services.AddSingleton<CloseAlert>();
        services.AddSingleton<StatsTable>();
        services.AddSingleton<ReportBook>();
        services.AddSingleton<DeadLetters>();
        services.AddSingleton<HandleCustomerFact>();
        services.AddSingleton<SendReply>();
        services.AddSingleton<RaiseAlert>();
        services.AddSingleton<SendNotice>();
        services.AddSingleton<CountFacts>();
        services.AddSingleton<BuildReport>();
        services.AddSingleton<CountBacklog>();
        services.AddSingleton<KeepUp>();
        services.AddSingleton(p => new PipelineRunner(
            Handlers(p), p.GetRequiredService<DeadLetters>(), p.GetRequiredService<Progress>(), p.GetRequiredService<FailureOptions>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<HealthApi>();
        services.AddSingleton<CustomersApi>();
        services.AddSingleton<AlertsApi>();
        services.AddSingleton<ReportsApi>();
        services.AddSingleton<RulesApi>();
        services.AddSingleton<MediaApi>();
        services.AddSingleton<AccountsApi>();
        services.AddSingleton<DeadLettersApi>();
        services.AddSingleton<AuditTrail>();
        return services;
    }

    private static Dictionary<string, BatchHandler> Handlers(IServiceProvider services) => new(StringComparer.Ordinal)
    {
        ["customer"] = One(services.GetRequiredService<HandleCustomerFact>().Handle),
        ["tag"] = One(services.GetRequiredService<CarryTag>().Handle),
        ["reply"] = One(services.GetRequiredService<SendReply>().Handle),
        ["alert"] = One(services.GetRequiredService<RaiseAlert>().Handle),
        ["notify"] = One(services.GetRequiredService<SendNotice>().Handle),
        ["stats"] = services.GetRequiredService<CountFacts>().Handle,
    };

    private static BatchHandler One(Func<StageDelivery, CancellationToken, Task> handle) => async (batch, ct) =>
    {
        foreach (var delivery in batch) await handle(delivery, ct);
    };
}
