using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Rules;
using Microsoft.AspNetCore.Http;

namespace CrmServerless.Crm.Api;

/// <summary>Rules: list, read, write, delete. In force at once here, within 30 seconds everywhere.</summary>
public sealed class RulesApi(RuleBook rules, AccountBook accounts)
{
    public void Map(OperatorRoutes api)
    {
        api.Get("/api/rules/{kind}", Role.Viewer, List);
        api.Get("/api/rules/{kind}/{id}", Role.Viewer, Find);
        api.Put("/api/rules/{kind}/{id}", Role.Marketer, Save);
        api.Delete("/api/rules/{kind}/{id}", Role.Marketer, Remove);
    }

    private async Task List(HttpContext http, Operator caller)
    {
        if (await Kind(http) is { } kind)
            await http.Write(new ListOf<Rule>(await rules.List(kind, http.RequestAborted), null), ApiJson.Types.ListOfRule);
    }

    private async Task Find(HttpContext http, Operator caller)
    {
        if (await Kind(http) is not { } kind) return;
        if (Messaging.Keys.IsLegal(http.Route("id")) && await rules.Find(kind, http.Route("id"), http.RequestAborted) is { } rule)
            await http.Write(rule, ApiJson.Types.Rule);
        else await http.Missing("rule");
    }

    private async Task Save(HttpContext http, Operator caller)
    {
        if (await Kind(http) is not { } kind) return;
        if (await http.ReadBody() is not { } body)
        {
            await http.Problem(413, $"The body is larger than {HttpJson.MaxBody} bytes.");
            return;
        }

        var (rule, faults) = RuleValidator.Read(kind, http.Route("id"), body);
        if (rule is null) await http.Problem(422, "The rule cannot be used: " + string.Join(" ", faults), faults);
        else if (await rules.Save(kind, rule, caller.Name, http.RequestAborted) is { } saved) await http.Write(saved with { Warnings = RuleWarnings.Of(kind, saved, accounts) }, ApiJson.Types.Rule);
        else await http.Problem(409, "Somebody else has changed this rule at the same moment; read it again.");
    }

    private async Task Remove(HttpContext http, Operator caller)
    {
        if (await Kind(http) is not { } kind) return;
        if (Messaging.Keys.IsLegal(http.Route("id")) && await rules.Remove(kind, http.Route("id"), http.RequestAborted)) http.Response.StatusCode = 204;
        else await http.Missing("rule");
    }

    private static async Task<string?> Kind(HttpContext http)
    {
        var kind = http.Route("kind");
        if (RuleKind.All.Contains(kind, StringComparer.Ordinal)) return kind;
        await http.Problem(404, $"Kinds of rules are {string.Join(", ", RuleKind.All)}.");
        return null;
    }
}
