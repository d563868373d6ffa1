using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrmServerless.Crm;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// Links by which customers are won (获客助手). Rules: developer.work.weixin.qq.com/document/path/97297 (links), 97298
/// (customers), 97375 (quota): names of 30 characters, 500 people; a new customer uses up one of the quota.
/// </summary>
public sealed class WeComAcquisition(Companies companies) : IWeComFamily
{
    /// <summary>Customers that the company has bought.</summary>
    public const int Quota = 1000;

    private const int MaxName = 30;
    private const int MaxUsers = 500;
    private const int MaxPage = 1000;
    private const int MaxLinkPage = 100;
    private static readonly TimeSpan LongestAsked = TimeSpan.FromDays(30);

    private static readonly Shape Range = Fields(May("user_list", ListOf(Text)), May("department_list", ListOf(Number)));
    private static readonly Shape Priority = Fields(Must("priority_type", Number), May("priority_userid_list", ListOf(Text)));
    private static readonly Shape OneLink = Fields(Must("link_id", Text));

    private const string Root = "cgi-bin/externalcontact/customer_acquisition";

    public IEnumerable<Api> Apis =>
    [
        Api.Post(Root + "/create_link", Fields(Must("link_name", Text), Must("range", Range), May("skip_verify", Flag), May("priority_option", Priority), May("mark_source", Flag)), Create),
        Api.Post(Root + "/update_link", Fields(
            Must("link_id", Text), May("link_name", Text), May("range", Range), May("skip_verify", Flag), May("priority_option", Priority), May("mark_source", Flag)), Update),
        Api.Post(Root + "/delete_link", OneLink, Delete),
        Api.Post(Root + "/get", OneLink, Get),
        Api.Post(Root + "/list_link", Fields(May("limit", Number), May("cursor", Text)), List),
        Api.Post(Root + "/customer", Fields(Must("link_id", Text), May("limit", Number), May("cursor", Text)), Customers),
        Api.Post(Root + "/statistic", Fields(Must("link_id", Text), Must("start_time", Number), Must("end_time", Number)), Statistic),
        // Chat keys come with events that nobody plays here, so no key is good.
        Api.Post(Root + "/get_chat_info", Fields(Must("chat_key", Text)), _ => Reply.Error(40058, "invalid Request Parameter, chat_key")),
        Api.Get(Root + "_quota", Balance),
    ];

    /// <summary>Whom a link may bring a customer to.</summary>
    internal static IEnumerable<string> Users(Company company, AcquisitionLink link)
    {
        using var json = JsonDocument.Parse(link.Json);
        return Named(company, json.RootElement);
    }

    private static List<string> Named(Company company, JsonElement body)
    {
        var (users, departments) = (body.GetProperty("range").Texts("user_list"), body.GetProperty("range").Numbers("department_list"));
        return [.. company.Followers.Where(s => users.Contains(s.UserId, StringComparer.OrdinalIgnoreCase) || s.Departments.Any(d => departments.Contains(d))).Select(s => s.UserId)];
    }

    private Reply Create(Call call)
    {
        var company = companies.Of(call.Account);
        if (Fault(company, call.Body) is { } fault) return fault;
        var link = new AcquisitionLink("ca" + RandomNumberGenerator.GetHexString(20, lowercase: true), call.Body.GetRawText(), call.Now);
        company.Links.Put(link);
        return Reply.Done(new JsonObject { ["link"] = new JsonObject { ["link_id"] = link.Id, ["link_name"] = call.Body.Text("link_name"), ["url"] = Url(link), ["create_time"] = call.Now.ToUnixTimeSeconds() } });
    }

    private Reply Update(Call call)
    {
        var company = companies.Of(call.Account);
        if (Find(call, out var link) is { } refusal) return refusal;
        var json = JsonNode.Parse(link!.Json)!.AsObject();
        foreach (var given in call.Body.EnumerateObject().Where(g => g.Name != "link_id")) json[given.Name] = JsonNode.Parse(given.Value.GetRawText());
        using var next = JsonDocument.Parse(json.ToJsonString());
        if (Fault(company, next.RootElement) is { } fault) return fault;
        company.Links.Put(link with { Json = json.ToJsonString() });
        return Reply.Ok;
    }

