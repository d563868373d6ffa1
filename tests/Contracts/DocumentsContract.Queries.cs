using CrmServerless.Crm.Storage;

namespace CrmServerless.Tests.Contracts;

/// <summary>The search screens.</summary>
public abstract partial class DocumentsContract
{
    [Fact]
    public virtual async Task A_query_filters_by_equality_range_and_containment()
    {
        await using var store = await Open();
        await Fill(store);

        Assert.Equal(["a", "c"], await Ask(store, new Condition("state", Operator.Equal, "open")));
        Assert.Equal(["b"], await Ask(store, new Condition("pending", Operator.Equal, true)));
        Assert.Equal(["c"], await Ask(store, new Condition("count", Operator.Equal, 30L)));
        Assert.Equal(["b", "c"], await Ask(store, new Condition("count", Operator.AtLeast, 20L)));
        Assert.Equal(["a"], await Ask(store, new Condition("count", Operator.Below, 20L)));
        Assert.Equal(["a", "b"], await Ask(store, new Condition("raisedAt", Operator.Below, "2025-03")));
        Assert.Equal(["b"], await Ask(store, new("raisedAt", Operator.AtLeast, "2025-02"), new("raisedAt", Operator.Below, "2025-03")));
        Assert.Equal(["a", "b"], await Ask(store, new Condition("tags", Operator.Contains, "会员")));
        Assert.Equal(["a"], await Ask(store, new("tags", Operator.Contains, "会员"), new("state", Operator.Equal, "open")));
        Assert.Equal(["a", "b", "c"], await Ask(store));
        Assert.Empty(await Ask(store, new Condition("nowhere", Operator.Equal, "x")));
    }

    [Fact]
    public virtual async Task Values_of_another_type_are_not_equal_and_not_in_range()
    {
        await using var store = await Open();
        await store.Documents.Upsert(store.Collection,
        [
            Doc("p", "text", fields: new() { ["x"] = "1" }), Doc("p", "number", fields: new() { ["x"] = 1L }),
            Doc("p", "flag", fields: new() { ["x"] = true }), Doc("p", "list", fields: new() { ["x"] = new[] { "1" } }),
        ], default);

        Assert.Equal(["text"], await Ask(store, new Condition("x", Operator.Equal, "1")));
        Assert.Equal(["number"], await Ask(store, new Condition("x", Operator.Equal, 1L)));
        Assert.Equal(["flag"], await Ask(store, new Condition("x", Operator.Equal, true)));
        Assert.Equal(["list"], await Ask(store, new Condition("x", Operator.Contains, "1")));
        Assert.Equal(["number"], await Ask(store, new Condition("x", Operator.AtLeast, 0L)));
        Assert.Equal(["text"], await Ask(store, new Condition("x", Operator.AtLeast, "0")));
    }

    [Fact]
    public virtual async Task A_query_orders_by_one_field_and_leaves_out_documents_without_it()
    {
        await using var store = await Open();
        await Fill(store);
        await store.Documents.Upsert(store.Collection, [Doc("p", "d", fields: new() { ["state"] = "open" })], default);
        var query = new DocumentQuery { OrderBy = "raisedAt" };

        Assert.Equal(["a", "b", "c"], await Ids(store, query));
        Assert.Equal(["c", "b", "a"], await Ids(store, query with { Descending = true }));
        Assert.Equal(["c", "a"], await Ids(store, query with { Descending = true, Where = [new("state", Operator.Equal, "open")] }));
        Assert.Equal(["c", "b"], await Ids(store, query with { OrderBy = "count", Descending = true, Take = 2 }));
    }

    [Fact]
    public virtual async Task A_query_can_keep_to_one_partition()
    {
        await using var store = await Open();
        await Fill(store);
        await store.Documents.Upsert(store.Collection, [Doc("q", "a", fields: new() { ["state"] = "open", ["raisedAt"] = "2024" })], default);

        Assert.Equal(["a"], await Ids(store, new() { Partition = "q" }));
        Assert.Equal(["a"], await Ids(store, new() { Partition = "q", OrderBy = "raisedAt", Where = [new("state", Operator.Equal, "open")] }));
        Assert.Equal(["a", "c"], (await Ids(store, new() { Partition = "p", Where = [new("state", Operator.Equal, "open")] })).Order(StringComparer.Ordinal)); // in no order that was asked for
        Assert.Equal(["a", "a", "b", "c"], await Ids(store, new() { OrderBy = "raisedAt" }));
    }

