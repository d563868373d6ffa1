using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace CrmServerless.Load;

/// <summary>
/// Watches for the effects of sampled events: one reader, a tick every 10 ms, at most 4 customers and one alert list a
/// tick, so that the watcher is not the load. A writer of the tag text is awaited with file and tag, a complainer with his alert.
/// </summary>
internal sealed class Sightings(Host host, string account) : IDisposable
{
    public const int TickMs = 10, PatienceMs = 30_000;
    private const int CustomersPerTick = 4;

    private readonly ConcurrentQueue<Sample> _arriving = new();
    private readonly CancellationTokenSource _noMore = new();
    private readonly Queue<Sample> _writers = new();
    private readonly List<Sample> _complainers = [];

    public List<double> File { get; } = [];
    public List<double> Tag { get; } = [];
    public List<double> Alert { get; } = [];
    public int Samples { get; private set; }
    public int Polls { get; private set; }
    public int NotSeen { get; private set; }

    public void Expect(string openid, long acknowledgedAt, bool complains) =>
        _arriving.Enqueue(new($"{account}:{openid}", acknowledgedAt, complains));

    public void NoMore() => _noMore.Cancel();

    public async Task Watch()
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(TickMs));
        do
        {
            while (_arriving.TryDequeue(out var sample))
            {
                Samples++;
                if (sample.Complains)
                    _complainers.Add(sample);
                else
                    _writers.Enqueue(sample);
            }
            for (var n = Math.Min(_writers.Count, CustomersPerTick); n > 0; n--)
                await LookAtCustomer(_writers.Dequeue());
            if (_complainers.Count > 0)
                await LookAtAlerts();
            await tick.WaitForNextTickAsync();
        }
        while (!_noMore.IsCancellationRequested || !_arriving.IsEmpty || _writers.Count + _complainers.Count > 0);
    }

    private async Task LookAtCustomer(Sample sample)
    {
        using var customer = await Get($"api/customers/{Uri.EscapeDataString(sample.Key)}");
        if (customer is not null && !sample.FileSeen && HasCounted(customer.RootElement))
        {
            sample.FileSeen = true;
            File.Add(sample.Age);
        }
        if (customer is not null && customer.RootElement.TryGetProperty("tags", out var tags) && tags.GetArrayLength() > 0)
            Tag.Add(sample.Age);
        else if (sample.Age > PatienceMs)
            NotSeen++;
        else
            _writers.Enqueue(sample);
    }

    private async Task LookAtAlerts()
    {
        using var alerts = await Get($"api/alerts?account={account}&take=50");
        var named = alerts is null ? [] : alerts.RootElement.GetProperty("items").EnumerateArray()
            .Select(alert => alert.GetProperty("customer").GetString()).ToHashSet();
        foreach (var sample in _complainers.Where(sample => named.Contains(sample.Key)))
            Alert.Add(sample.Age);
        NotSeen += _complainers.Count(sample => !named.Contains(sample.Key) && sample.Age > PatienceMs);
        _complainers.RemoveAll(sample => named.Contains(sample.Key) || sample.Age > PatienceMs);
    }

    private static bool HasCounted(JsonElement customer) =>
        customer.TryGetProperty("counters", out var counters) && counters.TryGetProperty("in", out var incoming)
        && incoming.TryGetProperty("oa.message.text", out var texts) && texts.GetInt32() > 0;

    private Task<JsonDocument?> Get(string path)
    {
        Polls++;
        return host.Get(path);
    }

    public void Dispose() => _noMore.Dispose();

    private sealed class Sample(string key, long acknowledgedAt, bool complains)
    {
        public string Key => key;
        public bool Complains => complains;
        public bool FileSeen { get; set; }
        public double Age => Stopwatch.GetElapsedTime(acknowledgedAt).TotalMilliseconds;
    }
}
