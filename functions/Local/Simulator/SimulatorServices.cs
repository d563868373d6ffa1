using CrmServerless.Crm.Api;
using CrmServerless.Local.Simulator.Front;
using CrmServerless.Local.Simulator.OfficialAccount;
using CrmServerless.Local.Simulator.WeCom;

namespace CrmServerless.Local.Simulator;

/// <summary>The composition of the simulator: two platforms, the phones, and the addresses that drive them.</summary>
public static class SimulatorServices
{
    /// <param name="services">Accounts, the clock, <see cref="OwnAddress"/> and the options must be there too.</param>
    /// <param name="folder">Where WeChat keeps its files.</param>
    /// <param name="followers">Followers of each Official Account from the start.</param>
    public static void AddSimulator(this IServiceCollection services, string folder, int followers)
    {
        services.AddSingleton(_ => new SimulatorStore(Path.Combine(folder, "simulator.db")));
        services.AddSingleton(p => new MediaStore(p.GetRequiredService<SimulatorStore>(), Path.Combine(folder, "simulator-media")));
        services.AddSingleton(new CrowdSize(followers));
        services.AddSingleton<FaultProfiles>();
        services.AddSingleton<CallQuotas>();
        services.AddSingleton<AllowLists>();
        services.AddSingleton<AppSecrets>();
        services.AddSingleton<CallbackQueue>();
        services.AddSingleton<CallbackCourier>();
        services.AddSingleton<PhoneOutbox>();
        services.AddSingleton<Platforms>();
        services.AddSingleton<MessageIds>();
        AddOfficialAccount(services);
        AddWeCom(services);
        services.AddSingleton<Phone>();
        services.AddSingleton<PhoneEndpoints>();
        services.AddSingleton<DeskEndpoints>();
        services.AddSingleton<ProfileEndpoints>();
        services.AddSingleton<SecretEndpoints>();
    }

    /// <summary>The platforms' own addresses, which take tokens, and those by which an operator drives them.</summary>
    public static void MapSimulator(this IEndpointRouteBuilder endpoints, OperatorRoutes api)
    {
        var services = endpoints.ServiceProvider;
        Front(services, services.GetRequiredService<OaPlatform>()).Map(endpoints);
        Front(services, services.GetRequiredService<WeComPlatform>()).Map(endpoints);
        services.GetRequiredService<PhoneEndpoints>().Map(api);
        services.GetRequiredService<DeskEndpoints>().Map(api);
        services.GetRequiredService<CompanyEndpoints>().Map(api);
        services.GetRequiredService<ProfileEndpoints>().Map(api);
        services.GetRequiredService<SecretEndpoints>().Map(api);
    }

    /// <summary>What every call to a platform goes through.</summary>
    public static ApiFront Front(IServiceProvider services, Platform platform) => ActivatorUtilities.CreateInstance<ApiFront>(services, platform);

    private static void AddOfficialAccount(IServiceCollection services)
    {
        services.AddSingleton<SimulatedFollowers>();
        services.AddSingleton<OaAccounts>();
        services.AddSingleton<OaPlatform>();
        services.AddSingleton<OaTokens>();
        services.AddSingleton<IOaFamily>(p => p.GetRequiredService<OaTokens>());
        services.AddSingleton<OaRids>();
        services.AddSingleton<IOaFamily>(p => p.GetRequiredService<OaRids>());
        services.AddSingleton<IOaFamily, OaUsers>();
        services.AddSingleton<IOaFamily, OaTags>();
        services.AddSingleton<IOaFamily, OaBlacklist>();
        services.AddSingleton<IOaFamily, OaCustomMessages>();
        services.AddSingleton<IOaFamily, OaTemplates>();
        services.AddSingleton<IOaFamily, OaMedia>();
        services.AddSingleton<IOaFamily, OaMenus>();
        services.AddSingleton<IOaFamily, OaQrCodes>();
        services.AddSingleton<IOaFamily, OaDesk>();
        services.AddSingleton<IOaFamily, OaSessions>();
        services.AddSingleton<IOaFamily, OaFigures>();
        services.AddSingleton<IOaFamily, OaQuotas>();
    }

    private static void AddWeCom(IServiceCollection services)
    {
        services.AddSingleton<Companies>();
        services.AddSingleton<CompanyActs>();
        services.AddSingleton<CompanyEndpoints>();
        services.AddSingleton<WeComPlatform>();
        services.AddSingleton<WeComTokens>();
        services.AddSingleton<IWeComFamily>(p => p.GetRequiredService<WeComTokens>());
        services.AddSingleton<IWeComFamily, WeComCustomers>();
        services.AddSingleton<IWeComFamily, WeComCorpTags>();
        services.AddSingleton<IWeComFamily, WeComContactWays>();
        services.AddSingleton<IWeComFamily, WeComWelcome>();
        services.AddSingleton<IWeComFamily, WeComGroups>();
        services.AddSingleton<IWeComFamily, WeComTransfers>();
        services.AddSingleton<IWeComFamily, WeComMassMessages>();
        services.AddSingleton<IWeComFamily, WeComStaffMessages>();
        services.AddSingleton<IWeComFamily, WeComDirectory>();
        services.AddSingleton<IWeComFamily, WeComMedia>();
        services.AddSingleton<IWeComFamily, WeComFigures>();
        services.AddSingleton<IWeComFamily, WeComMoments>();
        services.AddSingleton<IWeComFamily, WeComAcquisition>();
        services.AddSingleton<IWeComFamily, WeComIdentities>();
        services.AddSingleton<IWeComFamily, WeComAddresses>();
    }
}
