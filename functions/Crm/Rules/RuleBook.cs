using System.Text.Json;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Rules;

/// <summary>
/// The rules in force, kept in <c>work</c> under <c>~all|rule.{kind}</c>. Every instance of a host reads them again
/// every <see cref="Reload"/>, so an edit is in force everywhere that long after it.
/// </summary>
public sealed class RuleBook(IDocuments documents, TimeProvider clock) : IDisposable
{
    public static readonly TimeSpan Reload = TimeSpan.FromSeconds(30);

    // Not an id that a rule can have, else a rule would replace the mark that the defaults were written.
    private const string SeededId = "~seeded";
    private const int MaxRules = 1000;

    private readonly SemaphoreSlim loading = new(1, 1);
    private volatile Loaded? loaded;
    private volatile RuleSet? latest;
    private int edits;

    /// <summary>
    /// The rules as they were last read, without any read: for an answer that cannot wait for a store. Null before the
    /// first one. <see cref="RuleWatch"/> keeps them fresh.
    /// </summary>
    public RuleSet? Latest => latest;

    /// <summary>Reads the rules again, however fresh they are.</summary>
    public async ValueTask Refresh(CancellationToken ct)
    {
        loaded = null;
        await Current(ct);
    }

    /// <summary>The rules in force, at most <see cref="Reload"/> old.</summary>
    public async ValueTask<RuleSet> Current(CancellationToken ct)
    {
        if (loaded is { } fresh && clock.GetElapsedTime(fresh.At) < Reload) return fresh.Rules;
        await loading.WaitAsync(ct);
        try
        {
            if (loaded is { } now && clock.GetElapsedTime(now.At) < Reload) return now.Rules;
            await Seed(ct);
            var before = Volatile.Read(ref edits);
            var rules = new List<(string, Rule)>();
            foreach (var kind in RuleKind.All) rules.AddRange((await List(kind, ct)).Select(r => (kind, r)));
            var set = RuleSet.Of(rules);
            latest = set;
            // An edit in the meantime must be in force at once, not after the next reload.
            if (before == Volatile.Read(ref edits)) loaded = new Loaded(set, clock.GetTimestamp());
            return set;
        }
        finally
        {
            loading.Release();
        }
    }

    public async ValueTask<IReadOnlyList<Rule>> List(string kind, CancellationToken ct)
    {
        var stored = await documents.List(Collections.Work, Partition(kind), new IdRange(Take: MaxRules), ct);
        return [.. stored.Where(d => d.Id != SeededId).Select(Parse)];
    }

    public async ValueTask<Rule?> Find(string kind, string id, CancellationToken ct) =>
        id != SeededId && await documents.Read(Collections.Work, Partition(kind), id, ct) is { } stored ? Parse(stored) : null;

    /// <summary>Stores a rule as the next version; null if somebody else was quicker.</summary>
    /// <exception cref="ArgumentException">There are as many rules of the kind as are ever loaded.</exception>
    public async ValueTask<Rule?> Save(string kind, Rule rule, string editedBy, CancellationToken ct)
    {
        var before = await documents.Read(Collections.Work, Partition(kind), rule.Id, ct);
        if (before is null && (await List(kind, ct)).Count >= MaxRules - 1) throw new ArgumentException($"There are {MaxRules - 1} {kind} rules already, which is the most.");
        var next = rule with { Warnings = null, Version = before is null ? 1 : Parse(before).Version + 1, EditedBy = editedBy, EditedAt = clock.GetUtcNow() };
        var document = ToDocument(kind, next);
        var etag = before is null
            ? await documents.Create(Collections.Work, document, ct)
            : await documents.Replace(Collections.Work, document, before.Etag, ct);
        await Forget(ct);
        return etag is null ? null : next;
    }

    public async ValueTask<bool> Remove(string kind, string id, CancellationToken ct)
    {
        if (id == SeededId || await documents.Read(Collections.Work, Partition(kind), id, ct) is not { } stored) return false;
        var removed = await documents.Delete(Collections.Work, Partition(kind), id, stored.Etag, ct);
        await Forget(ct);
        return removed;
    }

    public void Dispose() => loading.Dispose();

    private async ValueTask Forget(CancellationToken ct)
    {
        Interlocked.Increment(ref edits);
        loaded = null;
        if (latest is null) return;
        try
        {
            await Current(ct); // an edit is in force here at once, also for those who only look at the latest
        }
        catch (Exception e) when (e is TransientException or ArgumentException)
        {
            // The edit is stored; whoever reads the rules next is told of the fault.
        }
    }

    /// <summary>The rules that a new installation starts with.</summary>
    public static IReadOnlyDictionary<string, List<Rule>> Defaults()
    {
        using var stream = typeof(RuleBook).Assembly.GetManifestResourceStream("default-rules.json")!;
        return JsonSerializer.Deserialize(stream, RuleJson.Types.DictionaryStringListRule)!;
    }

    // Once per installation: a default rule that was deleted stays deleted.
    private async ValueTask Seed(CancellationToken ct)
    {
        foreach (var (kind, rules) in Defaults())
        {
            if (await documents.Read(Collections.Work, Partition(kind), SeededId, ct) is not null) continue;
            foreach (var rule in rules) await documents.Create(Collections.Work, ToDocument(kind, rule with { EditedBy = "default" }), ct);
            await documents.Upsert(Collections.Work, [new Document(Partition(kind), SeededId, "{}"u8.ToArray())], ct);
        }
    }

    private static string Partition(string kind) => $"~all|rule.{kind}";

    private static Document ToDocument(string kind, Rule rule) =>
        new(Partition(kind), rule.Id, JsonSerializer.SerializeToUtf8Bytes(rule, CrmJson.Types.Rule));

    private static Rule Parse(StoredDocument stored) => JsonSerializer.Deserialize(stored.Data.Span, CrmJson.Types.Rule)!;

    private sealed record Loaded(RuleSet Rules, long At);
}
