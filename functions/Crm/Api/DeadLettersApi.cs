using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Delivery;
using Microsoft.AspNetCore.Http;

namespace CrmServerless.Crm.Api;

/// <summary>Dead letters: list, retry, drop.</summary>
public sealed class DeadLettersApi(DeadLetters letters, AccountBook accounts)
{
    public void Map(OperatorRoutes api)
    {
        api.Get("/api/deadletters", Role.Viewer, List);
        api.Post("/api/deadletters/{id}/retry", Role.Agent, Retry);
        api.Post("/api/deadletters/{id}/drop", Role.Agent, Drop);
    }

    private async Task List(HttpContext http, Operator caller)
    {
        var (items, next) = await letters.Page(http.Query("account"), http.Query("cursor"), http.Take(), http.RequestAborted);
        await http.Write(new ListOf<DeadLetterView>([.. items.Select(DeadLetterView.Of)], next), ApiJson.Types.ListOfDeadLetterView);
    }

    private async Task Retry(HttpContext http, Operator caller)
    {
        if (await Find(http) is not { } letter) return;
        if (await letters.Retry(letter, http.RequestAborted)) http.Response.StatusCode = 202;
        else await http.Problem(409, "This message could not be read, so there is nothing to try again.");
    }

    private async Task Drop(HttpContext http, Operator caller)
    {
        if (await Find(http) is not { } letter) return;
        await letters.Drop(letter, http.RequestAborted);
        http.Response.StatusCode = 204;
    }

    private async Task<DeadLetter?> Find(HttpContext http)
    {
        var id = http.Route("id");
        if (Messaging.Keys.IsLegal(id))
            foreach (var account in accounts.All.Select(a => a.Name).Append(DeadLetters.UnknownAccount))
                if (await letters.Find(account, id, http.RequestAborted) is { } letter) return letter;
        await http.Missing("dead letter");
        return null;
    }
}

/// <summary>A dead letter without what the customer wrote.</summary>
public sealed record DeadLetterView(
    string Id, string Account, string Stage, string Subject, string? Kind, string Error,
    DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, int Attempts, bool Committed, int Retries)
{
    public static DeadLetterView Of(DeadLetter letter) =>
        new(letter.Id, letter.Account, letter.Stage, letter.Subject, letter.Kind, letter.Error,
            letter.FirstSeenAt, letter.LastSeenAt, letter.Attempts, letter.Committed, letter.Retries);
}
