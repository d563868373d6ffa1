using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Alerts;
using Microsoft.AspNetCore.Http;

namespace CrmServerless.Crm.Api;

/// <summary>Alerts: list, acknowledge, close. Every change names who made it.</summary>
public sealed class AlertsApi(AlertBook alerts, CloseAlert close, AccountBook accounts, TimeProvider clock)
{
    private const int MaxNote = 500;

    public void Map(OperatorRoutes api)
    {
        api.Get("/api/alerts", Role.Viewer, List);
        api.Post("/api/alerts/{id}/acknowledge", Role.Agent, Acknowledge);
        api.Post("/api/alerts/{id}/close", Role.Agent, Close);
    }

    private async Task List(HttpContext http, Operator caller)
    {
        AlertState? state = null;
        if (http.Query("state") is { } text)
        {
            if (!Enum.TryParse<AlertState>(text, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed))
            {
                await http.Problem(400, "state: open, acknowledged or closed.");
                return;
            }

            state = parsed;
        }

        var (items, next) = await alerts.Page(http.Query("account"), state, http.Query("cursor"), http.Take(), http.RequestAborted);
        await http.Write(new ListOf<Alert>(items, next), ApiJson.Types.ListOfAlert);
    }

    private Task Acknowledge(HttpContext http, Operator caller) => Change(http, (account, id, note) =>
        alerts.Change(account, id, alert => alert.State != AlertState.Open ? alert : alert with
        {
            State = AlertState.Acknowledged, AcknowledgedBy = caller.Name, AcknowledgedAt = clock.GetUtcNow(), Note = note ?? alert.Note,
        }, http.RequestAborted));

    private Task Close(HttpContext http, Operator caller) => Change(http, (account, id, note) =>
        close.Close(account, id, caller.Name, note, http.RequestAborted));

    private async Task Change(HttpContext http, Func<string, string, string?, ValueTask<(Alert Before, Alert After)?>> change)
    {
        if (await http.ReadJson(ApiJson.Types.AlertNote) is not { } body) return;
        if (body.Note?.Length > MaxNote)
        {
            await http.Problem(422, $"note: at most {MaxNote} characters.");
            return;
        }

        var id = http.Route("id");
        if (Messaging.Keys.IsLegal(id))
        {
            foreach (var account in accounts.All)
            {
                if (await change(account.Name, id, body.Note) is not { } changed) continue;
                await http.Write(changed.After, ApiJson.Types.Alert);
                return;
            }
        }

        await http.Missing("alert");
    }
}

public sealed record AlertNote(string? Note);
