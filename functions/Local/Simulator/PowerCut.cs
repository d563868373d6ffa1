using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Api;
using CrmServerless.Crm.Messaging;
using CrmServerless.Local.Hosting;

namespace CrmServerless.Local.Simulator;

/// <param name="Running">True while it goes on.</param>
/// <param name="Acknowledged">Callbacks that were answered with success, before or after the cut.</param>
/// <param name="Effective">Texts counted in the customers' files afterwards.</param>
/// <param name="Lost">Acknowledged, but without effect.</param>
/// <param name="Doubled">Effects beyond one a callback.</param>
/// <param name="DownMs">How long the host did not answer, in milliseconds.</param>
public sealed record PowerCutReport(bool Running, int Acknowledged, int Effective, int Lost, int Doubled, double DownMs);

/// <summary>
/// 拔电源: WeChat delivers 1,000 texts; in the middle of them the host is killed and started again. What was
/// acknowledged must then stand in the customers' files exactly once. Runs in the parent, which survives.
/// </summary>
public sealed class PowerCut(Uri address, LocalSettings settings)
{
    private const int Customers = 50;
    private const int PerCustomer = 20;
    private const int Senders = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What is not worked off yet would be counted as lost: on a slow machine that takes its time.</summary>
    private static readonly TimeSpan CountAfter = TimeSpan.FromMinutes(5);

    private readonly string run = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
    private readonly Account account = settings.Accounts.All.First();
    private readonly ConcurrentDictionary<int, int> acknowledged = new();
    private int delivered;

    /// <param name="cut">Kills the host and starts it again; gets the host's clock.</param>
    public async Task Run(Func<DateTimeOffset, Task> cut, CancellationToken ct)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) };
        var clock = new OffsetClock(await Clock(http));
        using var courier = new CallbackCourier(new OwnAddress { Uri = address }, clock);
        var half = new TaskCompletionSource();
        var sending = Send(courier, clock, half, ct);
        await half.Task.WaitAsync(ct);
        var down = Stopwatch.GetTimestamp();
        await cut(clock.GetUtcNow());
        await WaitFor(async () => (await http.GetAsync("/api/health", ct)).IsSuccessStatusCode, Patience, ct);
        var downMs = Stopwatch.GetElapsedTime(down).TotalMilliseconds;
        await sending;
        await WaitFor(() => IsIdle(http), CountAfter, ct);
        using var response = await http.PostAsJsonAsync("/simulator/powercut/report", await Count(http, downMs), SimulatorJson.Types.PowerCutReport, ct);
    }

    // One customer's texts go one after the other, as from a phone; WeChat's retries cover the time without power.
    private Task Send(CallbackCourier courier, TimeProvider clock, TaskCompletionSource half, CancellationToken stopping) =>
        Parallel.ForEachAsync(Enumerable.Range(0, Customers), new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = stopping }, async (customer, ct) =>
        {
            for (var n = 0; n < PerCustomer; n++)
            {
                var act = new PhoneAct { Openid = OpenId(customer), Act = "text", Text = $"拔电源 {n + 1}" };
                var (_, xml) = PhonePayloads.Of(account, act, clock.GetUtcNow(), RandomNumberGenerator.GetInt32(int.MaxValue))!.Value;
                if (await Persist(courier, xml, ct)) acknowledged.AddOrUpdate(customer, 1, (_, known) => known + 1);
                if (Interlocked.Increment(ref delivered) == Customers * PerCustomer / 2) half.TrySetResult();
            }
        });

    // A closed port answers at once, so that all retries would fall into the time without power; WeChat's are spread.
    private async Task<bool> Persist(CallbackCourier courier, string xml, CancellationToken ct)
    {
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(200, ct))
        {
            if ((await courier.Deliver(account, xml, RetryPolicy.Error, ct))[^1].Accepted) return true;
            if (Stopwatch.GetElapsedTime(started) > Patience) return false;
        }
    }

    private async Task<PowerCutReport> Count(HttpClient http, double downMs)
    {
        var (effective, lost, doubled) = (0, 0, 0);
        for (var customer = 0; customer < Customers; customer++)
        {
            var heard = acknowledged.GetValueOrDefault(customer);
            using var response = await http.GetAsync($"/api/customers/{Uri.EscapeDataString(Keys.Customer(account.Name, OpenId(customer)))}");
            var view = response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync(ApiJson.Types.CustomerView) : null;
            var counted = (int)(view?.Counters.In.GetValueOrDefault("oa.message.text") ?? 0);
            effective += counted;
            lost += Math.Max(0, heard - counted);
            doubled += Math.Max(0, counted - PerCustomer);
        }

        return new PowerCutReport(false, acknowledged.Values.Sum(), effective, lost, doubled, downMs);
    }

    private string OpenId(int customer) => $"oPower{run}_{customer}";

    private static async Task<DateTimeOffset> Clock(HttpClient http) =>
        (await http.GetFromJsonAsync("/api/health", ApiJson.Types.Health))!.Clock;

    private static async Task<bool> IsIdle(HttpClient http)
    {
        var health = await http.GetFromJsonAsync("/api/health", ApiJson.Types.Health);
        return health!.Spill == 0 && health.Stages.All(s => s.Waiting + s.InFlight == 0);
    }

    private static async Task WaitFor(Func<Task<bool>> condition, TimeSpan patience, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < patience)
        {
            try
            {
                if (await condition()) return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
            {
                // The host is not up yet, or so busy that it does not answer in time.
            }

            await Task.Delay(20, ct);
        }
    }

    /// <summary>The host's clock, which in a demo is not the system's.</summary>
    private sealed class OffsetClock(DateTimeOffset now) : TimeProvider
    {
        private readonly TimeSpan offset = now - System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset;
    }
}
