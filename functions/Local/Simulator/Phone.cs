using System.Diagnostics;
using System.Globalization;
using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Simulator.Front;
using CrmServerless.Local.Simulator.OfficialAccount;

namespace CrmServerless.Local.Simulator;

/// <summary>Customers' phones: each act is a real callback to the real endpoint.</summary>
public sealed class Phone(CallbackCourier courier, OaAccounts all, SimulatorStore store, PhoneOutbox outbox, MessageIds ids, TimeProvider clock)
{
    private const int Senders = 32;

    /// <summary>Null if there is no such act, or the scanned code is over.</summary>
    public async Task<PhoneResult?> Act(Account account, PhoneAct act, CancellationToken ct)
    {
        await store.Ready(ct);
        var now = clock.GetUtcNow();
        if (Scanned(account, act, now) is not { } done || PhonePayloads.Of(account, done, now, ids.Next(now)) is not var (kind, xml)) return null;
        var openId = done.Openid!;
        var heard = Remember(account, done, kind, now);
        await store.Save();
        // Whoever is on the blacklist writes to nobody.
        if (!heard) return new PhoneResult(kind, []);
        var policy = done.Retry == "error" ? RetryPolicy.Error : RetryPolicy.Timeout;
        var deliveries = await Task.WhenAll(Enumerable.Range(0, done.Copies).Select(_ => courier.Deliver(account, xml, policy, ct)));
        await Show(account, openId, [.. deliveries.SelectMany(d => d)], ct);
        return new PhoneResult(kind, [.. deliveries.SelectMany(d => d)]);
    }

    public async Task<BurstResult> Burst(Account account, BurstOrder order, CancellationToken ct)
    {
        var (started, accepted, sent) = (Stopwatch.GetTimestamp(), 0, 0);
        var run = ids.Next(clock.GetUtcNow()).ToString(CultureInfo.InvariantCulture);
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

    // A code with a ticket says its scene; who does not follow yet follows by it.
    private PhoneAct? Scanned(Account account, PhoneAct act, DateTimeOffset now)
    {
        if (act.Ticket is not { } ticket || act.Act is not ("scan" or "subscribe")) return act;
        var state = all.Of(account);
        lock (state.Gate)
        {
            if (OaQrCodes.Scene(state, ticket, now) is not { } scene) return null;
            var follows = all.Known(account, act.Openid!)?.Subscribed == true || state.Crowd.IndexOf(act.Openid!) is not null;
            return act with { Scene = scene, Act = follows ? "scan" : "subscribe" };
        }
    }

    /// <summary>What WeChat keeps of the act; false if the account never hears of it.</summary>
    private bool Remember(Account account, PhoneAct act, string kind, DateTimeOffset now)
    {
        var openId = act.Openid!;
        if (account.IsWeCom) return true;
        var state = all.Of(account);
        lock (state.Gate)
        {
            var note = state.Notes.Find(openId);
            if (note is { Blocked: true } && kind.StartsWith("oa.message.", StringComparison.Ordinal)) return false;
            all.Observe(account, openId, kind, now);
            if (act is { Act: "subscribe", Scene: { } scene }) state.Notes.Put((note ?? new FollowerNote(openId)) with { Scene = scene });
            if (act is { Act: "popup", Template: { } template, Accept: not false })
            {
                var left = state.Consents.Find(Consent.Of(openId, template))?.Left ?? 0;
                state.Consents.Put(new Consent(openId, template, left + 1));
            }

            return true;
        }
    }

    // However often it was delivered: the customer did one thing and sees one answer.
    private async Task Show(Account account, string openId, IReadOnlyList<CallbackDelivery> deliveries, CancellationToken ct)
    {
        if (deliveries.FirstOrDefault(d => d.Reply is not null)?.Reply is not { } reply) return;
        if (PhonePayloads.Shown(account, openId, reply, clock.GetUtcNow()) is { } message) await outbox.Add(message, ct);
    }
}
