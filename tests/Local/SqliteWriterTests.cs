using CrmServerless.Crm.Messaging;
using CrmServerless.Local.Sqlite;
using Microsoft.Data.Sqlite;

namespace CrmServerless.Tests.Local;

public sealed class SqliteWriterTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualResetEventSlim _go = new(initialState: true);

    public void Dispose()
    {
        _go.Set();
        _folder.Dispose();
        _go.Dispose();
    }

    [Fact]
    public void Every_writing_connection_has_a_log_that_is_synced_on_every_commit()
    {
        using var writer = Open();
        Assert.Equal(("wal", "2"), writer.Pragmas);
    }

    [Fact]
    public async Task Of_a_group_only_the_item_that_fails_fails()
    {
        using var writer = Open();
        _go.Reset();
        var first = Insert(writer, 0);
        var group = Enumerable.Range(1, 20).Select(n => n == 7
            ? writer.Run<int>(db => throw new InvalidOperationException("guilty"), default)
            : Insert(writer, n)).ToList();
        _go.Set();

        await first;
        var guilty = await Assert.ThrowsAsync<InvalidOperationException>(() => group[6]);
        Assert.Equal("guilty", guilty.Message);
        await Task.WhenAll(group.Where((_, n) => n != 6));
        Assert.Equal(20, await Count(writer));
    }

    [Fact]
    public async Task A_full_disk_is_a_passing_fault_and_the_writer_goes_on_after_it()
    {
        using var writer = Open("PRAGMA max_page_count = 20");
        await Insert(writer, 1);
        await Assert.ThrowsAsync<TransientException>(
            () => writer.Run(db => db.Prepare("INSERT INTO t VALUES (2, zeroblob(1000000))").Run(), default));
        await Insert(writer, 3);
        Assert.Equal(2, await Count(writer));
    }

    [Fact]
    public async Task A_commit_that_fails_fails_all_that_were_in_it_and_none_is_written()
    {
        var broken = true;
        using var writer = new SqliteWriter(
            _folder.File("t.db"), CreateTable, () => { if (broken) throw new TransientException("no disk"); });
        await Assert.ThrowsAsync<TransientException>(() => Insert(writer, 1));
        broken = false;
        Assert.Equal(0, await Count(writer));
        await Insert(writer, 1);
    }

    [Fact]
    public async Task What_would_go_to_a_file_that_is_no_longer_in_its_folder_is_refused_until_it_is_back()
    {
        using var writer = Open();
        await Insert(writer, 1);
        var path = _folder.File("t.db");
        File.Move(path, path + ".away");
        var fault = await Assert.ThrowsAsync<TransientException>(() => Insert(writer, 2));
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, "another");
        await Assert.ThrowsAsync<TransientException>(() => Insert(writer, 2));

        File.Move(path + ".away", path, overwrite: true);
        await Insert(writer, 2);
        Assert.Equal(2, await Count(writer));
    }

    [Fact]
    public void A_file_that_is_no_database_is_named()
    {
        File.WriteAllText(_folder.File("t.db"), new string('x', 5000));
        var fault = Assert.Throws<SqliteException>(() => Open());
        Assert.Contains(_folder.File("t.db"), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_work_that_has_not_begun_is_skipped()
    {
        using var writer = Open();
        using var cancel = new CancellationTokenSource();
        _go.Reset();
        var first = Insert(writer, 1);
        var second = writer.Run(db => db.Prepare("INSERT INTO t VALUES (2, '')").Run(), default);
        var cancelled = writer.Run(db => db.Prepare("INSERT INTO t VALUES (3, '')").Run(), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        _go.Set();

        await Task.WhenAll(first, second);
        Assert.InRange(await Count(writer), 2, 3);
    }

    [Fact]
    public async Task Closing_writes_what_waits()
    {
        var writer = Open();
        _go.Reset();
        var waiting = Enumerable.Range(0, 50).Select(n => Insert(writer, n)).ToList();
        _go.Set();
        writer.Dispose();
        await Task.WhenAll(waiting);
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => Insert(writer, 99));
        using var again = Open();
        Assert.Equal(50, await Count(again));
    }

    [Fact]
    public async Task A_full_queue_holds_callers_back()
    {
        using var writer = Open();
        _go.Reset();
        var waiting = await Task.Run(() => Enumerable.Range(0, SqliteWriter.Capacity + (2 * SqliteWriter.MaxGroup) + 1)
            .Select(_ => writer.Run(_ => true, default)).ToList());
        Assert.InRange(writer.Waiting, SqliteWriter.Capacity - SqliteWriter.MaxGroup, SqliteWriter.Capacity);
        Assert.Contains(waiting, w => !w.IsCompleted);
        _go.Set();
        await Task.WhenAll(waiting);
        Assert.Equal(0, writer.Waiting);
    }

    private static Task<int> Insert(SqliteWriter writer, int n) =>
        writer.Run(db => db.Prepare("INSERT INTO t VALUES (?, '')").Bind(1, n).Run(), default);

    private static Task<int> Count(SqliteWriter writer) =>
        writer.Run(db => int.Parse(db.Scalar("SELECT count(*) FROM t"), null), default);

    private static void CreateTable(Database db) => db.Execute("CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, x)");

    private SqliteWriter Open(string pragma = "") => new(_folder.File("t.db"), db =>
    {
        CreateTable(db);
        db.Execute(pragma);
    }, _go.Wait);
}
