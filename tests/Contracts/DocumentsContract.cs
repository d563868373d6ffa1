using System.Text;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Tests.Contracts;

/// <summary>A store of a test's own: empty, and cleaned up when it is disposed of.</summary>
public interface IDocumentsHarness : IAsyncDisposable
{
    IDocuments Documents { get; }

    /// <summary>One of the collections that the store serves.</summary>
    string Collection { get; }
}

/// <summary>
/// What every document store must keep. An adapter derives from this and opens a harness; where it cannot do something
/// it overrides that one test with a skip and the reason.
/// </summary>
public abstract partial class DocumentsContract
{
    protected abstract Task<IDocumentsHarness> Open();

    [Fact]
    public virtual async Task A_document_is_read_as_it_was_written()
    {
        await using var store = await Open();
        const string text = """{"text":"我要维权 👩‍👩‍👧 \u0000 \ud83d\ude00 ẞ","n":12345678901234567890.50,"list":[1,null,true,{}]}""";
        var etag = await store.Documents.Create(store.Collection, Doc("p", "a", text), default);

        var read = await store.Documents.Read(store.Collection, "p", "a", default);
        Assert.Equal(("p", "a", etag, text), (read!.Partition, read.Id, read.Etag, Encoding.UTF8.GetString(read.Data.Span)));
    }

    [Fact]
    public virtual async Task What_is_not_there_is_null()
    {
        await using var store = await Open();
        await store.Documents.Create(store.Collection, Doc("p", "a"), default);
        Assert.Null(await store.Documents.Read(store.Collection, "p", "b", default));
        Assert.Null(await store.Documents.Read(store.Collection, "q", "a", default));
        Assert.Empty(await store.Documents.List(store.Collection, "q", new IdRange(), default));
    }

    [Fact]
    public virtual async Task Create_writes_only_what_is_new()
    {
        await using var store = await Open();
        Assert.NotNull(await store.Documents.Create(store.Collection, Doc("p", "a", """{"v":1}"""), default));
        Assert.Null(await store.Documents.Create(store.Collection, Doc("p", "a", """{"v":2}"""), default));
        Assert.NotNull(await store.Documents.Create(store.Collection, Doc("q", "a", """{"v":3}"""), default));
        Assert.Equal("""{"v":1}""", await Text(store, "p", "a"));
    }

    [Fact]
    public virtual async Task Replace_needs_the_etag_of_now()
    {
        await using var store = await Open();
        var first = await store.Documents.Create(store.Collection, Doc("p", "a", """{"v":1}"""), default);
        var second = await store.Documents.Replace(store.Collection, Doc("p", "a", """{"v":2}"""), first!, default);
        Assert.NotNull(second);
        Assert.NotEqual(first, second);

        Assert.Null(await store.Documents.Replace(store.Collection, Doc("p", "a", """{"v":3}"""), first!, default));
        Assert.Null(await store.Documents.Replace(store.Collection, Doc("p", "gone"), second!, default));
        Assert.Equal("""{"v":2}""", await Text(store, "p", "a"));
        Assert.NotNull(await store.Documents.Replace(store.Collection, Doc("p", "a", """{"v":3}"""), second!, default));
    }

    [Fact]
    public virtual async Task The_same_content_written_again_has_another_etag()
    {
        await using var store = await Open();
        var first = await store.Documents.Create(store.Collection, Doc("p", "a"), default);
        await store.Documents.Upsert(store.Collection, [Doc("p", "a")], default);
        Assert.Null(await store.Documents.Replace(store.Collection, Doc("p", "a"), first!, default));

        await store.Documents.Delete(store.Collection, "p", "a", default);
        await store.Documents.Create(store.Collection, Doc("p", "a"), default);
        Assert.Null(await store.Documents.Replace(store.Collection, Doc("p", "a"), first!, default));
    }

    [Fact]
    public virtual async Task Delete_with_an_etag_needs_the_one_of_now()
    {
        await using var store = await Open();
        var first = await store.Documents.Create(store.Collection, Doc("p", "a"), default);
        var second = await store.Documents.Replace(store.Collection, Doc("p", "a"), first!, default);
        Assert.False(await store.Documents.Delete(store.Collection, "p", "a", first!, default));
        Assert.NotNull(await store.Documents.Read(store.Collection, "p", "a", default));
        Assert.True(await store.Documents.Delete(store.Collection, "p", "a", second!, default));
        Assert.False(await store.Documents.Delete(store.Collection, "p", "a", second!, default));
        Assert.Null(await store.Documents.Read(store.Collection, "p", "a", default));
    }

    [Fact]
    public virtual async Task Delete_without_an_etag_always_succeeds()
    {
        await using var store = await Open();
        await store.Documents.Create(store.Collection, Doc("p", "a"), default);
        await store.Documents.Delete(store.Collection, "p", "a", default);
        await store.Documents.Delete(store.Collection, "p", "a", default);
        Assert.Null(await store.Documents.Read(store.Collection, "p", "a", default));
    }

    [Fact]
    public virtual async Task Upsert_writes_many_of_many_partitions_new_or_not()
    {
        await using var store = await Open();
        await store.Documents.Create(store.Collection, Doc("p0", Id(0), """{"old":1}"""), default);
        await store.Documents.Upsert(store.Collection, [], default);
        await store.Documents.Upsert(
            store.Collection, [.. Enumerable.Range(0, 350).Select(n => Doc($"p{n % 3}", Id(n), $$"""{"n":{{n}}}"""))], default);

        for (var p = 0; p < 3; p++)
        {
            var listed = await store.Documents.List(store.Collection, $"p{p}", new IdRange(Take: 1000), default);
            Assert.Equal(Enumerable.Range(0, 350).Where(n => n % 3 == p).Select(Id), listed.Select(d => d.Id));
        }

        Assert.Equal("""{"n":0}""", await Text(store, "p0", Id(0)));
    }

