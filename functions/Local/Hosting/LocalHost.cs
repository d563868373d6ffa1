using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Api;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Notify;
using CrmServerless.Crm.Storage;
using CrmServerless.Local.Demo;
using CrmServerless.Local.Simulator;
using CrmServerless.Local.Simulator.Front;
using CrmServerless.Local.Simulator.OfficialAccount;
using CrmServerless.Local.Sqlite;
using CrmServerless.WeChat.Api;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Data.Sqlite;

namespace CrmServerless.Local.Hosting;

/// <summary>The composition of the one-process host: callback endpoint, stages, timers, ops API, page, simulator.</summary>
public static class LocalHost
{
    /// <summary>How long what is in flight may take to finish when the host stops.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);

    private const int MaxConnections = 20_000;

    /// <summary>Builds and starts a host; it listens when the task completes.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="settings">Accounts and owners.</param>
    /// <param name="clock">Null: the system's, or with <c>--demo</c> a <see cref="DemoClock"/>.</param>
    /// <param name="configure">Replaces parts, for tests.</param>
    /// <exception cref="StartException">The folder or the port cannot be had; one sentence.</exception>
    public static async Task<WebApplication> Start(
        LocalOptions options, LocalSettings settings, TimeProvider? clock = null, Action<IServiceCollection>? configure = null)
    {
        var folder = CreateFolder(options.DataFolder);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            // What one connection may cost before and between calls. Many slow ones must leave room for WeChat's, so their
            // number is bounded by what memory bears (some 10 KiB each), and a connection that says nothing does not stay.
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.MaxRequestBufferSize = 128 * 1024;
        });
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true)
            .SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.None)
            // What keeps the host from starting is said in one sentence by Program; a dead background service is critical.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainLimit + TimeSpan.FromSeconds(5));
        AddServices(builder.Services, options, settings, folder, clock ?? TimeProvider.System);
        configure?.Invoke(builder.Services);

        var app = builder.Build();
        try
        {
            Map(app, options);
            // What WeChat remembers must be there before anybody asks it.
            if (!options.Real) await app.Services.GetRequiredService<SimulatorStore>().Ready(CancellationToken.None);
            await app.StartAsync();
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await app.DisposeAsync();
            throw new StartException($"{options.Urls} is taken by another program: stop it, or choose another address with --urls http://127.0.0.1:7072.", e);
        }
        catch (FileOwnedException e)
        {
            await app.DisposeAsync();
            throw new StartException($"{e.Message} Choose another with --data DIR.", e);
        }
        catch (SqliteException e)
        {
            await app.DisposeAsync();
            throw new StartException($"A database cannot be used: {FirstLine(e)}. Put a copy of the folder back, or choose another with --data DIR.", e);
        }
        catch (Exception e) when (e is TransientException or InvalidOperationException)
        {
            await app.DisposeAsync();
            throw new StartException($"The databases in {folder} cannot be opened: {FirstLine(e)}. Choose another folder with --data DIR.", e);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        app.Services.GetRequiredService<OwnAddress>().Uri = Address(app);
        return app;
    }

    /// <summary>Where the host listens.</summary>
    public static Uri Address(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    private static void AddServices(IServiceCollection services, LocalOptions options, LocalSettings settings, string folder, TimeProvider clock)
    {
        services.AddSingleton(options);
        services.AddSingleton(settings.Accounts);
        services.AddSingleton(settings.Alerts);
        services.AddSingleton(settings.Flood);
        services.AddSingleton(clock);
        services.AddSingleton(p =>
        {
            // Not when it is needed: the last fault may be that of the last write, when there are no services any more.
            var log = p.GetRequiredService<ILogger<SqliteBus>>();
            return new SqliteBus(
                new SqliteBusOptions
                {
                    Path = Path.Combine(folder, "bus.db"), Stages = Pipeline.Stages,
                    OnFault = fault => log.LogError("The broker could not note what is done; it tries again: {Fault}", fault.Message),
                },
                p.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton<Crm.Delivery.IBrokerDeadLetters, LocalBrokerDeadLetters>();
        services.AddSingleton<IMessageBus>(p => p.GetService<Troubles>() is { } troubles
            ? new TroubledBus(p.GetRequiredService<SqliteBus>(), troubles, p.GetRequiredService<TimeProvider>())
            : p.GetRequiredService<SqliteBus>());
        services.AddSingleton<IDocuments>(_ => new SqliteDocuments(Path.Combine(folder, "documents.db"), [Collections.Customers, Collections.Work, Collections.Stats]));
        services.AddKeyedSingleton<IDocuments>(CrmServices.SpillStore, (p, _) =>
        {
            var spill = new SqliteDocuments(Path.Combine(folder, "spill.db"), [Collections.Spill]);
            return p.GetService<Troubles>() is { } troubles ? new TroubledDocuments(spill, troubles) : spill;
        });
        services.AddCrm();
        services.AddMetricsText();
        services.AddSingleton<OwnAddress>();
        services.AddSingleton<OperatorResolver>(LocalOperators.Resolve);
        services.AddSingleton<HostProbe>(p => () => new HostHealth("local", !options.Real, Queues.Of(p.GetRequiredService<SqliteBus>(), p.GetRequiredService<TimeProvider>())));
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<INotifier, LocalNotifier>();
        services.AddSingleton(p => options.Real
            ? new HttpClient(WeChatHttp.Handler())
            : new HttpClient(new ToSimulator(p.GetRequiredService<OwnAddress>())));
        if (!options.Real) AddSimulator(services, options, folder);
        if (!options.ReceiveOnly) services.AddHostedService<StageWorkers>();
        services.AddHostedService<Timers>();
    }

    private static void AddSimulator(IServiceCollection services, LocalOptions options, string folder)
    {
        services.AddSingleton(new Troubles(options.Troubles ?? new TroubleShares()));
        services.AddSimulator(folder, options.Followers);
        services.AddHostedService<CallbackPump>();
        services.AddSingleton<PowerCutEndpoints>();
        services.AddSingleton<DemoDay>();
    }

    private static void Map(WebApplication app, LocalOptions options)
    {
        app.MapCrm();
        var api = new OperatorRoutes(app, app.Services.GetRequiredService<OperatorResolver>());
        app.Services.GetRequiredService<LiveFeed>().Map(api);
        Page.Map(api);
        Metrics.Map(api, app);
        if (options.Real) return;
        app.MapSimulator(api);
        app.Services.GetRequiredService<PowerCutEndpoints>().Map(api, app.Lifetime);
        WatchSimulator(app.Services);
    }

    private static void WatchSimulator(IServiceProvider services)
    {
        var (feed, accounts) = (services.GetRequiredService<LiveFeed>(), services.GetRequiredService<AccountBook>());
        services.GetRequiredService<PhoneOutbox>().Arrived += message => feed.Send("phone", message, SimulatorJson.Types.PhoneMessage);
        // A script may sign its own callbacks; then WeChat's part is to know that this customer has written.
        var (officialAccounts, clock) = (services.GetRequiredService<OaAccounts>(), services.GetRequiredService<TimeProvider>());
        services.GetRequiredService<Crm.Delivery.Progress>().Answered += ack =>
        {
            if (ack is { Key: { } key, Kind: { } kind } && Keys.HasCustomer(key) && accounts.Find(Keys.Account(key)) is { IsWeCom: false } account)
                officialAccounts.Observe(account, Keys.OpenId(key), kind, clock.GetUtcNow());
        };
    }

    private static string FirstLine(Exception fault) => fault.Message.Split('\n')[0].TrimEnd('.');

    private static string CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, ".writable");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The folder {folder} cannot be written: {e.Message} Choose another with --data DIR.", e);
        }
    }
}
