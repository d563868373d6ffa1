using System.Collections.Concurrent;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;
using CrmServerless.Local.Sqlite;

namespace CrmServerless.Local.Simulator.Front;

/// <summary>
/// What WeChat remembers, in a file of its own: a power cut of our host is none of WeChat's. Read once at the start,
/// then kept in memory and written through.
/// </summary>
public sealed class SimulatorStore : IDisposable
{
    public const string Outbox = "outbox";
    private const string State = "state";
    private const int Page = 1000;

    private readonly Lazy<Task> ready;
    private readonly Dictionary<string, List<ReadOnlyMemory<byte>>> loaded = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Id, byte[]? Data)> changes = new();
    private readonly SemaphoreSlim saving = new(1);

    public SimulatorStore(string path)
    {
        Documents = new SqliteDocuments(path, [Outbox, State]);
        ready = new Lazy<Task>(Load);
    }

    public SqliteDocuments Documents { get; }

    /// <summary>Until everything is read.</summary>
    public Task Ready(CancellationToken ct) => ready.Value.WaitAsync(ct);

    /// <summary>What was found of one list at the start.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Found(string list) => loaded.GetValueOrDefault(list) ?? [];

    /// <param name="list">The list's name: letters, digits and dots.</param>
    /// <param name="id">The item's id in it.</param>
    /// <param name="data">Its JSON; null if it is gone.</param>
    public void Change(string list, string id, byte[]? data) => changes.Enqueue((Keys.Escape($"{list}~{id}"), data));

    /// <summary>Until every change so far is durable.</summary>
    public async Task Save()
    {
        if (changes.IsEmpty && saving.CurrentCount > 0) return;
        await saving.WaitAsync();
        try
        {
            var last = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
            while (changes.TryDequeue(out var change)) last[change.Id] = change.Data;
            var written = last.Where(c => c.Value is not null).Select(c => new Document(State, c.Key, c.Value!)).ToList();
            if (written.Count > 0) await Documents.Upsert(State, written, CancellationToken.None);
            foreach (var (id, _) in last.Where(c => c.Value is null)) await Documents.Delete(State, State, id, CancellationToken.None);
        }
        finally
        {
            saving.Release();
        }
    }

    public void Dispose()
    {
        Documents.Dispose();
        saving.Dispose();
    }

    private async Task Load()
    {
        string? from = null;
        while (true)
        {
            var page = await Documents.List(State, State, new IdRange(from, Take: Page), CancellationToken.None);
            foreach (var document in page.Where(d => d.Id != from))
            {
                var list = document.Id[..document.Id.IndexOf('~')];
                if (!loaded.TryGetValue(list, out var items)) loaded[list] = items = [];
                items.Add(document.Data);
            }

            if (page.Count < Page) return;
            from = page[^1].Id;
        }
    }
}
