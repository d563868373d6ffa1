using System.Text.Json;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Rules;
using CrmServerless.Crm.Storage;
using CrmServerless.Local.Sqlite;
using CrmServerless.Tests.Local;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Crypto;
using CrmPipeline = CrmServerless.Crm.Pipeline;
using CrmTimeline = CrmServerless.Crm.Customers.Timeline;

namespace CrmServerless.Tests.Support;

/// <summary>
/// What outlives a process: the files of one host in a folder of the test's own, WeChat with its phones, and a clock that
/// stands until it is told to go.
/// </summary>
public sealed class World : IAsyncDisposable
{
    public static readonly Account Account = new()
    {
        Name = "main", Kind = AccountKind.OfficialAccount, AppId = "wx0123456789abcdef", Token = "token", Secret = "secret",
        EncodingAesKey = EncodingAesKey.Parse(new string('k', 43)),
    };

    private readonly TempFolder folder = new();
    private readonly List<Worker> workers = [];
    private SqliteDocuments? own;
    private long lastMsgId;

    /// <summary>Starts with these rules, or those that a new installation has.</summary>
    public World(params (string Kind, Rule Rule)[] rules) : this(null, rules) { }

    /// <summary>Starts on a store that outlives the processes by itself; null for one in a file.</summary>
    public World(IDocuments? documents, params (string Kind, Rule Rule)[] rules)
    {
        Phone = new FakePhone { Clock = Clock };
        (Bus, Spill) = (OpenBus(), new SqliteDocuments(folder.File("spill.db"), [Collections.Spill]));
        Documents = documents ?? (own = OpenDocuments());
        var chosen = rules.Length > 0 ? rules : RuleBook.Defaults().SelectMany(d => d.Value.Select(r => (d.Key, r)));
        // As seeding would write them, but with one commit.
        var seeded = RuleKind.All.Select(kind => new Document($"~all|rule.{kind}", "~seeded", "{}"u8.ToArray()));
        Task.Run(async () => await Documents.Upsert(Collections.Work, [.. seeded, .. chosen.Select(r => ToDocument(r.Item1, r.Item2))], default)).Wait();
    }

    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 6, 1, 2, 0, 0, TimeSpan.Zero));

    public FakePhone Phone { get; }

    public SqliteBus Bus { get; private set; }

    public IDocuments Documents { get; private set; }

    public SqliteDocuments Spill { get; }

    /// <summary>What stages have completed: stage, fact and on which delivery, in order.</summary>
    public List<(string Stage, Envelope Fact, int Count)> Completed { get; } = [];

    /// <summary>A process on these files; without a fate nothing befalls it.</summary>
    public Worker Hire(Fate? fate = null, AccountBook? accounts = null)
    {
        var worker = new Worker(this, fate ?? new Fate(), accounts ?? new AccountBook([Account]));
        workers.Add(worker);
        return worker;
    }

    /// <summary>The host's process dies; its successor will find the files. Some time passes.</summary>
    public async Task Crash(TimeSpan passes)
    {
        Bus.Kill();
        own?.Dispose();
        Clock.Advance(passes);
        Bus = OpenBus();
        if (own is not null) Documents = own = OpenDocuments();
        await Bus.Flush();
    }

    public async Task Advance(TimeSpan by)
    {
        Clock.Advance(by);
        await Bus.Flush();
    }

    /// <summary>A callback, verified and parsed as the door does it.</summary>
    public Envelope Received(string payload) =>
        CallbackParser.TryParse(payload, out var callback, out var reason)
            ? ReceivedEvents.Of(Account, callback, payload, Clock.GetUtcNow())
            : throw new InvalidDataException(reason);

    /// <summary>A text from a customer, now.</summary>
    public Envelope Text(string openId, string content) => Received(Xml.Text(openId, content, ++lastMsgId, Clock.GetUtcNow()));

    public async Task<Customer?> Customer(string openId) =>
        await new CustomerFiles(Documents).Read(Key(openId), default) is { } file ? file.Customer : null;

    public async Task<List<TimelineEntry>> Timeline(string openId) =>
        [.. (await Documents.List(Collections.Customers, Key(openId), IdRange.StartingWith(CrmTimeline.Prefix, 1000), default))
            .Select(d => JsonSerializer.Deserialize(d.Data.Span, CrmJson.Types.TimelineEntry)!)];

    public Task SaveRule(string kind, Rule rule) => Documents.Upsert(Collections.Work, [ToDocument(kind, rule)], default).AsTask();

    public Task RemoveRule(string kind, string id) => Documents.Delete(Collections.Work, $"~all|rule.{kind}", id, default).AsTask();

    public static string Key(string openId) => Keys.Customer(Account.Name, openId);

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers) await worker.DisposeAsync();
        Bus.Dispose();
        own?.Dispose();
        Spill.Dispose();
        folder.Dispose();
    }

    private SqliteBus OpenBus() => new(new SqliteBusOptions { Path = folder.File("bus.db"), Stages = CrmPipeline.Stages }, Clock);

    private SqliteDocuments OpenDocuments() => new(folder.File("documents.db"), [Collections.Customers, Collections.Work, Collections.Stats]);

    private static Document ToDocument(string kind, Rule rule) =>
        new($"~all|rule.{kind}", rule.Id, JsonSerializer.SerializeToUtf8Bytes(rule, CrmJson.Types.Rule));
}
