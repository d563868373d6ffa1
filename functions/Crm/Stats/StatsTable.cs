using System.Globalization;
using System.Text.Json;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Stats;

/// <summary>The rows of a day: <c>stats</c>, partition <c>{account}|{day}|{shard}</c>, id = fact id. Counting twice is impossible.</summary>
public sealed class StatsTable(IDocuments documents)
{
    /// <summary>Rows are kept this long.</summary>
    public const int KeptDays = 90;

    private const int Shards = 8;
    private const int PageSize = 1000;

    public static Document ToDocument(string account, DateOnly day, string factId, StatsRow row) =>
        new(Partition(account, day, Lanes.Of(factId, Shards)), factId, JsonSerializer.SerializeToUtf8Bytes(row, CrmJson.Types.StatsRow));

    /// <summary>All rows of a day, in a fixed order.</summary>
    public async IAsyncEnumerable<StatsRow> Rows(
        string account, DateOnly day, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        for (var shard = 0; shard < Shards; shard++)
        {
            string? from = null;
            IReadOnlyList<StoredDocument> page;
            do
            {
                page = await documents.List(Collections.Stats, Partition(account, day, shard), new IdRange(from, Take: PageSize), ct);
                foreach (var stored in page) yield return JsonSerializer.Deserialize(stored.Data.Span, CrmJson.Types.StatsRow)!;
                if (page.Count > 0) from = page[^1].Id + "\u0001"; // the least id after the last one
            }
            while (page.Count == PageSize);
        }
    }

    public async Task DeleteDay(string account, DateOnly day, CancellationToken ct)
    {
        for (var shard = 0; shard < Shards; shard++)
            await documents.DeletePartition(Collections.Stats, Partition(account, day, shard), ct);
    }

    private static string Partition(string account, DateOnly day, int shard) =>
        string.Create(CultureInfo.InvariantCulture, $"{account}|{day:yyyyMMdd}|{shard}");
}
