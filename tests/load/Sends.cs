using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Storage;
using CrmServerless.Local.Sqlite;
using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Api.OfficialAccount;

namespace CrmServerless.Load;

/// <summary>
/// Messages to customers, each once: ledger, client and the simulator as a process of its own, over real HTTP. Then the
/// simulator's phones are counted.
/// </summary>
internal static class Sends
{
    private const int WindowSize = 5; // messages to one customer within 48 hours
    private const int Lookups = 5_000_000;

    public static async Task<int> Run(Arguments arguments)
    {
        var settings = Path.GetFullPath(arguments.Text("settings", Account.DefaultSettings));
        var account = Account.From(arguments, settings);
        var secret = Account.Setting(settings, account.Name, "Secret");
        var (sends, connections) = (arguments.Number("sends", 20_000), arguments.Number("connections", 32));
        var dll = arguments.Optional("host") ?? Repository.BuildHost();
        arguments.NothingElse();
        var data = Directory.CreateTempSubdirectory("crm-sends-").FullName;
        try
        {
            using var host = HostProcess.Of(dll, HostProcess.FreePort(new Random()), data, settings, "--receive-only");
            host.Start();
            using var phones = new HttpClient { BaseAddress = host.Uri };
            await Ready(phones);
            using var documents = new SqliteDocuments(Path.Combine(data, "sends.db"), [Collections.Customers, Collections.Work]);
            return await Run(phones, documents, new AccountCredentials(account.Name, account.AppId, secret), sends, connections);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<int> Run(HttpClient phones, SqliteDocuments documents, AccountCredentials account, int sends, int connections)
    {
        var (time, state) = (TimeProvider.System, new DocumentsState(documents));
        var options = new WeChatApiOptions { OfficialAccountBase = new Uri(phones.BaseAddress!, "simulator/wechat/") };
        using var http = new HttpClient(WeChatHttp.Handler(proxy: false));
        var tokens = new TokenCentre(http, state, options, time);
        var api = new OfficialAccountApi(new WeChatTransport(http, tokens, new ApiGates(state, options, time), options, time));
        var ledger = new SendLedger(documents, time);
        var others = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var run = time.GetUtcNow().ToUnixTimeSeconds();

        string Customer(int n) => $"oSends{run}_{n / WindowSize}";
        async Task<SendState?> Send(int n, CancellationToken ct)
        {
            var entry = await ledger.AtMostOnce(
                Keys.Customer(account.Account, Customer(n)), SendLedger.Id($"root{n}", "bench"), new Answer("bench", 1, "text", "今日优惠"),
                async token =>
                {
                    var result = await api.CustomSend(account, new CustomText(Customer(n), "今日优惠：乌龙茶第二杯半价"), token);
                    if (!result.Ok) others.AddOrUpdate($"{result}: {result.ErrMsg.Split(" rid")[0]}", 1, (_, known) => known + 1);
                    return new CallOutcome(result.Ok ? SendState.Sent : result.OutcomeUnknown ? SendState.Unknown : SendState.Refused);
                },
                ct);
            return entry?.State;
        }

        for (var n = -WindowSize * 40; n <= -WindowSize; n++) await Send(n, default); // warm, on customers of their own
        var milliseconds = new ConcurrentBag<double>();
        var (sent, threads, started) = (0, 0, Stopwatch.GetTimestamp());
        using var own = Process.GetCurrentProcess();
        var before = own.TotalProcessorTime;
        await Parallel.ForEachAsync(Enumerable.Range(0, sends), new ParallelOptions { MaxDegreeOfParallelism = connections }, async (n, ct) =>
        {
            var began = Stopwatch.GetTimestamp();
            if (await Send(n, ct) == SendState.Sent) Interlocked.Increment(ref sent);
            milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            if (n % 100 == 0) InterlockedMax(ref threads, ThreadPool.ThreadCount);
        });
        var elapsed = Stopwatch.GetElapsedTime(started);
        own.Refresh();
        var cpu = own.TotalProcessorTime - before;

        var arrived = await Arrived(phones, Enumerable.Range(0, sends).Select(Customer).Distinct());
        started = Stopwatch.GetTimestamp();
        for (var n = 0; n < Lookups; n++) _ = (await tokens.Get(account)).Value!.Length;
        var lookup = Stopwatch.GetElapsedTime(started).TotalNanoseconds / Lookups;
        var rate = sends / elapsed.TotalSeconds;
        Console.WriteLine(
            $"""
            sends: {sends} messages, {connections} at once; ledger entry, HTTP, ledger entry, each durable; the simulator is another process on the same cores
              a second      {rate:0}   (aim 1000)
              latency ms    {Figures.Line(milliseconds, 50, 99)}
              sent          {sent}, on the phones {arrived}{string.Concat(others.Select(o => $"; {o.Value} × {o.Key}"))}
              CPU           {cpu.TotalMilliseconds * 1000 / sends:0} µs a message on this side; threads of the pool at most {threads} (none blocked: {Environment.ProcessorCount} cores)
              token         {lookup:0} ns a look-up   (aim under 1000)
            """);
        return sent == sends && arrived == sends && rate >= 1000 && lookup < 1000 ? 0 : 1;
    }

    private static async Task<int> Arrived(HttpClient phones, IEnumerable<string> customers)
    {
        var arrived = 0;
        await Parallel.ForEachAsync(customers, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (customer, ct) =>
        {
            var outbox = await phones.GetFromJsonAsync<JsonElement>($"/simulator/outbox?openid={customer}&take=50", ct);
            Interlocked.Add(ref arrived, outbox.GetProperty("items").GetArrayLength());
        });
        return arrived;
    }

    private static async Task Ready(HttpClient host)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                (await host.GetAsync("/api/health")).EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (tries < 300)
            {
                await Task.Delay(100);
            }
        }
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var known = most; value > known;)
        {
            var seen = Interlocked.CompareExchange(ref most, value, known);
            if (seen == known) return;
            known = seen;
        }
    }
}
