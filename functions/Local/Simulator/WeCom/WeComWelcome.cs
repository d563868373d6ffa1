using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// Welcoming a new customer. Rule: developer.work.weixin.qq.com/document/path/92137: within 20 s of the event, once; the
/// application that comes second, and any to somebody who is chatting already, gets 41051.
/// </summary>
public sealed class WeComWelcome(Companies companies, MediaStore media) : IWeComFamily
{
    /// <summary>How long a code is good for.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(20);

    public IEnumerable<Api> Apis => [Api.Post("cgi-bin/externalcontact/send_welcome_msg", Fields([Must("welcome_code", Text, 41049), .. Attachments.Members]), Send)];

    private Reply Send(Call call)
    {
        var company = companies.Of(call.Account);
        if (Attachments.Fault(call.Body, call.Account.AppId, media, call.Now) is { } fault) return fault;
        if (company.Welcomes.Find(call.Body.Text("welcome_code")) is not { } code) return Reply.Error(41050, "invalid welcome code");
        var relation = company.Relations.Find(code.Relation);
        if (code.Used || relation is { Chatted: true }) return Reply.Error(41051, "externaluser has started chatting");
        if (call.Now - code.At > Life || relation is null) return Reply.Error(41050, "welcome code is expired");
        company.Welcomes.Put(code with { Used = true });
        foreach (var message in Attachments.Shown(call.Body, call.Account, relation.ExternalId, company.Staff.Find(relation.UserId)!.Name, call.Now)) call.Deliver(message);
        return Reply.Ok;
    }
}
