using System.Net;
using System.Text;
using Azure;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using CrmServerless.Azure.Tables;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Tests.Azure.Stores;

/// <summary>What only Table storage has: split values, batches by size, its error codes.</summary>
public sealed class TableAdapterTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(60 * 1024, 1)]
    [InlineData((60 * 1024) + 1, 2)]
    [InlineData(IDocuments.MaxBytes, 9)] // 524,288 / 61,440 = 8.5
    public void A_document_is_split_over_properties_of_60_KiB(int bytes, int parts)
    {
        var data = new byte[bytes];
        Random.Shared.NextBytes(data);
        var row = TableRow.ToEntity(new Document("p", "a", data));

        var split = row.Where(p => p.Key.StartsWith('d')).Select(p => (byte[])p.Value).ToList();
        Assert.Equal(parts, split.Count);
        Assert.All(split, part => Assert.True(part.Length <= 60 * 1024));
        row.ETag = ETag.All;
        Assert.Equal(data, TableRow.FromEntity(row).Data.ToArray());
    }

    [Theory]
    [InlineData(250, 10, new[] { 100, 100, 50 })] // 100 rows at most
    [InlineData(10, IDocuments.MaxBytes, new[] { 4, 4, 2 })] // 524,288 bytes are 699,051 in base64; 3 MiB take four
    [InlineData(1, IDocuments.MaxBytes, new[] { 1 })]
    public void A_batch_has_100_rows_and_3_MiB_at_most(int rows, int bytes, int[] batches)
    {
        var entities = Enumerable.Range(0, rows).Select(n => TableRow.ToEntity(new Document("p", $"{n}", new byte[bytes]))).ToList();
        Assert.Equal(batches, TableDocuments.Batches(entities).Select(b => b.Count));
        Assert.Equal(entities, TableDocuments.Batches(entities).SelectMany(b => b));
    }

    /// <summary>The ends that callers use: after an id, all that start with a prefix; and what must not be changed.</summary>
    [Theory]
    [InlineData("abc\u0001", "abc!")]
    [InlineData("send.x.\u007f", "send.x/")]
    [InlineData("tl~\u007f", "tm")]
    [InlineData("~\u007f", null)]
    [InlineData("\u007f", null)]
    [InlineData("维", null)]
    [InlineData("a/b", "a/b")]
    [InlineData("", "")]
    public void The_end_of_a_range_is_of_printable_characters(string bound, string? expected)
    {
        Assert.Equal(expected, TableRange.Normal(bound));
        foreach (var id in new[] { "-", "abc", "abc-", "abb~", "send.x.", "send.x.~", "send.x", "send.y", "tl", "tl~", "tl~~", "tm-", "~", "~~", "a.b", "a:b" })
            Assert.Equal(string.CompareOrdinal(id, bound) < 0, expected is null || string.CompareOrdinal(id, expected) < 0);
    }

    [Theory]
    [InlineData(429, true)]
    [InlineData(503, true)]
    [InlineData(500, true)]
    [InlineData(408, true)]
    [InlineData(400, false)]
    [InlineData(403, false)]
    [InlineData(413, false)]
    public async Task Faults_that_time_heals_are_told_from_ours(int status, bool transient)
    {
        var documents = Answering(() => new HttpResponseMessage((HttpStatusCode)status));
        async Task Read() => await documents.Read("spill", "p", "a", default);
        async Task Upsert() => await documents.Upsert("spill", [new("p", "a", "{}"u8.ToArray()), new("p", "b", "{}"u8.ToArray())], default);
        foreach (var act in new[] { Read, Upsert })
        {
            if (transient) await Assert.ThrowsAsync<TransientException>(act);
            else await Assert.ThrowsAnyAsync<RequestFailedException>(act);
        }
    }

    [Fact]
    public async Task A_network_that_is_down_is_transient_and_a_cancelled_call_is_cancelled()
    {
        var documents = Answering(() => throw new HttpRequestException("Connection refused"));
        await Assert.ThrowsAsync<TransientException>(async () => await documents.Read("spill", "p", "a", default));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await documents.Read("spill", "p", "a", new CancellationToken(true)));
    }

    private static TableDocuments Answering(Func<HttpResponseMessage> answer)
    {
        var options = new TableClientOptions { Transport = new HttpClientTransport(new Handler(answer)), Retry = { MaxRetries = 0 } };
        var credential = new TableSharedKeyCredential("account", Convert.ToBase64String("key"u8));
        return new TableDocuments(new TableServiceClient(new Uri("http://tables.test"), credential, options), [Collections.Spill]);
    }

    private sealed class Handler(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }
}

/// <summary>The same, where only the service can tell.</summary>
[Collection(TableTests.Name)]
[TestCaseOrderer(SkipWithoutTables.Name, SkipWhere.Assembly)]
public sealed class TableServiceTests(TableAccount account)
{
    [Fact]
    public async Task A_document_that_shrinks_leaves_no_part_behind()
    {
        await using var store = await account.Open();
        var large = Encoding.UTF8.GetBytes($"\"{new string('x', 130 * 1024)}\"");
        var etag = await store.Documents.Create(store.Collection, new("p", "a", large), default);
        await store.Documents.Replace(store.Collection, new("p", "a", "{}"u8.ToArray()), etag!, default);
        Assert.Equal("{}", await Text(store));
    }

    [Fact]
    public async Task A_table_that_is_missing_is_not_taken_for_a_document_that_is()
    {
        var documents = new TableDocuments(account.Client, ["nothere"]);
        await Assert.ThrowsAsync<RequestFailedException>(async () => await documents.Replace("nothere", new("p", "a", "{}"u8.ToArray()), "*", default));
        await Assert.ThrowsAsync<RequestFailedException>(async () => await documents.Create("nothere", new("p", "a", "{}"u8.ToArray()), default));
    }

    [Fact]
    public async Task Of_two_with_one_key_in_one_call_the_later_stays()
    {
        await using var store = await account.Open();
        await store.Documents.Upsert(store.Collection, [new("p", "a", "1"u8.ToArray()), new("p", "b", "2"u8.ToArray()), new("p", "a", "3"u8.ToArray())], default);
        Assert.Equal("3", await Text(store));
    }

    private static async Task<string> Text(TableHarness store) =>
        Encoding.UTF8.GetString((await store.Documents.Read(store.Collection, "p", "a", default))!.Data.Span);
}
