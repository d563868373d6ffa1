using System.Security.Cryptography;
using System.Text.Json;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Storage;
using CrmServerless.Crm.Tags;
using Microsoft.AspNetCore.Http;

namespace CrmServerless.Crm.Api;

/// <summary>Customers: search, file, timeline, tags by hand.</summary>
public sealed class CustomersApi(AccountBook knownAccounts, IDocuments documents, CustomerFiles files, CustomerCommit commit, CarriedTags carried, TimeProvider clock)
{
    /// <summary>The customer file stays small.</summary>
    private const int MaxTags = 100;

    public void Map(OperatorRoutes api)
    {
        api.Get("/api/customers", Role.Viewer, List);
        api.Get("/api/customers/{key}", Role.Viewer, Find);
        api.Get("/api/customers/{key}/timeline", Role.Viewer, ReadTimeline);
        api.Post("/api/customers/{key}/tags", Role.Agent, EditTags);
    }

    private async Task List(HttpContext http, Operator caller)
    {
        var where = new List<Condition> { new("type", Storage.Operator.Equal, "customer") };
        if (http.Query("account") is { } account) where.Add(new("account", Storage.Operator.Equal, account));
        if (http.Query("stage") is { } stage) where.Add(new("stage", Storage.Operator.Equal, stage));
        if (http.Query("tag") is { } tag) where.Add(new("tags", Storage.Operator.Contains, tag));
        // WeChat gives no names any more, so a search by text is a search by openid.
        if (http.Query("q") is { } q && await ByOpenId(q, http) is { } found)
        {
            await http.Write(new ListOf<CustomerView>(found, null), ApiJson.Types.ListOfCustomerView);
            return;
        }

        var query = new DocumentQuery { Where = where, OrderBy = "lastSeenAt", Descending = true, Take = http.Take(), Cursor = http.Query("cursor") };
        var page = await documents.Query(Collections.Customers, query, http.RequestAborted);
        var views = page.Items.Select(d => CustomerView.Of(CustomerFiles.Parse(d).Customer, clock.GetUtcNow())).ToList();
        await http.Write(new ListOf<CustomerView>(views, page.Cursor), ApiJson.Types.ListOfCustomerView);
    }

    private async Task Find(HttpContext http, Operator caller)
    {
        if (await Load(http) is not { } file) return;
        var known = await carried.List(file.Customer.Key, http.RequestAborted);
        await http.Write(CustomerView.Of(file.Customer, clock.GetUtcNow()) with { Carried = known.Count > 0 ? known : null }, ApiJson.Types.CustomerView);
    }

    private async Task ReadTimeline(HttpContext http, Operator caller)
    {
        var key = http.Route("key");
        if (!Keys.IsLegal(key))
        {
            await http.Missing("customer");
            return;
        }

        var take = http.Take();
        // "before" is the last entry's place, as "next" gave it.
        var to = http.Query("before") is { } before ? Timeline.Prefix + before : Timeline.Prefix + "\u007f";
        var page = await documents.List(Collections.Customers, key, new IdRange(Timeline.Prefix, to, take, Descending: true), http.RequestAborted);
        // WeChat's times have whole seconds; within one the order of arrival is the better story.
        var items = page.Select(d => JsonSerializer.Deserialize(d.Data.Span, CrmJson.Types.TimelineEntry)!).Select(WithoutCredentials)
            .OrderByDescending(e => e.OccurredAt).ThenByDescending(e => e.PublishedAt).ToList();
        var next = page.Count == take ? page[^1].Id[Timeline.Prefix.Length..] : null;
        await http.Write(new ListOf<TimelineEntry>(items, next), ApiJson.Types.ListOfTimelineEntry);
    }

    private static TimelineEntry WithoutCredentials(TimelineEntry entry)
    {
        if (entry.Detail is not { ValueKind: JsonValueKind.Object } detail || !(detail.TryGetProperty("raw", out _) || detail.TryGetProperty("rawGzip", out _))) return entry;
        var received = detail.Deserialize(CrmJson.Types.EventReceived)!;
        var shown = (received with { Raw = null, RawGzip = null }).WithPayload(Credentials.Hide(received.Payload));
        return entry with { Detail = JsonSerializer.SerializeToElement(shown, CrmJson.Types.EventReceived) };
    }

    private async Task EditTags(HttpContext http, Operator caller)
    {
        if (await http.ReadJson(ApiJson.Types.TagEdit) is not { } edit || await Load(http) is not { } file) return;
        var (add, remove) = (edit.Add ?? [], edit.Remove ?? []);
        if (add.Concat(remove).Any(t => t is not { Length: >= 1 and <= 30 }) || add.Count + remove.Count is 0 or > 50)
        {
            await http.Problem(422, "Give 1 to 50 tags in add and remove, each 1 to 30 characters.");
            return;
        }

        if (file.Customer.Tags.Count + add.Count > MaxTags)
        {
            await http.Problem(422, $"A customer has at most {MaxTags} tags.");
            return;
        }

        var now = clock.GetUtcNow();
        var fact = Request(file.Customer.Key, http, edit, now);
        var edited = await commit.Apply(new StageDelivery(fact, 1), before =>
        {
            var (next, tagged) = TagRules.Edit(before!, add, remove, caller.Name, now);
            return new CustomerDecision(next, [.. tagged.Select(t => NewFacts.Of(Subjects.CustomerTagged, t, CrmJson.Types.CustomerTagged))]);
        }, http.RequestAborted);
        await http.Write(CustomerView.Of(edited, now), ApiJson.Types.CustomerView);
    }

    // An edit is committed like a fact: its id is the request's, so that a repeated request has no second effect.
    private static Envelope Request(string key, HttpContext http, TagEdit edit, DateTimeOffset now)
    {
        var requestId = http.Request.Headers["Idempotency-Key"] is [{ Length: > 0 } given, ..] ? given : RandomNumberGenerator.GetHexString(26, lowercase: true);
        var id = Ids.Hash($"{key}|edit|{requestId}");
        return new Envelope
        {
            Id = id, Subject = "CustomerEdited", Key = key, Kind = "customer.edited", OccurredAt = now, PublishedAt = now, Root = id,
            Data = JsonSerializer.SerializeToElement(edit, ApiJson.Types.TagEdit),
        };
    }

    private async Task<CustomerFile?> Load(HttpContext http)
    {
        var key = http.Route("key");
        var file = Keys.IsLegal(key) ? await files.Read(key, http.RequestAborted) : null;
        if (file is null) await http.Missing("customer");
        return file;
    }

    private async Task<IReadOnlyList<CustomerView>?> ByOpenId(string q, HttpContext http)
    {
        var accounts = http.Query("account") is { } account ? [account] : knownAccounts.All.Select(a => a.Name);
        var found = new List<CustomerView>();
        foreach (var name in accounts)
            if (await files.Read(q.Contains(':', StringComparison.Ordinal) ? Keys.Escape(q) : Keys.Customer(name, q), http.RequestAborted) is { } file)
                found.Add(CustomerView.Of(file.Customer, clock.GetUtcNow()));
        return [.. found.DistinctBy(c => c.Key)];
    }
}

/// <summary>Tags to give and to take by hand.</summary>
public sealed record TagEdit(IReadOnlyList<string>? Add, IReadOnlyList<string>? Remove);
