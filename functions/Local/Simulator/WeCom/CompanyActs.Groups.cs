using System.Globalization;
using System.Xml.Linq;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>Customer groups. Rule: developer.work.weixin.qq.com/document/path/92130: the versions tell whether an event is missing.</summary>
public sealed partial class CompanyActs
{
    private CompanyResult CreateGroup(Company company, CompanyAct act, DateTimeOffset now)
    {
        if (company.Working(act.Userid ?? "") is not { Contacts: true } owner) return CompanyResult.Failed("userid: nobody by this name may have groups.");
        var group = new GroupChat(Company.NewId("wr"), act.Name ?? "", owner.UserId, "", now, 1, false, [new GroupMember(owner.UserId, true, owner.Name, now, 1)]);
        company.Groups.Put(group);
        Tell(company, app => WeComEvents.Chat(app, now, "create", group.Id));
        return new CompanyResult { ChatId = group.Id };
    }

    private CompanyResult OfGroup(Company company, CompanyAct act, DateTimeOffset now)
    {
        if (company.Groups.Find(act.ChatId ?? "") is not { Dismissed: false } group) return CompanyResult.Failed("chatId: there is no such group.");
        var id = act.ExternalUserid ?? act.Userid ?? "";
        GroupChat? next = act.Act switch
        {
            "group_join" when id.Length > 0 && group.Members.All(m => m.Id != id) => group with { Members = [.. group.Members, new GroupMember(id, act.ExternalUserid is null, act.Name ?? "微信用户", now, 3)] },
            "group_leave" when group.Members.Any(m => m.Id == id && id != group.Owner) => group with { Members = [.. group.Members.Where(m => m.Id != id)] },
            "group_rename" => group with { Name = act.Name ?? "" },
            "group_notice" => group with { Notice = act.Name ?? "" },
            "group_owner" when company.Working(act.Userid ?? "") is { } owner => group with { Owner = owner.UserId },
            "group_dismiss" => group with { Dismissed = true },
            _ => null,
        };
        if (next is null) return CompanyResult.Failed("That cannot happen in this group.");
        company.Groups.Put(next = next with { Version = group.Version + 1 });
        Tell(company, app => act.Act == "group_dismiss" ? WeComEvents.Chat(app, now, "dismiss", group.Id) : WeComEvents.Chat(app, now, "update", group.Id, Change(act.Act!, id, group, next)));
        return new CompanyResult { ChatId = group.Id };
    }

    private static XElement[] Change(string act, string member, GroupChat before, GroupChat after)
    {
        var members = act is "group_join" or "group_leave";
        XElement[] versions =
        [
            PhonePayloads.Text("LastMemVer", before.Version.ToString("x", CultureInfo.InvariantCulture)), PhonePayloads.Text("CurMemVer", after.Version.ToString("x", CultureInfo.InvariantCulture)),
        ];
        XElement[] who = members ? [new XElement("MemChangeCnt", 1), new XElement("MemChangeList", PhonePayloads.Text("Item", member))] : [new XElement("MemChangeCnt", 0)];
        return act switch
        {
            "group_join" => [PhonePayloads.Text("UpdateDetail", "add_member"), new XElement("JoinScene", 3), .. who, .. versions],
            "group_leave" => [PhonePayloads.Text("UpdateDetail", "del_member"), new XElement("QuitScene", 0), .. who, .. versions],
            "group_rename" => [PhonePayloads.Text("UpdateDetail", "change_name"), .. who, .. versions],
            "group_notice" => [PhonePayloads.Text("UpdateDetail", "change_notice"), .. who, .. versions],
            _ => [PhonePayloads.Text("UpdateDetail", "change_owner"), .. who, .. versions],
        };
    }
}