    private static Reply? Fault(Company company, JsonElement body)
    {
        if (new StringInfo(body.Text("link_name")).LengthInTextElements is 0 or > MaxName) return Reply.Error(40058, "invalid Request Parameter, link_name");
        if (body.GetProperty("range").Texts("user_list").Any(u => company.Working(u) is null)) return Reply.Error(60111, "userid not found");
        return Named(company, body).Count is 0 or > MaxUsers ? Reply.Error(40058, "invalid Request Parameter, range") : null;
    }

    private Reply Delete(Call call)
    {
        if (Find(call, out var link) is { } refusal) return refusal;
        companies.Of(call.Account).Links.Remove(link!.Id);
        return Reply.Ok;
    }

    private Reply Get(Call call)
    {
        if (Find(call, out var link) is { } refusal) return refusal;
        var json = JsonNode.Parse(link!.Json)!.AsObject();
        var fields = new JsonObject
        {
            ["link"] = new JsonObject
            {
                ["link_name"] = json["link_name"]!.DeepClone(), ["url"] = Url(link), ["create_time"] = link.At.ToUnixTimeSeconds(),
                ["skip_verify"] = json["skip_verify"]?.DeepClone() ?? true, ["mark_source"] = json["mark_source"]?.DeepClone() ?? true,
            },
            ["range"] = json["range"]!.DeepClone(),
        };
        if (json["priority_option"] is { } priority) fields["priority_option"] = priority.DeepClone();
        return Reply.Done(fields);
    }

    private Reply List(Call call)
    {
        if (call.Body.Number("limit") is < 1 or > MaxLinkPage) return Reply.Error(40058, "invalid Request Parameter, limit");
        return Paging.Page(call.Body.TextOrNull("cursor"), (int)(call.Body.Number("limit") ?? MaxLinkPage), "link_id_list", companies.Of(call.Account).Links.All.OrderBy(l => l.At), l => (JsonNode)l.Id);
    }

    private Reply Customers(Call call)
    {
        if (Find(call, out var link) is { } refusal) return refusal;
        if (call.Body.Number("limit") is < 1 or > MaxPage) return Reply.Error(40058, "invalid Request Parameter, limit");
        return Paging.Page(call.Body.TextOrNull("cursor"), (int)(call.Body.Number("limit") ?? MaxPage), "customer_list", Won(call, link!), r => new JsonObject
        {
            ["external_userid"] = r.ExternalId, ["userid"] = r.UserId, ["chat_status"] = r.Chatted ? 1 : 0, ["state"] = r.State,
        });
    }

    private Reply Statistic(Call call)
    {
        if (Find(call, out var link) is { } refusal) return refusal;
        var (from, to) = (call.Body.Number("start_time") ?? 0, call.Body.Number("end_time") ?? 0);
        if (from > to || to - from > LongestAsked.TotalSeconds) return Reply.Error(40058, "invalid Request Parameter, start_time or end_time");
        var won = Won(call, link!).Count(r => Shanghai.Day(r.At) >= Shanghai.Day(DateTimeOffset.FromUnixTimeSeconds(from)) && Shanghai.Day(r.At) <= Shanghai.Day(DateTimeOffset.FromUnixTimeSeconds(to)));
        return Reply.Done(new JsonObject { ["click_link_customer_cnt"] = won, ["new_customer_cnt"] = won });
    }

    private Reply Balance(Call call)
    {
        var used = companies.Of(call.Account).Relations.All.Count(r => r.Link is not null);
        var left = Math.Max(0, Quota - used);
        return Reply.Done(new JsonObject
        {
            ["total"] = Quota, ["balance"] = left,
            ["quota_list"] = Reply.List([new JsonObject { ["expire_date"] = Shanghai.Start(Shanghai.Day(call.Now).AddDays(30)).ToUnixTimeSeconds(), ["balance"] = left }]),
        });
    }

    private IEnumerable<Relation> Won(Call call, AcquisitionLink link) => companies.Of(call.Account).Relations.All.Where(r => r.Link == link.Id).OrderBy(r => r.At);

    private Reply? Find(Call call, out AcquisitionLink? link) =>
        (link = companies.Of(call.Account).Links.Find(call.Body.Text("link_id"))) is null ? Reply.Error(40058, "invalid Request Parameter, link_id") : null;

    private static string Url(AcquisitionLink link) => "https://work.weixin.qq.com/ca/" + link.Id;
}
