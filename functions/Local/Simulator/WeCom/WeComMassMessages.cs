using System.Text.Json;
using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// Messages to many customers or groups, which each colleague has to confirm (企业群发). Rules: developer.work.weixin.qq.com/document/path/92135
/// (make), 93338 (look), 97610 (remind, take back): 10,000 customers, 9 attachments; nobody to send to 41048, just made 41063.
/// </summary>
public sealed class WeComMassMessages(Companies companies, MediaStore media) : IWeComFamily
{
    /// <summary>Customers of one message.</summary>
    public const int MaxCustomers = 10_000;

    /// <summary>Reminders in 24 hours.</summary>
    public const int Reminders = 3;

    private const int MaxPage = 1000;
    private static readonly TimeSpan Distributing = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromDays(31);

    private static readonly string[] Parts = ["text", "attachments"];

    private static readonly Shape Made = Fields(
    [
        May("chat_type", Text), May("external_userid", ListOf(Text)), May("chat_id_list", ListOf(Text)), May("sender", Text), May("allow_select", Flag),
        May("tag_filter", Fields(Must("group_list", ListOf(Fields(Must("tag_list", ListOf(Text))))))), .. Attachments.Members,
    ]);

    private static readonly Shape Paged = Fields(Must("msgid", Text, 41046), May("limit", Number), May("cursor", Text));

    public IEnumerable<Api> Apis =>
    [
        Api.Post("cgi-bin/externalcontact/add_msg_template", Made, Make),
        Api.Post("cgi-bin/externalcontact/get_groupmsg_list_v2", Fields(
            Must("chat_type", Text), Must("start_time", Number), Must("end_time", Number), May("creator", Text), May("filter_type", Number), May("limit", Number), May("cursor", Text)), List),
        Api.Post("cgi-bin/externalcontact/get_groupmsg_task", Paged, Tasks),
        Api.Post("cgi-bin/externalcontact/get_groupmsg_send_result", Fields(Must("msgid", Text, 41046), Must("userid", Text, 41009), May("limit", Number), May("cursor", Text)), Results),
        Api.Post("cgi-bin/externalcontact/remind_groupmsg_send", Fields(Must("msgid", Text, 41046)), Remind),
        Api.Post("cgi-bin/externalcontact/cancel_groupmsg_send", Fields(Must("msgid", Text, 41046)), Cancel),
    ];

    private Reply Make(Call call)
    {
        var (company, body) = (companies.Of(call.Account), call.Body);
        var (type, asked) = (body.TextOrNull("chat_type") ?? "single", body.Texts("external_userid"));
        if (type is not ("single" or "group")) return Reply.Error(40058, "invalid Request Parameter, chat_type");
        if (asked.Count > MaxCustomers) return Reply.Error(40058, "invalid Request Parameter, external_userid");
        if (Attachments.Fault(body, call.Account.AppId, media, call.Now) is { } fault) return fault;
        var sender = body.TextOrNull("sender") is { } name ? company.Working(name) : null;
        if (body.Member("sender") is not null && sender is null) return Reply.Error(40003, "invalid userid");
        if (sender is null && (type == "group" || asked.Count == 0)) return Reply.Error(40063, "some parameters are empty, sender");
        var sends = type == "group" ? ToGroups(company, sender!, body.Texts("chat_id_list")) : ToCustomers(company, sender, asked, body);
        var failed = asked.Where(a => sends.All(s => s.Target != a)).ToList();
        if (sends.Count == 0) return Reply.Error(41048, "no customer to send") with { Fields = new JsonObject { ["fail_list"] = Reply.Texts(failed) } };
        var mass = new MassMessage("msg" + Company.NewId(""), call.Account.Name, type, body.GetRawText(), call.Now, false, sends, []);
        company.Mass.Put(mass);
        return Reply.Done(new JsonObject { ["fail_list"] = Reply.Texts(failed), ["msgid"] = mass.Id });
    }

    private static List<MassSend> ToGroups(Company company, StaffMember sender, IReadOnlyList<string> chosen) =>
        [.. company.Groups.All.Where(g => !g.Dismissed && g.Owner == sender.UserId && (chosen.Count == 0 || chosen.Contains(g.Id))).Select(g => new MassSend(sender.UserId, g.Id, 0, null))];

