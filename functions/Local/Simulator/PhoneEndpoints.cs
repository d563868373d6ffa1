using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Api;
using CrmServerless.Local.Simulator.Front;
using CrmServerless.Local.Simulator.OfficialAccount;

namespace CrmServerless.Local.Simulator;

public sealed record PhoneResult(string Kind, IReadOnlyList<CallbackDelivery> Deliveries);

/// <param name="Account">The account.</param>
/// <param name="Customers">1 to 1,000.</param>
/// <param name="PerCustomer">Texts a customer, 1 to 1,000; together at most 100,000.</param>
/// <param name="Duplicates">Share of texts that are delivered twice, 0 to 1.</param>
public sealed record BurstOrder(string Account = "main", int Customers = 50, int PerCustomer = 20, double Duplicates = 0.1);

public sealed record BurstResult(int Sent, int Accepted, double Ms);

public sealed record MenuButton(string Key, string Name)
{
    /// <summary>What it opens, where it opens something.</summary>
    public string? Url { get; init; }
}

public sealed record SceneCode(string Scene, string Name);

/// <param name="Account">The account that the page's phone follows.</param>
/// <param name="Brand">Its name.</param>
/// <param name="Menu">The menu below the chat.</param>
/// <param name="Scenes">Codes to scan.</param>
/// <param name="Demo">Whether a day of customers is being played.</param>
/// <param name="Profiles">How WeChat behaves where it does not behave normally.</param>
/// <param name="NotListed">Accounts whose console does not list our address.</param>
/// <param name="SecretsReset">Accounts whose app secret was reset in the console.</param>
public sealed record SimulatorStatus(
    string Account, string Brand, IReadOnlyList<MenuButton> Menu, IReadOnlyList<SceneCode> Scenes, bool Demo,
    IReadOnlyList<FaultProfile> Profiles, IReadOnlyCollection<string> NotListed, IReadOnlyList<string> SecretsReset);

/// <summary>Drives the phone: <c>/simulator/...</c>. Absent with <c>--real</c>.</summary>
public sealed class PhoneEndpoints(
    Phone phone, PhoneOutbox outbox, MediaStore media, Troubles troubles, AccountBook accounts, OaAccounts officialAccounts, SimulatorStore store,
    ProfileEndpoints profiles, AllowLists lists, AppSecrets secrets, Hosting.LocalOptions options, TimeProvider clock)
{
    private static readonly MenuButton[] StandardMenu = [new("MENU_OFFERS", "今日优惠"), new("MENU_STORES", "附近门店"), new("MENU_SERVICE", "联系客服")];

    public void Map(OperatorRoutes api)
    {
        api.Get("/simulator/status", Role.Viewer, Status);
        api.Get("/simulator/outbox", Role.Viewer, Outbox);
        api.Get("/simulator/media/{id}", Role.Viewer, Media);
        api.Post("/simulator/phone", Role.Agent, Act);
        api.Post("/simulator/burst", Role.Agent, Burst);
        api.Post("/simulator/troubles", Role.Agent, SetTroubles);
    }

    private async Task Status(HttpContext http, Operator caller)
    {
        await store.Ready(http.RequestAborted);
        var shown = accounts.All.FirstOrDefault(a => !a.IsWeCom) ?? accounts.All.First();
        await http.Write(
            new SimulatorStatus(shown.Name, "青禾茶铺", MenuOf(shown), [new("store-042", "扫门店码"), new("campaign-spring", "扫活动码")], options.Demo, profiles.InForce, lists.Closed, secrets.Reset),
            SimulatorJson.Types.SimulatorStatus);
    }

    private IReadOnlyList<MenuButton> MenuOf(Account account)
    {
        var state = officialAccounts.Of(account);
        lock (state.Gate) return OaMenus.OnPhone(state) ?? StandardMenu;
    }

    private async Task Outbox(HttpContext http, Operator caller)
    {
        var staff = http.Query("userid");
        if ((staff ?? http.Query("externalUserid") ?? http.Query("openid")) is not { } id)
        {
            await http.Problem(400, "openid is missing; of WeCom externalUserid or userid.");
            return;
        }

        await http.Write(new ListOf<PhoneMessage>(await outbox.Read(id, http.Take(), http.RequestAborted, staff is not null), null), SimulatorJson.Types.ListOfPhoneMessage);
    }

    private async Task Media(HttpContext http, Operator caller)
    {
        await store.Ready(http.RequestAborted);
        if (media.Read(http.Route("id"), clock.GetUtcNow()) is not var (medium, bytes))
        {
            await http.Missing("medium");
            return;
        }

        http.Response.ContentType = medium.ContentType;
        // Whatever a caller has uploaded: it is shown, and runs nothing.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private async Task Act(HttpContext http, Operator caller)
    {
        if (await http.ReadJson(SimulatorJson.Types.PhoneAct) is not { } act) return;
        if (accounts.Find(act.Account) is not { } account) await http.Missing("account");
        else if (string.IsNullOrEmpty(act.Openid) || act.Copies is < 1 or > 10) await http.Problem(422, "Give an openid; copies are 1 to 10.");
        else if (await phone.Act(account, act, http.RequestAborted) is not { } result) await http.Problem(422, "There is no such act, or no such code any more.");
        else await http.Write(result, SimulatorJson.Types.PhoneResult);
    }

    private async Task SetTroubles(HttpContext http, Operator caller)
    {
        if (await http.ReadJson(SimulatorJson.Types.TroubleShares) is not { } shares) return;
        if (shares.Fault is { } fault)
        {
            await http.Problem(422, fault);
            return;
        }

        troubles.Shares = shares;
        await http.Write(shares, SimulatorJson.Types.TroubleShares);
    }

    private async Task Burst(HttpContext http, Operator caller)
    {
        if (await http.ReadJson(SimulatorJson.Types.BurstOrder) is not { } order) return;
        if (accounts.Find(order.Account) is not { } account) await http.Missing("account");
        else if (order.Customers is < 1 or > 1000 || order.PerCustomer is < 1 or > 1000 || order.Customers * order.PerCustomer > 100_000 || order.Duplicates is not (>= 0 and <= 1))
            await http.Problem(422, "customers and perCustomer: 1 to 1000, together at most 100000; duplicates: 0 to 1.");
        else await http.Write(await phone.Burst(account, order, http.RequestAborted), SimulatorJson.Types.BurstResult);
    }
}
