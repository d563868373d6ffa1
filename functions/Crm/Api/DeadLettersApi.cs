using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Delivery;
using Microsoft.AspNetCore.Http;

namespace CrmServerless.Crm.Api;

/// <summary>
/// Triage: dead letters of the pipeline and of the broker, singly and by cause; retry or drop one, or all of a cause.
/// Who did it stands in <see cref="AuditTrail"/>.
/// </summary>
public sealed class DeadLettersApi(DeadLetters letters, IBrokerDeadLetters broker, AccountBook accounts, AuditTrail audit)
{
    /// <summary>Causes are found among this many of the latest letters.</summary>
    private const int MaxGrouped = 1000;

    private const int SamplesPerCause = 5;

    public void Map(OperatorRoutes api)
    {
        api.Get("/api/deadletters", Role.Viewer, List);
        api.Get("/api/deadletters/causes", Role.Viewer, Causes);
        api.Post("/api/deadletters/retry", Role.Agent, (http, by) => All(http, by, "retry", Retry));
        api.Post("/api/deadletters/drop", Role.Agent, (http, by) => All(http, by, "drop", Drop));
        api.Post("/api/deadletters/{id}/retry", Role.Agent, (http, by) => One(http, by, "retry", Retry));
        api.Post("/api/deadletters/{id}/drop", Role.Agent, (http, by) => One(http, by, "drop", Drop));
    }

    private async Task List(HttpContext http, Operator caller)
    {
        var (items, next) = await letters.Page(http.Query("account"), http.Query("cursor"), http.Take(), http.RequestAborted);
        var views = items.Select(DeadLetterView.Of);
        // The broker's are few; they stand on the first page.
        if (http.Query("cursor") is null)
            views = views.Concat((await broker.List(http.Take(), http.RequestAborted)).Select(DeadLetterView.Of)).OrderByDescending(v => v.LastSeenAt);
        await http.Write(new ListOf<DeadLetterView>([.. views], next), ApiJson.Types.ListOfDeadLetterView);
    }

    private async Task Causes(HttpContext http, Operator caller)
    {
        var causes = (await Latest(http)).GroupBy(v => (v.Stage, v.Error)).Select(g => new DeadLetterCause(
            g.Key.Stage, g.Key.Error, g.Count(), g.Min(v => v.FirstSeenAt), g.Max(v => v.LastSeenAt), [.. g.Take(SamplesPerCause)]));
        await http.Write(new ListOf<DeadLetterCause>([.. causes.OrderByDescending(c => c.LastSeenAt)], null), ApiJson.Types.ListOfDeadLetterCause);
    }

    private async Task One(HttpContext http, Operator by, string action, Func<DeadLetterView, CancellationToken, Task<bool>> act)
    {
        var id = http.Route("id");
        if (await Find(id, http.RequestAborted) is not { } letter) await http.Missing("dead letter");
        else if (!await act(letter, http.RequestAborted)) await http.Problem(409, "This message could not be read, so there is nothing to try again.");
        else
        {
            await audit.Add(by, $"deadletter.{action}", id, http.RequestAborted);
            http.Response.StatusCode = action == "retry" ? 202 : 204;
        }
    }

    private async Task All(HttpContext http, Operator by, string action, Func<DeadLetterView, CancellationToken, Task<bool>> act)
    {
        if (await http.ReadJson(ApiJson.Types.CauseOrder) is not { } order) return;
        if (order.Stage is null || order.Error is null)
        {
            await http.Problem(422, "Name the cause: stage and error, as /api/deadletters/causes shows them.");
            return;
        }

        var done = 0;
        foreach (var letter in (await Latest(http)).Where(v => v.Stage == order.Stage && v.Error == order.Error))
            if (await act(letter, http.RequestAborted)) done++;
        await audit.Add(by, $"deadletter.{action}-all", $"{order.Stage}: {order.Error} ({done})", http.RequestAborted);
        await http.Write(new TriageResult(done), ApiJson.Types.TriageResult);
    }

    private async Task<List<DeadLetterView>> Latest(HttpContext http)
    {
        var found = (await broker.List(MaxGrouped, http.RequestAborted)).Select(DeadLetterView.Of).ToList();
        string? cursor = null;
        do
        {
            var (items, next) = await letters.Page(http.Query("account"), cursor, 200, http.RequestAborted);
            found.AddRange(items.Select(DeadLetterView.Of));
            cursor = next;
        }
        while (cursor is not null && found.Count < MaxGrouped);
        return found;
    }

    private async Task<DeadLetterView?> Find(string id, CancellationToken ct)
    {
        if (id.StartsWith(DeadLetterView.BrokerPrefix, StringComparison.Ordinal))
            return (await broker.List(MaxGrouped, ct)).Select(DeadLetterView.Of).FirstOrDefault(v => v.Id == id);
        return await Letter(id, ct) is { } letter ? DeadLetterView.Of(letter) : null;
    }

    private async Task<DeadLetter?> Letter(string id, CancellationToken ct)
    {
        if (!Messaging.Keys.IsLegal(id)) return null;
        foreach (var account in accounts.All.Select(a => a.Name).Append(DeadLetters.UnknownAccount))
            if (await letters.Find(account, id, ct) is { } letter) return letter;
        return null;
    }

    private async Task<bool> Retry(DeadLetterView view, CancellationToken ct)
    {
        if (BrokerId(view) is { } id) return await broker.Resubmit(id, ct);
        return await Letter(view.Id, ct) is { } letter && await letters.Retry(letter, ct);
    }

    private async Task<bool> Drop(DeadLetterView view, CancellationToken ct)
    {
        if (BrokerId(view) is { } id) return await broker.Drop(id, ct);
        if (await Letter(view.Id, ct) is { } letter) await letters.Drop(letter, ct);
        return true;
    }

    private static string? BrokerId(DeadLetterView view) =>
        view.Id.StartsWith(DeadLetterView.BrokerPrefix, StringComparison.Ordinal) ? view.Id[DeadLetterView.BrokerPrefix.Length..] : null;
}
