using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Rules;
using Microsoft.AspNetCore.Http;

namespace CrmServerless.Crm.Api;

/// <summary>Rules: list, read, write, delete. In force at once here, within 30 seconds everywhere.</summary>
public sealed class RulesApi(RuleBook rules, AccountBook accounts, MediaAssets media)
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
        else if (await rules.Save(kind, rule, caller.Name, http.RequestAborted) is { } saved) await http.Write(saved with { Warnings = await Warnings(kind, saved, http.RequestAborted) }, ApiJson.Types.Rule);
        else await http.Problem(409, "Somebody else has changed this rule at the same moment; read it again.");
    }

    private async Task<IReadOnlyList<string>?> Warnings(string kind, Rule rule, CancellationToken ct)
    {
        List<string> warnings = [.. RuleWarnings.Of(kind, rule, accounts) ?? []];
        var needs = kind == RuleKind.Replies ? rule.Then.Deserialize(CrmJson.Types.ReplyAction)!.Needs() : [];
        foreach (var need in needs)
        {
            var asset = await media.Find(need.Asset, ct);
            if (asset is null) warnings.Add($"Rule {rule.Id} sends the medium {need.Asset}, which nobody has given yet: PUT /api/media/{need.Asset}.");
            else if (need.Thumb && !asset.IsThumb) warnings.Add($"Rule {rule.Id} shows the medium {need.Asset} beside a video or music, which must be a JPG of at most 64 KB.");
        }

        return warnings.Count > 0 ? warnings : null;
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
