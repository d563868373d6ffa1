using System.Text.Json.Nodes;
using CrmServerless.Crm;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// Daily figures of staff and of groups. Rules: developer.work.weixin.qq.com/document/path/92132 and 92133: 30 days a call, of the
/// last 180; days begin at 00:00 in China. New customers and members are counted; what nobody plays here follows from the day.
/// </summary>
public sealed class WeComFigures(Companies companies) : IWeComFamily
{
    private const int MaxPeople = 100;
    private const int MaxPage = 1000;
    private const int LongestDays = 30;
    private const int OldestDays = 180;

    private static readonly Member Owners = Must("owner_filter", Fields(Must("userid_list", ListOf(Text))));

    public IEnumerable<Api> Apis =>
    [
        Api.Post("cgi-bin/externalcontact/get_user_behavior_data", Fields(May("userid", ListOf(Text)), May("partyid", ListOf(Number)), Must("start_time", Number), Must("end_time", Number)), Behaviour),
        Api.Post("cgi-bin/externalcontact/groupchat/statistic", Fields(
            Must("day_begin_time", Number), May("day_end_time", Number), Owners, May("order_by", Number), May("order_asc", Number), May("offset", Number), May("limit", Number)), ByOwner),
        Api.Post("cgi-bin/externalcontact/groupchat/statistic_group_by_day", Fields(Must("day_begin_time", Number), May("day_end_time", Number), Owners), ByDay),
    ];

    private Reply Behaviour(Call call)
    {
        var (company, users, parties) = (companies.Of(call.Account), call.Body.Texts("userid"), call.Body.Numbers("partyid"));
        if (users.Count + parties.Count == 0) return Reply.Error(40063, "some parameters are empty, userid and partyid");
        if (users.Count > MaxPeople || parties.Count > MaxPeople) return Reply.Error(40058, "invalid Request Parameter, userid or partyid");
        if (users.Any(u => company.Working(u) is null)) return Reply.Error(60111, "userid not found");
        if (Days(call, "start_time", "end_time") is not { } days) return Reply.Error(40058, "invalid Request Parameter, start_time or end_time");
        var people = company.Staff.All.Where(s => users.Contains(s.UserId, StringComparer.OrdinalIgnoreCase) || s.Departments.Any(d => parties.Contains(d))).Select(s => s.UserId).ToHashSet(StringComparer.Ordinal);
        return Reply.Done(new JsonObject
        {
            ["behavior_data"] = Reply.List(days.Select(day => new JsonObject
            {
                ["stat_time"] = Shanghai.Start(day).ToUnixTimeSeconds(), ["chat_cnt"] = Draw(day, 1, 40), ["message_cnt"] = Draw(day, 2, 200), ["reply_percentage"] = 60 + Draw(day, 3, 40),
                ["avg_reply_time"] = 1 + Draw(day, 4, 30), ["negative_feedback_cnt"] = Draw(day, 5, 2),
                ["new_apply_cnt"] = company.Relations.All.Count(r => people.Contains(r.UserId) && Shanghai.Day(r.At) == day),
                ["new_contact_cnt"] = company.Relations.All.Count(r => people.Contains(r.UserId) && Shanghai.Day(r.At) == day),
            })),
        });
    }

    private Reply ByOwner(Call call)
    {
        var (company, limit) = (companies.Of(call.Account), call.Body.Number("limit") ?? 500);
        if (limit is < 1 or > MaxPage) return Reply.Error(40058, "invalid Request Parameter, limit");
        if (Asked(company, call) is not var (owners, days)) return Reply.Error(40058, "invalid Request Parameter");
        var offset = (int)(call.Body.Number("offset") ?? 0);
        return Reply.Done(new JsonObject
        {
            ["total"] = owners.Count, ["next_offset"] = Math.Min(owners.Count, offset + (int)limit),
            ["items"] = Reply.List(owners.Skip(offset).Take((int)limit).Select(o => new JsonObject { ["owner"] = o, ["data"] = Data(company, [o], days[0], days[^1]) })),
        });
    }

    private Reply ByDay(Call call)
    {
        var company = companies.Of(call.Account);
        if (Asked(company, call) is not var (owners, days)) return Reply.Error(40058, "invalid Request Parameter");
        return Reply.Done(new JsonObject
        {
            ["items"] = Reply.List(days.Select(d => new JsonObject { ["stat_time"] = Shanghai.Start(d).ToUnixTimeSeconds(), ["data"] = Data(company, owners, d, d) })),
        });
    }

    private static JsonObject Data(Company company, IReadOnlyList<string> owners, DateOnly from, DateOnly to)
    {
        bool In(DateTimeOffset at) => Shanghai.Day(at) >= from && Shanghai.Day(at) <= to;
        var groups = company.Groups.All.Where(g => owners.Contains(g.Owner) && !g.Dismissed && Shanghai.Day(g.At) <= to).ToList();
        var members = groups.SelectMany(g => g.Members).ToList();
        return new JsonObject
        {
            ["new_chat_cnt"] = groups.Count(g => In(g.At)), ["chat_total"] = groups.Count, ["chat_has_msg"] = groups.Count, ["new_member_cnt"] = members.Count(m => In(m.At)), ["member_total"] = members.Count,
            ["member_has_msg"] = members.Count, ["msg_total"] = groups.Count * Draw(to, 6, 60), ["migrate_trainee_chat_cnt"] = 0,
        };
    }

    private static (List<string> Owners, List<DateOnly> Days)? Asked(Company company, Call call)
    {
        var owners = call.Body.GetProperty("owner_filter").Texts("userid_list");
        if (owners.Count is 0 or > MaxPeople || owners.Any(o => company.Working(o) is null)) return null;
        return Days(call, "day_begin_time", "day_end_time") is { } days ? ([.. owners.Select(o => company.Working(o)!.UserId)], days) : null;
    }

    // Moments are rounded down to their day in China.
    private static List<DateOnly>? Days(Call call, string from, string to)
    {
        var first = Shanghai.Day(DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(call.Body.Number(from) ?? 0, 0, 4_000_000_000)));
        var last = call.Body.Number(to) is { } end ? Shanghai.Day(DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(end, 0, 4_000_000_000))) : first;
        var today = Shanghai.Day(call.Now);
        if (last < first || last.DayNumber - first.DayNumber >= LongestDays || last > today || today.DayNumber - first.DayNumber > OldestDays) return null;
        return [.. Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(first.AddDays)];
    }

    private static int Draw(DateOnly day, int what, int below) => (int)((uint)((day.DayNumber * 2654435761L) + (what * 40503L)) >> 7) % below;
}
