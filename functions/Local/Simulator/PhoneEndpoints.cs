using System.Diagnostics;
using System.Globalization;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Api;

namespace CrmServerless.Local.Simulator;

public sealed record PhoneResult(string Kind, IReadOnlyList<CallbackDelivery> Deliveries);

/// <param name="Account">The account.</param>
/// <param name="Customers">1 to 1,000.</param>
/// <param name="PerCustomer">Texts a customer, 1 to 1,000; together at most 100,000.</param>
/// <param name="Duplicates">Share of texts that are delivered twice, 0 to 1.</param>
public sealed record BurstOrder(string Account = "main", int Customers = 50, int PerCustomer = 20, double Duplicates = 0.1);

public sealed record BurstResult(int Sent, int Accepted, double Ms);

public sealed record MenuButton(string Key, string Name);

public sealed record SceneCode(string Scene, string Name);

public sealed record SimulatorStatus(string Account, string Brand, IReadOnlyList<MenuButton> Menu, IReadOnlyList<SceneCode> Scenes, bool Demo);

/// <summary>Drives the phone: <c>/simulator/...</c>. Absent with <c>--real</c>.</summary>
public sealed class PhoneEndpoints(Phone phone, PhoneOutbox outbox, Troubles troubles, AccountBook accounts, Hosting.LocalOptions options)
{
    public void Map(OperatorRoutes api)
    {
        api.Get("/simulator/status", Role.Viewer, Status);
        api.Get("/simulator/outbox", Role.Viewer, Outbox);
        api.Post("/simulator/phone", Role.Agent, Act);
        api.Post("/simulator/burst", Role.Agent, Burst);
        api.Post("/simulator/troubles", Role.Agent, SetTroubles);
    }

    private Task Status(HttpContext http, Operator caller) => http.Write(
        new SimulatorStatus(accounts.All.First().Name, "青禾茶铺",
            [new("MENU_OFFERS", "今日优惠"), new("MENU_STORES", "附近门店"), new("MENU_SERVICE", "联系客服")],
            [new("store-042", "扫门店码"), new("campaign-spring", "扫活动码")], options.Demo),
        SimulatorJson.Types.SimulatorStatus);

    private async Task Outbox(HttpContext http, Operator caller)
    {
        if (http.Query("openid") is not { } openId)
        {
            await http.Problem(400, "openid is missing.");
            return;
        }

        await http.Write(new ListOf<PhoneMessage>(await outbox.Read(openId, http.Take(), http.RequestAborted), null), SimulatorJson.Types.ListOfPhoneMessage);
    }

    private async Task Act(HttpContext http, Operator caller)
    {
        if (await http.ReadJson(SimulatorJson.Types.PhoneAct) is not { } act) return;
        if (accounts.Find(act.Account) is not { } account) await http.Missing("account");
        else if (string.IsNullOrEmpty(act.Openid) || act.Copies is < 1 or > 10) await http.Problem(422, "Give an openid; copies are 1 to 10.");
        else if (await phone.Act(account, act, http.RequestAborted) is not { } result) await http.Problem(422, "There is no such act.");
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

/// <summary>Customers' phones: each act is a real callback to the real endpoint.</summary>
public sealed class Phone(CallbackCourier courier, SimulatedFollowers followers, PhoneOutbox outbox, Hosting.LiveFeed feed, TimeProvider clock)
{
    private const int Senders = 32;

    private long lastMsgId;

    /// <summary>Null if there is no such act.</summary>
    public async Task<PhoneResult?> Act(Account account, PhoneAct act, CancellationToken ct)
    {
        if (PhonePayloads.Of(account, act, clock.GetUtcNow(), NextMsgId()) is not var (kind, xml)) return null;
        followers.Observe(act.Openid!, kind);
        var policy = act.Retry == "error" ? RetryPolicy.Error : RetryPolicy.Timeout;
        var deliveries = await Task.WhenAll(Enumerable.Range(0, act.Copies).Select(_ => courier.Deliver(account, xml, policy, ct)));
        await Show(account, act.Openid!, [.. deliveries.SelectMany(d => d)], ct);
        return new PhoneResult(kind, [.. deliveries.SelectMany(d => d)]);
    }

    // However often it was delivered: the customer did one thing and sees one answer.
    private async Task Show(Account account, string openId, IReadOnlyList<CallbackDelivery> deliveries, CancellationToken ct)
    {
        if (deliveries.FirstOrDefault(d => d.Reply is not null)?.Reply is not { } reply) return;
        if (PhonePayloads.Shown(account, openId, reply, clock.GetUtcNow()) is not { } message) return;
        await outbox.Add(message, ct);
        feed.Send("phone", message, SimulatorJson.Types.PhoneMessage);
    }

    public async Task<BurstResult> Burst(Account account, BurstOrder order, CancellationToken ct)
    {
        var (started, accepted, sent) = (Stopwatch.GetTimestamp(), 0, 0);
        var run = NextMsgId().ToString(CultureInfo.InvariantCulture);
        var acts = Enumerable.Range(0, order.PerCustomer).SelectMany(round => Enumerable.Range(0, order.Customers).Select(c => (round, c)));
        var everySoMany = order.Duplicates > 0 ? (int)Math.Max(1, 1 / order.Duplicates) : int.MaxValue;
        await Parallel.ForEachAsync(acts, new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = ct }, async (one, token) =>
        {
            var n = Interlocked.Increment(ref sent);
            var act = new PhoneAct { Openid = $"oBurst{run}_{one.c}", Act = "text", Text = $"第 {one.round + 1} 条", Copies = n % everySoMany == 0 ? 2 : 1 };
            var result = await Act(account, act, token);
            if (result!.Deliveries.All(d => d.Accepted)) Interlocked.Increment(ref accepted);
        });
        return new BurstResult(sent, accepted, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    // Like WeChat's: 64 bits, growing, unique over restarts.
    private long NextMsgId()
    {
        while (true)
        {
            var last = Interlocked.Read(ref lastMsgId);
            var next = Math.Max(last + 1, clock.GetUtcNow().ToUnixTimeMilliseconds() << 20);
            if (Interlocked.CompareExchange(ref lastMsgId, next, last) == last) return next;
        }
    }
}
