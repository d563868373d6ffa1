using System.Globalization;
using System.Text.Json;

namespace CrmServerless.Load;

/// <summary>An entry of a customer's timeline.</summary>
internal sealed record Entry(string Id, string Kind, long Second, DateTimeOffset PublishedAt, string? Text, string? Tag, string? Rule)
{
    /// <summary>The callback behind it.</summary>
    public string Root => Id.Split('.')[0];

    /// <summary>Whether it is a callback itself.</summary>
    public bool IsCallback => !Id.Contains('.', StringComparison.Ordinal);

    public bool IsReply => Kind.StartsWith("reply.", StringComparison.Ordinal);
}

internal sealed record Tag(string Name, long Second);

internal sealed record Card(
    bool Subscribed, long? SubscribedAt, long? UnsubscribedAt, IReadOnlyList<Tag> Tags,
    IReadOnlyDictionary<string, int> In, IReadOnlyDictionary<string, int> Out);

internal sealed record Alarm(string Customer, long Second);

/// <summary>What the host says of itself: the ops API and the simulator's outbox, never its files.</summary>
internal sealed class Witness(Host host, string account)
{
    private const int Page = 200, Tries = 20;

    /// <summary>Null when nothing waits any more, else what does.</summary>
    public async Task<string?> Unfinished()
    {
        using var answer = await host.Get("api/health");
        if (answer is null)
            return "health does not answer";
        var health = answer.RootElement;
        var waiting = health.GetProperty("stages").EnumerateArray()
            .Select(s => (Name: s.GetProperty("name").GetString(), Facts: s.GetProperty("waiting").GetInt64() + s.GetProperty("inFlight").GetInt64()))
            .Append((Name: "spill", Facts: health.GetProperty("spill").GetInt64())).Where(s => s.Facts > 0).Select(s => $"{s.Name} {s.Facts}").ToList();
        return waiting.Count == 0 ? null : string.Join(", ", waiting);
    }

    /// <summary>Dead letters, the pipeline's and the broker's.</summary>
    public async Task<long> Dead()
    {
        using var health = await Get("api/health");
        return health.RootElement.GetProperty("deadLetters").GetInt64()
            + health.RootElement.GetProperty("stages").EnumerateArray().Sum(s => s.GetProperty("dead").GetInt64());
    }

    /// <summary>Null if there is no such customer.</summary>
    public async Task<Card?> Customer(Person person)
    {
        // No file is an answer too; nothing troubles the store that it is in.
        using var answer = await host.Get($"api/customers/{Uri.EscapeDataString(person.Key)}");
        if (answer is null)
            return null;
        var json = answer.RootElement;
        var counters = json.GetProperty("counters");
        return new(json.GetProperty("subscribed").GetBoolean(), Second(json, "subscribedAt"), Second(json, "unsubscribedAt"),
            [.. json.GetProperty("tags").EnumerateArray().Select(t => new Tag(t.GetProperty("name").GetString()!, Second(t, "at")!.Value))],
            Numbers(counters, "in"), Numbers(counters, "out"));
    }

    public Task<List<Entry>> Timeline(Person person) => All($"api/customers/{Uri.EscapeDataString(person.Key)}/timeline?take={Page}", "before", item =>
    {
        var detail = item.TryGetProperty("detail", out var found) ? found : default;
        return new Entry(Text(item, "id")!, Text(item, "kind")!, Second(item, "occurredAt")!.Value, item.GetProperty("publishedAt").GetDateTimeOffset(),
            Text(item, "text"), Text(detail, "tag"), Text(detail, "ruleId"));
    });

    public Task<List<Alarm>> Alerts() => All($"api/alerts?account={account}&take={Page}", "cursor", item =>
        new Alarm(Text(item, "customer")!, Second(item, "occurredAt")!.Value));

    /// <summary>The words, or the title, of every message that arrived on a customer's phone.</summary>
    public async Task<List<string>> Phone(Person person)
    {
        using var answer = await Get($"simulator/outbox?openid={person.OpenId}&take={Page}");
        List<string> messages = [.. answer.RootElement.GetProperty("items").EnumerateArray().Select(message =>
            Text(message, "content") ?? Text(message.GetProperty("articles")[0], "title")!)];
        return messages.Count < Page ? messages : throw new UsageException($"More than {Page} answers for one customer cannot be read back: send fewer callbacks a customer.");
    }

    /// <summary>The figures of a Shanghai day by the path of their names.</summary>
    public async Task<Dictionary<string, int>> Report(DateOnly day)
    {
        using var report = await Get($"api/reports/{account}/{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}");
        var figures = new Dictionary<string, int>(StringComparer.Ordinal);
        Walk("", report.RootElement);
        return figures;

        void Walk(string path, JsonElement json)
        {
            if (json.ValueKind == JsonValueKind.Number)
                figures[path] = json.GetInt32();
            else if (json.ValueKind == JsonValueKind.Object)
                foreach (var property in json.EnumerateObject())
                    Walk(path.Length == 0 ? property.Name : $"{path}/{property.Name}", property.Value);
        }
    }

    private async Task<List<T>> All<T>(string path, string cursor, Func<JsonElement, T> read)
    {
        var all = new List<T>();
        for (string? next = ""; next is not null;)
        {
            using var page = await Get(next.Length == 0 ? path : $"{path}&{cursor}={Uri.EscapeDataString(next)}");
            all.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(read));
            next = Text(page.RootElement, "next");
        }

        return all;
    }

    // With a troubled spill health fails now and then; the rest answers at once.
    private async Task<JsonDocument> Get(string path)
    {
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (await host.Get(path) is { } answer)
                return answer;
            await Task.Delay(100);
        }

        throw new UsageException($"The host does not answer {path}.");
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long? Second(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetDateTimeOffset().ToUnixTimeSeconds() : null;

    private static Dictionary<string, int> Numbers(JsonElement json, string name) =>
        json.GetProperty(name).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32(), StringComparer.Ordinal);
}
