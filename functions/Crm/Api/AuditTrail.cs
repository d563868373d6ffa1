using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CrmServerless.Crm.Storage;
using Microsoft.AspNetCore.Http;

namespace CrmServerless.Crm.Api;

/// <param name="At">When.</param>
/// <param name="By">Which operator.</param>
/// <param name="Action">What was done.</param>
/// <param name="Subject">What it was done to.</param>
public sealed record AuditEntry(DateTimeOffset At, string By, string Action, string Subject);

/// <summary>Who did what where the changed thing itself does not remember it: <c>work</c>, partition <c>~all|audit</c>; <c>GET /api/audit</c>.</summary>
public sealed class AuditTrail(IDocuments documents, TimeProvider clock)
{
    private const string Partition = "~all|audit";

    public void Map(OperatorRoutes api) => api.Get("/api/audit", Role.Viewer, List);

    public ValueTask Add(Operator by, string action, string subject, CancellationToken ct)
    {
        var entry = new AuditEntry(clock.GetUtcNow(), by.Name, action, subject);
        var id = string.Create(CultureInfo.InvariantCulture, $"{entry.At.ToUnixTimeMilliseconds():D14}~{RandomNumberGenerator.GetHexString(12, lowercase: true)}");
        return documents.Upsert(Collections.Work, [new Document(Partition, id, JsonSerializer.SerializeToUtf8Bytes(entry, ApiJson.Types.AuditEntry))], ct);
    }

    private async Task List(HttpContext http, Operator caller)
    {
        var take = http.Take();
        var page = await documents.List(Collections.Work, Partition, new IdRange(To: http.Query("before"), Take: take, Descending: true), http.RequestAborted);
        var items = page.Select(d => JsonSerializer.Deserialize(d.Data.Span, ApiJson.Types.AuditEntry)!).ToList();
        await http.Write(new ListOf<AuditEntry>(items, page.Count == take ? page[^1].Id : null), ApiJson.Types.ListOfAuditEntry);
    }
}