    [Fact]
    public virtual async Task Documents_without_fields_are_not_listed()
    {
        await using var store = await Open();
        await store.Documents.Upsert(store.Collection, [Doc("p", "a"), Doc("p", "b", fields: new() { ["x"] = 1L })], default);
        Assert.Equal(["b"], await Ask(store));
        var read = await store.Documents.Read(store.Collection, "p", "b", default);
        await store.Documents.Replace(store.Collection, Doc("p", "b"), read!.Etag, default);
        Assert.Empty(await Ask(store));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("n", false)]
    [InlineData("n", true)]
    [InlineData("same", true)]
    public virtual async Task Paging_has_neither_gaps_nor_repeats(string? orderBy, bool descending)
    {
        await using var store = await Open();
        await store.Documents.Upsert(store.Collection,
            [.. Enumerable.Range(0, 95).Select(n => Doc($"p{n % 4}", Id(n), fields: new() { ["n"] = (long)(n / 10), ["same"] = "x" }))], default);

        var query = new DocumentQuery { OrderBy = orderBy, Descending = descending, Take = 10 };
        var seen = new List<string>();
        while (true)
        {
            var page = await store.Documents.Query(store.Collection, query, default);
            Assert.True(page.Items.Count <= 10);
            seen.AddRange(page.Items.Select(d => d.Id));
            if (page.Cursor is null) break;
            query = query with { Cursor = page.Cursor };
        }

        Assert.Equal(Enumerable.Range(0, 95).Select(Id), seen.Order());
        var values = seen.Select(id => int.Parse(id, null) / 10).ToList();
        if (orderBy == "n") Assert.Equal(descending ? values.OrderDescending() : values.Order(), values);
    }

    [Fact]
    public virtual async Task What_comes_and_goes_while_paging_does_not_disturb_the_rest()
    {
        await using var store = await Open();
        await store.Documents.Upsert(store.Collection,
            [.. Enumerable.Range(0, 60).Select(n => Doc("p", Id(n), fields: new() { ["n"] = (long)n }))], default);
        var query = new DocumentQuery { OrderBy = "n", Take = 20 };

        var first = await store.Documents.Query(store.Collection, query, default);
        foreach (var n in new[] { 3, 19, 45 }) await store.Documents.Delete(store.Collection, "p", Id(n), default);
        await store.Documents.Upsert(store.Collection, [Doc("p", "new", fields: new() { ["n"] = 5L })], default);
        var second = await store.Documents.Query(store.Collection, query with { Cursor = first.Cursor }, default);
        var third = await store.Documents.Query(store.Collection, query with { Cursor = second.Cursor }, default);

        Assert.Equal(Enumerable.Range(0, 60).Except([45]).Select(Id), first.Items.Concat(second.Items).Concat(third.Items).Select(d => d.Id));
        Assert.Null(third.Cursor);
    }

    [Fact]
    public virtual async Task The_last_page_has_no_cursor_even_if_it_is_full()
    {
        await using var store = await Open();
        await Fill(store);
        var page = await store.Documents.Query(store.Collection, new() { OrderBy = "count", Take = 3 }, default);
        Assert.Equal(3, page.Items.Count);
        Assert.Null(page.Cursor);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("bm9uc2Vuc2U")]
    [InlineData("WyJhIiwxLCJiIiwiYyJd")]
    [InlineData("维权")]
    public virtual async Task A_bad_cursor_is_refused(string cursor)
    {
        await using var store = await Open();
        await Fill(store);
        await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
            await store.Documents.Query(store.Collection, new() { OrderBy = "count", Cursor = cursor }, default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public virtual async Task A_page_has_1_to_1000_documents(int take)
    {
        await using var store = await Open();
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await store.Documents.Query(store.Collection, new() { Take = take }, default));
    }

    [Fact]
    public virtual async Task Hostile_values_are_values_like_others()
    {
        await using var store = await Open();
        string[] values = ["' OR 1=1 --", "维权🍵", "\"]}", "a\\b%_*", " "];
        await store.Documents.Upsert(store.Collection,
            [.. values.Select((v, n) => Doc("p", Id(n), fields: new() { ["x"] = v, ["tags"] = new[] { v, "t" } }))], default);
        for (var n = 0; n < values.Length; n++)
        {
            Assert.Equal([Id(n)], await Ask(store, new Condition("x", Operator.Equal, values[n])));
            Assert.Equal([Id(n)], await Ask(store, new Condition("tags", Operator.Contains, values[n])));
        }
    }

    private static async Task Fill(IDocumentsHarness store) => await store.Documents.Upsert(store.Collection,
    [
        Doc("p", "a", fields: new() { ["state"] = "open", ["count"] = 10L, ["raisedAt"] = "2025-01-01", ["tags"] = new[] { "会员", "x" } }),
        Doc("p", "b", fields: new() { ["state"] = "closed", ["count"] = 20L, ["raisedAt"] = "2025-02-01", ["tags"] = new[] { "会员" }, ["pending"] = true }),
        Doc("p", "c", fields: new() { ["state"] = "open", ["count"] = 30L, ["raisedAt"] = "2025-03-01", ["tags"] = new[] { "会员卡" }, ["pending"] = false }),
        Doc("p", "unlisted"),
    ], default);

    private static async Task<string[]> Ask(IDocumentsHarness store, params Condition[] where) =>
        [.. (await Ids(store, new DocumentQuery { Where = where })).Order(StringComparer.Ordinal)];

    private static async Task<string[]> Ids(IDocumentsHarness store, DocumentQuery query) =>
        [.. (await store.Documents.Query(store.Collection, query, default)).Items.Select(d => d.Id)];
}
