using System.Globalization;
using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// Handing customers over to a colleague, from one who works here or has resigned. Rules: developer.work.weixin.qq.com/document/path/92125,
/// 94088, 94081, 94082, 92124: 100 a call; in 90 days twice a customer (40128); it happens a day later.
/// </summary>
public sealed class WeComTransfers(Companies companies, CompanyActs acts) : IWeComFamily
{
    /// <summary>Customers of one call.</summary>
    public const int MaxBatch = 100;

    /// <summary>Times that a customer may be handed over in <see cref="Span"/>.</summary>
    public const int MostTimes = 2;

    private const int MaxMessage = 200;
    private static readonly TimeSpan Span = TimeSpan.FromDays(90);

    private static readonly Member[] Asked = [Must("handover_userid", Text, 41009), Must("takeover_userid", Text, 41009), Must("external_userid", ListOf(Text), 41035)];
    private static readonly Shape Result = Fields(Must("handover_userid", Text, 41009), Must("takeover_userid", Text, 41009), May("cursor", Text));

    public IEnumerable<Api> Apis =>
    [
        Api.Post("cgi-bin/externalcontact/transfer_customer", Fields([.. Asked, May("transfer_success_msg", Text)]), call => HandOver(call, resigned: false)),
        Api.Post("cgi-bin/externalcontact/transfer_result", Result, call => Results(call, resigned: false)),
        Api.Post("cgi-bin/externalcontact/resigned/transfer_customer", Fields(Asked), call => HandOver(call, resigned: true)),
        Api.Post("cgi-bin/externalcontact/resigned/transfer_result", Result, call => Results(call, resigned: true)),
        Api.Post("cgi-bin/externalcontact/get_unassigned_list", Fields(May("page_id", Number), May("page_size", Number), May("cursor", Text)), Unassigned),
    ];

    private Reply HandOver(Call call, bool resigned)
    {
        var (company, body, asked) = (companies.Of(call.Account), call.Body, call.Body.Texts("external_userid"));
        acts.Settle(company, call.Now);
        if (asked.Count is 0 or > MaxBatch) return Reply.Error(40058, "invalid Request Parameter, external_userid");
        if (new StringInfo(body.Text("transfer_success_msg")).LengthInTextElements > MaxMessage) return Reply.Error(40058, "invalid Request Parameter, transfer_success_msg");
        var from = company.Staff.All.FirstOrDefault(s => s.UserId.Equals(body.Text("handover_userid"), StringComparison.OrdinalIgnoreCase));
        if (from is null || (!resigned && from.ResignedAt is not null)) return Reply.Error(60111, "userid not found");
        if (resigned && from.ResignedAt is null) return Reply.Error(40097, "the user has not resigned");
        if (company.Working(body.Text("takeover_userid")) is not { } to) return Reply.Error(60111, "userid not found");
        if (!to.Active) return Reply.Error(40098, "user is not real-name verified");
        if (!to.Contacts) return Reply.Error(84074, "no permission of external contact");
        return Reply.Done(new JsonObject
        {
            ["customer"] = Reply.List(asked.Select(id =>
            {
                var code = Code(company, id, from, to, call.Now, resigned);
                if (code == 0) company.Transfers.Put(new Transfer(id, from.UserId, to.UserId, call.Now, 2, null, resigned));
                return new JsonObject { ["external_userid"] = id, ["errcode"] = code };
            })),
        });
    }

    private static int Code(Company company, string id, StaffMember from, StaffMember to, DateTimeOffset now, bool resigned)
    {
        if (company.Contacts.Find(id) is null) return 40096;
        if (from.UserId == to.UserId) return 40130;
        if (company.Relations.Find(Relation.Of(from.UserId, id)) is null) return 40131;
        var earlier = company.Transfers.All.Where(t => t.ExternalId == id).ToList();
        if (earlier.Exists(t => t.Status == 2)) return 40129;
        if (!resigned && earlier.Count(t => !t.Resigned && now - t.At < Span) >= MostTimes) return 40128;
        return company.CustomersOf(to.UserId).Count() >= Company.MostCustomers ? 40099 : 0;
    }

    private Reply Results(Call call, bool resigned)
    {
        var (company, body) = (companies.Of(call.Account), call.Body);
        acts.Settle(company, call.Now);
        bool Is(string known, string field) => known.Equals(body.Text(field), StringComparison.OrdinalIgnoreCase);
        var found = company.Transfers.All.Where(t => t.Resigned == resigned && Is(t.From, "handover_userid") && Is(t.To, "takeover_userid")).OrderBy(t => t.At);
        return Paging.Page(body.TextOrNull("cursor"), 1000, "customer", found, t => new JsonObject
        {
            ["external_userid"] = t.ExternalId, ["status"] = t.Status, ["takeover_time"] = t.DoneAt?.ToUnixTimeSeconds() ?? 0,
        });
    }

    private Reply Unassigned(Call call)
    {
        var (company, size) = (companies.Of(call.Account), call.Body.Number("page_size") ?? 1000);
        if (size is < 1 or > 1000 || (call.Body.Number("page_id") ?? 0) * size >= 50_000) return Reply.Error(40058, "invalid Request Parameter, page_size");
        acts.Settle(company, call.Now);
        var start = Paging.Start(call.Body.TextOrNull("cursor"));
        if (start is null) return Paging.BadCursor;
        var from = call.Body.Member("cursor") is null ? (int)((call.Body.Number("page_id") ?? 0) * size) : start.Value;
        var left = company.Staff.All.Where(s => s.ResignedAt is not null).SelectMany(s => company.CustomersOf(s.UserId)
            .Where(r => !company.Transfers.All.Any(t => t.ExternalId == r.ExternalId && t.From == s.UserId && t.Status == 2)).Select(r => (Staff: s, r.ExternalId))).ToList();
        var fields = new JsonObject
        {
            ["info"] = Reply.List(left.Skip(from).Take((int)size).Select(l => new JsonObject
            {
                ["handover_userid"] = l.Staff.UserId, ["external_userid"] = l.ExternalId, ["dimission_time"] = l.Staff.ResignedAt!.Value.ToUnixTimeSeconds(),
            })),
            ["is_last"] = from + size >= left.Count,
        };
        if (from + size < left.Count) fields["next_cursor"] = Paging.Cursor(from + (int)size);
        return Reply.Done(fields);
    }
}
