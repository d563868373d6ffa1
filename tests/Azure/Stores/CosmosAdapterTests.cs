using System.Net;
using System.Text;
using CrmServerless.Azure;
using CrmServerless.Azure.Cosmos;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;
using Microsoft.Azure.Cosmos;

namespace CrmServerless.Tests.Azure.Stores;

/// <summary>What only Cosmos DB has: the item, the SQL, its statuses.</summary>
public sealed class CosmosAdapterTests
{
    [Fact]
    public void An_item_has_the_properties_that_the_indexing_policy_names()
    {
        using var item = CosmosItem.Write(new("main:o1", "..", "{ \"v\": 1.50 }"u8.ToArray(), new Dictionary<string, object> { ["stage"] = "新客", ["tags"] = new[] { "a" } }));
        Assert.Equal(
            """{"id":"..!","pk":"main:o1","f":{"stage":"新客","tags":["a"]},"data":"{ \"v\": 1.50 }"}""", Encoding.UTF8.GetString(item.ToArray()));
        Assert.Equal("..", CosmosItem.KeyOf("..!"));

        var policy = CosmosContainers.Properties("customers");
        Assert.Equal("/pk", policy.PartitionKeyPath);
        Assert.Equal(["/pk/?", "/f/*"], policy.IndexingPolicy.IncludedPaths.Select(p => p.Path));
        Assert.Equal(["/*"], policy.IndexingPolicy.ExcludedPaths.Select(p => p.Path));
    }

    [Fact]
    public void A_query_has_its_values_as_parameters()
    {
        var query = CosmosQuery.Of(new DocumentQuery
        {
            Partition = "p", Where = [new("state", Operator.Equal, "open' OR 1=1"), new("tags", Operator.Contains, "x")], OrderBy = "raisedAt", Descending = true,
        });
        Assert.Equal(
            "SELECT c.id, c.pk, c._etag, c.data FROM c WHERE c.pk = @v0 AND c.f[\"state\"] = @v1 AND ARRAY_CONTAINS(c.f[\"tags\"], @v2)"
            + " AND IS_DEFINED(c.f[\"raisedAt\"]) ORDER BY c.f[\"raisedAt\"] DESC",
            query.QueryText);
        Assert.Equal(["p", "open' OR 1=1", "x"], query.GetQueryParameters().Select(p => p.Value));
        Assert.Throws<ArgumentException>(() => CosmosQuery.Of(new DocumentQuery { OrderBy = "x\"] OR 1=1" }));
    }

    /// <summary>Status and substatus: https://learn.microsoft.com/azure/cosmos-db/nosql/conceptual-resilient-sdk-applications</summary>
    [Theory]
    [InlineData(408, 0, true)]
    [InlineData(410, 0, true)]
    [InlineData(429, 3200, true)]
    [InlineData(449, 0, true)]
    [InlineData(500, 0, true)]
    [InlineData(503, 0, true)]
    [InlineData(404, 1002, true)] // this replica has not yet what the session wrote
    [InlineData(404, 0, false)]
    [InlineData(404, 1003, false)]
    [InlineData(400, 0, false)]
    [InlineData(401, 0, false)]
    [InlineData(403, 0, false)]
    [InlineData(413, 0, false)]
    public void Statuses_that_time_heals_are_told_from_ours(int status, int sub, bool transient) =>
        Assert.Equal(transient, CosmosFaults.IsTransient((HttpStatusCode)status, sub));

    [Fact]
    public void A_timeout_is_transient_and_a_cancelled_call_is_not()
    {
        Assert.True(CosmosFaults.IsTransient(new OperationCanceledException(), CancellationToken.None));
        Assert.False(CosmosFaults.IsTransient(new OperationCanceledException(), new CancellationToken(true)));
        Assert.True(CosmosFaults.IsTransient(new HttpRequestException(), default));
        Assert.False(CosmosFaults.IsTransient(new InvalidOperationException(), default));
    }
}

/// <summary>The same through the SDK.</summary>
[Collection(CosmosTests.Name)]
[TestCaseOrderer(SkipWithoutCosmos.Name, SkipWhere.Assembly)]
public sealed class CosmosServiceTests(CosmosAccount account) : IDisposable
{
    private static readonly Document Doc = new("p", "a", "{}"u8.ToArray());

    public void Dispose() => account.Network.Answer = null;

    [Theory]
    [InlineData(429, 3200, typeof(TransientException))]
    [InlineData(503, 0, typeof(TransientException))]
    [InlineData(403, 0, typeof(CosmosException))]
    [InlineData(404, 1003, typeof(CosmosException))] // no container is not no document
    public async Task A_refusal_comes_out_as_what_it_is(int status, int sub, Type expected)
    {
        if (CosmosAccount.RealEndpoint is not null) return; // no network of ours before a real account
        await using var store = await account.Open();
        await store.Documents.Create(store.Collection, Doc, default);
        account.Network.Answer = _ => EmulatorNetwork.Refusal((HttpStatusCode)status, sub);

        await Assert.ThrowsAsync(expected, async () => await store.Documents.Read(store.Collection, "p", "a", default));
        await Assert.ThrowsAsync(expected, async () => await store.Documents.Upsert(store.Collection, [Doc], default));
        await Assert.ThrowsAsync(expected, async () => await store.Documents.List(store.Collection, "p", new IdRange(), default));
        account.Network.Answer = null;
        Assert.NotNull(await store.Documents.Read(store.Collection, "p", "a", default));
    }

    [Fact]
    public async Task A_network_that_is_down_is_transient_and_a_cancelled_call_is_cancelled()
    {
        if (CosmosAccount.RealEndpoint is not null) return;
        await using var store = await account.Open();
        await store.Documents.Create(store.Collection, Doc, default);
        account.Network.Answer = _ => throw new HttpRequestException("Connection refused");

        await Assert.ThrowsAsync<TransientException>(async () => await store.Documents.Create(store.Collection, Doc with { Id = "b" }, default));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.Documents.Read(store.Collection, "p", "a", new CancellationToken(true)));
    }

    [Fact]
    public async Task A_cursor_serves_any_page_size_but_only_its_own_question()
    {
        await using var store = await account.Open();
        await store.Documents.Upsert(store.Collection,
            [.. Enumerable.Range(0, 9).Select(n => Doc with { Id = $"{n}", Fields = new Dictionary<string, object> { ["n"] = (long)n, ["m"] = 1L } })], default);
        var first = await store.Documents.Query(store.Collection, new() { OrderBy = "n", Take = 2 }, default);
        var rest = await store.Documents.Query(store.Collection, new() { OrderBy = "n", Take = 100, Cursor = first.Cursor }, default);
        Assert.Equal(["2", "3", "4", "5", "6", "7", "8"], rest.Items.Select(d => d.Id));
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await store.Documents.Query(store.Collection, new() { OrderBy = "m", Cursor = first.Cursor }, default));

        // A token that only the SDK can tell is none.
        foreach (var query in new DocumentQuery[] { new() { OrderBy = "n" }, new() { Partition = "p" } })
            await Assert.ThrowsAsync<ArgumentException>(async () =>
                await store.Documents.Query(store.Collection, query with { Cursor = DocumentChecks.WriteCursor(query, "nonsense") }, default));
    }

    [Fact]
    public async Task Every_character_of_the_alphabet_is_legal_in_a_key()
    {
        const string all = "-.:=@_|~09AZaz";
        await using var store = await account.Open();
        await store.Documents.Create(store.Collection, new(all, all, "{}"u8.ToArray()), default);
        Assert.NotNull(await store.Documents.Read(store.Collection, all, all, default));
    }
}
