using System.Text.Json;
using CrmServerless.Crm;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// Colleagues confirm mass messages. Rule: developer.work.weixin.qq.com/document/path/92135: a customer gets at most as
/// many of them in a month as it has days.
/// </summary>
public sealed partial class CompanyActs
{
    private static CompanyResult Send(Company company, CompanyAct act, DateTimeOffset now, List<PhoneMessage> messages)
    {
        if (company.Working(act.Userid ?? "") is not { } staff) return CompanyResult.Failed("userid: nobody by this name works here.");
        if (company.Mass.Find(act.Msgid ?? "") is not { Cancelled: false } mass) return CompanyResult.Failed("msgid: there is no such message, or it was taken back.");
        var open = mass.Sends.Where(s => s.UserId == staff.UserId && s.Status == 0).ToList();
        if (open.Count == 0) return CompanyResult.Failed("There is nothing to send for this colleague.");
        using var json = JsonDocument.Parse(mass.Json);
        var done = new Dictionary<MassSend, MassSend>();
        foreach (var send in open)
        {
            var status = Status(company, mass, send, now);
            done[send] = send with { Status = status, At = status == 1 ? now : null };
            if (status == 1) messages.AddRange(Attachments.Shown(json.RootElement, company.Apps.First(a => a.Name == mass.By), send.Target, staff.Name, now));
        }

        company.Mass.Put(mass with { Sends = [.. mass.Sends.Select(s => done.GetValueOrDefault(s, s))] });
        return new CompanyResult();
    }

    private static int Status(Company company, MassMessage mass, MassSend send, DateTimeOffset now)
    {
        if (mass.ChatType == "single" && company.Relations.Find(Relation.Of(send.UserId, send.Target)) is null or { Lost: true }) return 2;
        var month = Shanghai.Day(now);
        var sofar = company.Mass.All.SelectMany(m => m.Sends).Count(s => s.Target == send.Target && s is { Status: 1, At: { } at } && Shanghai.Day(at) is var day && (day.Year, day.Month) == (month.Year, month.Month));
        return sofar >= DateTime.DaysInMonth(month.Year, month.Month) ? 3 : 1;
    }
}
