using System.Text;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;
using CrmServerless.Local.Sqlite;

namespace CrmServerless.Tests.Local;

/// <summary>Several processes, stood in for by several stores, on one file; and what only a file has.</summary>
public sealed class SqliteDocumentsSharingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_processes_that_write_one_document_lose_no_write()
    {
        using var one = Open();
        using var other = Open();
        await one.Create("work", new("p", "n", "0"u8.ToArray()), default);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(n => Task.Run(() => Increment(n % 2 == 0 ? one : other))));
        var read = await other.Read("work", "p", "n", default);
        Assert.Equal("40", Encoding.UTF8.GetString(read!.Data.Span));
    }

    [Fact]
    public async Task Processes_that_open_a_new_file_at_the_same_time_do_not_disturb_each_other()
    {
        for (var file = 0; file < 40; file++)
        {
            // A thread each, let go at the same moment: a pool would start them one after the other.
            using var start = new Barrier(8);
            var path = _folder.File($"new-{file}.db");
            var stores = await Task.WhenAll(Enumerable.Range(0, start.ParticipantCount).Select(_ => Task.Factory.StartNew(() =>
            {
                start.SignalAndWait();
                return new SqliteDocuments(path, ["work"]);
            }, default, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            foreach (var store in stores) store.Dispose();
        }
    }

    [Fact]
    public async Task An_index_made_by_one_process_serves_the_other()
    {
        using var one = Open();
        using var other = Open();
        var query = new DocumentQuery { OrderBy = "x" };
        Assert.Empty((await other.Query("work", new(), default)).Items);
        await one.Query("work", query, default);
        await one.Create("work", new("p", "a", "{}"u8.ToArray(), new Dictionary<string, object> { ["x"] = 1L }), default);
        Assert.Single((await other.Query("work", query, default)).Items);
    }

    [Fact]
    public async Task More_kinds_of_questions_than_indexes_are_answered_too()
    {
        using var store = Open();
        var fields = Enumerable.Range(0, 2 * FieldIndex.MaxPerTable).ToDictionary(n => $"f{n}", n => (object)(long)n);
        await store.Create("work", new("p", "a", "{}"u8.ToArray(), fields), default);
        foreach (var field in fields.Keys)
            Assert.Single((await store.Query("work", new() { OrderBy = field }, default)).Items);
    }

    [Fact]
    public async Task What_was_written_is_there_after_closing_and_a_store_serves_only_its_collections()
    {
        using (var store = Open()) await store.Create("work", new("p", "a", "{}"u8.ToArray()), default);
        using var again = Open();
        Assert.NotNull(await again.Read("work", "p", "a", default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await again.Read(Collections.Spill, "p", "a", default));
        Assert.Equal(("wal", "2"), again.Pragmas);
    }

    [Fact]
    public async Task A_commit_that_the_disk_refuses_is_a_passing_fault()
    {
        using var store = new SqliteDocuments(_folder.File("crm.db"), ["work"], () => throw new TransientException("no disk"));
        await Assert.ThrowsAsync<TransientException>(async () => await store.Create("work", new("p", "a", "{}"u8.ToArray()), default));
        Assert.Null(await store.Read("work", "p", "a", default));
    }

    private static async Task Increment(SqliteDocuments store)
    {
        while (true)
        {
            var read = await store.Read("work", "p", "n", default);
            var next = int.Parse(Encoding.UTF8.GetString(read!.Data.Span), null) + 1;
            try
            {
                if (await store.Replace("work", new("p", "n", Encoding.UTF8.GetBytes($"{next}")), read.Etag, default) is not null) return;
            }
            catch (TransientException)
            {
                // The other had the file for five seconds: a slow disk. Nothing was written; as every caller does, it is tried again.
            }
        }
    }

    private SqliteDocuments Open() => new(_folder.File("crm.db"), ["work"]);
}
