using System.Globalization;
using System.Text.Json;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Reports;

/// <summary>Reports as stored (<c>work</c>, <c>{account}|report</c>) and the days that must be built again (<c>{account}|dirty</c>).</summary>
public sealed class ReportBook(IDocuments documents)
{
    public async ValueTask<DailyReport?> Find(string account, DateOnly day, CancellationToken ct) =>
        await documents.Read(Collections.Work, $"{account}|report", Id(day), ct) is { } stored
            ? JsonSerializer.Deserialize(stored.Data.Span, CrmJson.Types.DailyReport)
            : null;

    public ValueTask Save(DailyReport report, CancellationToken ct) =>
        documents.Upsert(Collections.Work,
            [new Document($"{report.Account}|report", Id(report.Date), JsonSerializer.SerializeToUtf8Bytes(report, CrmJson.Types.DailyReport))], ct);

    /// <summary>Written after the rows: whoever is building meanwhile finds another etag and builds again.</summary>
    public ValueTask MarkDirty(string account, DateOnly day, CancellationToken ct) =>
        documents.Upsert(Collections.Work, [new Document($"{account}|dirty", Id(day), "{}"u8.ToArray())], ct);

    /// <summary>Days that got rows after they ended, with the etag that says whether more came meanwhile.</summary>
    public async ValueTask<IReadOnlyList<(DateOnly Day, string Etag)>> Dirty(string account, CancellationToken ct) =>
        [.. (await documents.List(Collections.Work, $"{account}|dirty", new IdRange(Take: 1000), ct))
            .Select(d => (DateOnly.ParseExact(d.Id, "yyyy-MM-dd", CultureInfo.InvariantCulture), d.Etag))];

    public async ValueTask Clean(string account, DateOnly day, string etag, CancellationToken ct) =>
        await documents.Delete(Collections.Work, $"{account}|dirty", Id(day), etag, ct);

    private static string Id(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
