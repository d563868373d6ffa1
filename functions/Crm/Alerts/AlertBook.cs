using System.Text.Json;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Alerts;

/// <summary>Alerts as stored: <c>work</c>, partition <c>{account}|alert</c>, newest last.</summary>
public sealed class AlertBook(IDocuments documents)
{
    private const int MaxAttempts = 10;

    /// <summary>True if it is new, false if it was there already.</summary>
    public async ValueTask<bool> Create(Alert alert, CancellationToken ct) =>
        await documents.Create(Collections.Work, ToDocument(alert), ct) is not null;

    public async ValueTask<Alert?> Find(string account, string id, CancellationToken ct) =>
        await documents.Read(Collections.Work, Partition(account), id, ct) is { } stored ? Parse(stored) : null;

    /// <summary>Changes an alert; the alert before and after, or null if there is none.</summary>
    public async ValueTask<(Alert Before, Alert After)?> Change(string account, string id, Func<Alert, Alert> change, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (await documents.Read(Collections.Work, Partition(account), id, ct) is not { } stored) return null;
            var before = Parse(stored);
            var after = change(before);
            if (after == before) return (before, before);
            if (await documents.Replace(Collections.Work, ToDocument(after), stored.Etag, ct) is not null) return (before, after);
        }

        throw new Messaging.TransientException("The alert kept changing while it was being written.");
    }

    /// <summary>A page of alerts, newest first.</summary>
    public async ValueTask<(IReadOnlyList<Alert> Items, string? Next)> Page(
        string? account, AlertState? state, string? cursor, int take, CancellationToken ct)
    {
        var where = new List<Condition> { new("type", Operator.Equal, "alert") };
        if (account is not null) where.Add(new("account", Operator.Equal, account));
        if (state is { } s) where.Add(new("state", Operator.Equal, s.ToString()));
        var query = new DocumentQuery { Where = where, OrderBy = "raisedAt", Descending = true, Take = take, Cursor = cursor };
        var page = await documents.Query(Collections.Work, query, ct);
        return ([.. page.Items.Select(Parse)], page.Cursor);
    }

    /// <summary>How many nobody has acknowledged though they were due, 200 at most.</summary>
    public async ValueTask<int> Overdue(DateTimeOffset now, CancellationToken ct)
    {
        var query = new DocumentQuery
        {
            Where = [new("type", Operator.Equal, "alert"), new("state", Operator.Equal, nameof(AlertState.Open)), new("dueAt", Operator.Below, now.ToUnixTimeMilliseconds())],
            OrderBy = "dueAt", Take = 200,
        };
        return (await documents.Query(Collections.Work, query, ct)).Items.Count;
    }

    private static string Partition(string account) => $"{account}|alert";

    private static Alert Parse(StoredDocument stored) => JsonSerializer.Deserialize(stored.Data.Span, CrmJson.Types.Alert)!;

    private static Document ToDocument(Alert alert)
    {
        var fields = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["type"] = "alert", ["account"] = alert.Account, ["state"] = alert.State.ToString(),
            ["raisedAt"] = alert.RaisedAt.ToUnixTimeMilliseconds(), ["customer"] = alert.Customer,
        };
        if (alert.DueAt is { } due) fields["dueAt"] = due.ToUnixTimeMilliseconds();
        return new(Partition(alert.Account), alert.Id, JsonSerializer.SerializeToUtf8Bytes(alert, CrmJson.Types.Alert), fields);
    }
}