    private static List<MassSend> ToCustomers(Company company, StaffMember? sender, IReadOnlyList<string> asked, JsonElement body)
    {
        var wanted = asked.ToHashSet(StringComparer.Ordinal);
        // Of each group of tags one must be there.
        var tags = body.Member("tag_filter")?.Items("group_list").Select(g => g.Texts("tag_list")).ToList() ?? [];
        return
        [
            .. company.Relations.All.Where(r => (sender is null ? company.Working(r.UserId) is not null : r.UserId == sender.UserId)
                    && (wanted.Count == 0 || wanted.Contains(r.ExternalId)) && tags.TrueForAll(g => g.Any(r.Tags.Contains)))
                // Without a sender the colleague who has known the customer longest.
                .GroupBy(r => r.ExternalId).Select(g => g.MinBy(r => r.At)!).Select(r => new MassSend(r.UserId, r.ExternalId, 0, null)),
        ];
    }

    private Reply List(Call call)
    {
        var (body, limit) = (call.Body, call.Body.Number("limit") ?? 50);
        var (from, to) = (body.Number("start_time") ?? 0, body.Number("end_time") ?? 0);
        if (body.Text("chat_type") is not ("single" or "group") || from > to || to - from > LongestAsked.TotalSeconds || limit is < 1 or > 100) return Reply.Error(40058, "invalid Request Parameter");
        var found = companies.Of(call.Account).Mass.All.Where(m => m.ChatType == body.Text("chat_type") && m.At.ToUnixTimeSeconds() >= from && m.At.ToUnixTimeSeconds() <= to).OrderByDescending(m => m.At);
        return Paging.Page(body.TextOrNull("cursor"), (int)limit, "group_msg_list", found, m =>
        {
            var request = JsonNode.Parse(m.Json)!.AsObject();
            var fields = new JsonObject { ["msgid"] = m.Id, ["create_time"] = m.At.ToUnixTimeSeconds(), ["create_type"] = 0 };
            foreach (var name in Parts)
                if (request[name] is { } part) fields[name] = part.DeepClone();
            return fields;
        });
    }

    private Reply Tasks(Call call)
    {
        if (Find(call, out var mass) is { } refusal) return refusal;
        if (call.Body.Number("limit") is < 1 or > MaxPage) return Reply.Error(40058, "invalid Request Parameter, limit");
        return Paging.Page(call.Body.TextOrNull("cursor"), (int)(call.Body.Number("limit") ?? 500), "task_list", mass!.Sends.GroupBy(s => s.UserId), g =>
        {
            var fields = new JsonObject { ["userid"] = g.Key, ["status"] = g.Any(s => s.Status == 0) ? 0 : 2 };
            if (g.Select(s => s.At).Max() is { } at) fields["send_time"] = at.ToUnixTimeSeconds();
            return fields;
        });
    }

    private Reply Results(Call call)
    {
        if (Find(call, out var mass) is { } refusal) return refusal;
        if (call.Body.Number("limit") is < 1 or > MaxPage) return Reply.Error(40058, "invalid Request Parameter, limit");
        var sends = mass!.Sends.Where(s => s.UserId.Equals(call.Body.Text("userid"), StringComparison.OrdinalIgnoreCase));
        return Paging.Page(call.Body.TextOrNull("cursor"), (int)(call.Body.Number("limit") ?? 500), "send_list", sends, s =>
        {
            var fields = new JsonObject { [mass.ChatType == "group" ? "chat_id" : "external_userid"] = s.Target, ["userid"] = s.UserId, ["status"] = s.Status };
            if (s.At is { } at) fields["send_time"] = at.ToUnixTimeSeconds();
            return fields;
        });
    }

    private Reply Remind(Call call)
    {
        if (Find(call, out var mass) is { } refusal) return refusal;
        if (mass!.Cancelled) return Reply.Error(41093, "the group message task has been cancelled");
        var today = mass.RemindedAt.Where(at => call.Now - at < TimeSpan.FromHours(24)).ToList();
        if (today.Count >= Reminders) return Reply.Error(41094, "remind too frequently");
        companies.Of(call.Account).Mass.Put(mass with { RemindedAt = [.. today, call.Now] });
        return Reply.Ok;
    }

    private Reply Cancel(Call call)
    {
        if (Find(call, out var mass) is { } refusal) return refusal;
        companies.Of(call.Account).Mass.Put(mass! with { Cancelled = true });
        return Reply.Ok;
    }

    private Reply? Find(Call call, out MassMessage? mass)
    {
        mass = companies.Of(call.Account).Mass.Find(call.Body.Text("msgid"));
        if (mass is null || mass.By != call.Account.Name) return Reply.Error(41047, "invalid group message id");
        return call.Now - mass.At < Distributing ? Reply.Error(41063, "the group message is being distributed, please try later") : null;
    }
}
