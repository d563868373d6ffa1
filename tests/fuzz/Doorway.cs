using System.Net;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Rules;
using CrmServerless.Crm.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrmServerless.Fuzz;

/// <summary>What came back, and what was published of it.</summary>
public sealed record Outcome(int Status, IHeaderDictionary Headers, byte[] Body, Envelope? Fact);

/// <summary>The callback endpoint as hosts map it, called without a network, on a bus that keeps the last fact only.</summary>
public sealed class Doorway : IMessageBus, IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly Dictionary<string, RequestDelegate> byMethod = new(StringComparer.Ordinal);
    private Envelope? last;

    public Doorway(TimeProvider clock, FloodOptions? flood = null, ReceiveOptions? receive = null)
    {
        services = new ServiceCollection()
            .AddSingleton(clock)
            .AddSingleton(new AccountBook(Targets.All.Select(t => t.Account)))
            .AddSingleton<IMessageBus>(this)
            .AddSingleton<IDocuments, RulesOnly>()
            .AddKeyedSingleton<IDocuments, RulesOnly>(CrmServices.SpillStore)
            .AddSingleton(flood ?? new FloodOptions())
            .AddSingleton(receive ?? new ReceiveOptions())
            .AddLogging(logging => logging.ClearProviders().AddProvider(Log))
            .AddCrm()
            .BuildServiceProvider();
        var routes = new Routes(services);
        services.GetRequiredService<ReceiveEndpoint>().Map(routes);
        foreach (var endpoint in routes.DataSources.SelectMany(source => source.Endpoints))
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods) byMethod[method] = endpoint.RequestDelegate!;
    }

    /// <summary>Reads the rules that answer in the response, as a host does before it listens.</summary>
    public ValueTask LoadRules() => Get<RuleBook>().Refresh(CancellationToken.None);

    /// <summary>All that was logged.</summary>
    public LogPages Log { get; } = new();

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public async Task<Outcome> Call(string method, string account, string query, Stream body, long? length, string? contentType, IPAddress? from)
    {
        last = null;
        var answer = new MemoryStream();
        var http = new DefaultHttpContext { RequestServices = services };
        (http.Request.Method, http.Request.Path, http.Request.QueryString) = (method, $"/api/wechat/{account}", new QueryString(query));
        (http.Request.Body, http.Request.ContentLength, http.Request.ContentType) = (body, length, contentType);
        http.Request.RouteValues["account"] = account;
        http.Connection.RemoteIpAddress = from;
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer));
        await byMethod[method](http);
        return new Outcome(http.Response.StatusCode, http.Response.Headers, answer.ToArray(), last);
    }

    Task IMessageBus.Publish(IReadOnlyList<OutgoingFact> facts, CancellationToken ct)
    {
        last = facts[0].Fact;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private sealed class Routes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IServiceProvider ServiceProvider => services;

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