    [Fact]
    public virtual async Task A_partition_is_listed_by_id_range_in_ordinal_order()
    {
        await using var store = await Open();
        string[] ids = ["A", "B.1", "a", "a-b", "a.1", "a.10", "a.2", "b", "~z"];
        await store.Documents.Upsert(store.Collection, [.. ids.Reverse().Select(id => Doc("p", id))], default);
        await store.Documents.Upsert(store.Collection, [Doc("o", "a.1"), Doc("q", "a.1")], default);

        async Task<string[]> List(IdRange range) =>
            [.. (await store.Documents.List(store.Collection, "p", range, default)).Select(d => d.Id)];
        Assert.Equal(ids, await List(new IdRange()));
        Assert.Equal(["a", "a-b", "a.1", "a.10"], await List(new IdRange("a", "a.2")));
        Assert.Equal(["A", "B.1"], await List(new IdRange(To: "a")));
        Assert.Equal(["b", "~z"], await List(new IdRange(From: "b")));
        Assert.Equal(["A", "B.1", "a"], await List(new IdRange(Take: 3)));
        Assert.Equal(["a.1", "a.10", "a.2"], await List(IdRange.StartingWith("a.", 10)));
        Assert.Empty(await List(new IdRange("c", "c")));
    }

    [Fact]
    public virtual async Task A_partition_is_listed_downwards()
    {
        await using var store = await Open();
        await store.Documents.Upsert(store.Collection, [.. Enumerable.Range(0, 9).Select(n => Doc("p", Id(n)))], default);
        var range = new IdRange(Id(2), Id(7), Take: 3, Descending: true);
        var listed = await store.Documents.List(store.Collection, "p", range, default);
        Assert.Equal([Id(6), Id(5), Id(4)], listed.Select(d => d.Id));
    }

    [Fact]
    public virtual async Task A_partition_is_deleted_whole_and_alone()
    {
        await using var store = await Open();
        await store.Documents.Upsert(store.Collection, [.. Enumerable.Range(0, 2500).Select(n => Doc("p", Id(n)))], default);
        await store.Documents.Upsert(store.Collection, [Doc("o", "a"), Doc("p2", "a")], default);
        await store.Documents.DeletePartition(store.Collection, "p", default);
        await store.Documents.DeletePartition(store.Collection, "never", default);
        Assert.Empty(await store.Documents.List(store.Collection, "p", new IdRange(), default));
        Assert.NotNull(await store.Documents.Read(store.Collection, "o", "a", default));
        Assert.NotNull(await store.Documents.Read(store.Collection, "p2", "a", default));
    }

    [Theory]
    [InlineData("~account")]
    [InlineData("o'; DROP TABLE customers; --")]
    [InlineData("a/b\\c?d#e%f")]
    [InlineData("维权🍵 \u0000\r\n")]
    [InlineData("=41")]
    [InlineData(".")]
    [InlineData("..")]
    public virtual async Task Hostile_keys_escaped_are_keys_like_others(string hostile)
    {
        await using var store = await Open();
        foreach (var key in new[] { Keys.Escape(hostile), Keys.Customer("a", hostile), Keys.Escape(string.Concat(Enumerable.Repeat(hostile, 150))) })
        {
            Assert.NotNull(await store.Documents.Create(store.Collection, Doc(key, key), default));
            Assert.NotNull(await store.Documents.Read(store.Collection, key, key, default));
            Assert.Equal(key, Assert.Single(await store.Documents.List(store.Collection, key, new IdRange(), default)).Id);
            await store.Documents.Delete(store.Collection, key, key, default);
            Assert.Null(await store.Documents.Read(store.Collection, key, key, default));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("维")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901")]
    public virtual async Task Illegal_keys_are_refused(string key)
    {
        await using var store = await Open();
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.Documents.Create(store.Collection, Doc(key, "a"), default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.Documents.Upsert(store.Collection, [Doc("p", key)], default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.Documents.Read(store.Collection, "p", key, default));
    }

    [Fact]
    public virtual async Task A_document_of_512_KiB_is_kept_and_one_byte_more_is_refused()
    {
        await using var store = await Open();
        var largest = "{\"x\":\"" + new string('y', IDocuments.MaxBytes - 8) + "\"}";
        Assert.NotNull(await store.Documents.Create(store.Collection, Doc("p", "a", largest), default));
        Assert.Equal(largest, await Text(store, "p", "a"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.Documents.Create(store.Collection, Doc("p", "b", largest + " "), default));
    }

    [Fact]
    public virtual async Task Twenty_writers_under_etags_make_exactly_twenty_increments()
    {
        await using var store = await Open();
        await store.Documents.Create(store.Collection, Doc("p", "n", "0"), default);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Increment(store.Documents, store.Collection))));
        Assert.Equal("20", await Text(store, "p", "n"));
    }

    protected static async Task Increment(IDocuments documents, string collection)
    {
        while (true)
        {
            var read = await documents.Read(collection, "p", "n", default);
            var next = int.Parse(Encoding.UTF8.GetString(read!.Data.Span), null) + 1;
            if (await documents.Replace(collection, Doc("p", "n", $"{next}"), read.Etag, default) is not null) return;
        }
    }

    protected static string Id(int n) => $"{n:d6}";

    protected static Document Doc(string partition, string id, string json = "{}", Dictionary<string, object>? fields = null) =>
        new(partition, id, Encoding.UTF8.GetBytes(json), fields);

    private static async Task<string> Text(IDocumentsHarness store, string partition, string id) =>
        Encoding.UTF8.GetString((await store.Documents.Read(store.Collection, partition, id, default))!.Data.Span);
}
