using System.Security.Cryptography;
using System.Text.Json;
using System.Xml.Linq;
using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// What people do in WeCom, and what the company's applications are told of it. Only of this: what an application does
/// through an API is told to nobody (developer.work.weixin.qq.com/document/path/92130).
/// </summary>
public sealed partial class CompanyActs(CallbackQueue callbacks, PhoneOutbox outbox)
{
    private static readonly TimeSpan TransferAfter = TimeSpan.FromHours(24);

    /// <summary>Does it; the caller holds the company's gate.</summary>
    /// <param name="company">The company.</param>
    /// <param name="act">What.</param>
    /// <param name="now">When.</param>
    /// <param name="messages">Gets what arrives on phones by it.</param>
    public CompanyResult Do(Company company, CompanyAct act, DateTimeOffset now, List<PhoneMessage> messages)
    {
        Settle(company, now);
        return act.Act switch
        {
            "add" or "half_add" => Add(company, act, now),
            "confirm" or "edit" or "delete" or "lost" or "chat" => OfRelation(company, act, now),
            "send" => Send(company, act, now, messages),
            "publish" => Publish(company, act, now),
            "refuse" => Refuse(company, act, now),
            "resign" => Resign(company, act, now),
            "tag_create" or "tag_rename" or "tag_delete" => OfTag(company, act, now),
            "group_create" => CreateGroup(company, act, now),
            "group_join" or "group_leave" or "group_rename" or "group_notice" or "group_owner" or "group_dismiss" => OfGroup(company, act, now),
            _ => CompanyResult.Failed("act: there is no such act."),
        };
    }

    /// <summary>Puts on phones what an act has sent.</summary>
    public async Task Deliver(IReadOnlyList<PhoneMessage> messages)
    {
        foreach (var message in messages) await outbox.Add(message, CancellationToken.None);
    }

    /// <summary>Hand-overs whose day has come happen; nobody has to ask for them.</summary>
    public void Settle(Company company, DateTimeOffset now)
    {
        foreach (var transfer in company.Transfers.All.Where(t => t.Status == 2 && now - t.At >= TransferAfter).ToList())
        {
            var full = company.CustomersOf(transfer.To).Count() >= Company.MostCustomers;
            company.Transfers.Put(transfer with { Status = full ? 4 : 1, DoneAt = full ? null : now });
            if (full) Tell(company, app => WeComEvents.Contact(app, now, "transfer_fail", transfer.To, transfer.ExternalId, PhonePayloads.Text("FailReason", "customer_limit_exceed")));
            else HandOver(company, transfer, now);
        }
    }

    private void HandOver(Company company, Transfer transfer, DateTimeOffset now)
    {
        var old = company.Relations.Find(Relation.Of(transfer.From, transfer.ExternalId));
        company.Relations.Remove(Relation.Of(transfer.From, transfer.ExternalId));
        Tell(company, app => WeComEvents.Contact(app, now, "del_external_contact", transfer.From, transfer.ExternalId, PhonePayloads.Text("Source", "DELETE_BY_TRANSFER")));
        if (company.Relations.Find(Relation.Of(transfer.To, transfer.ExternalId)) is not null) return;
        company.Relations.Put((old ?? new Relation(transfer.From, transfer.ExternalId, now)) with { UserId = transfer.To, At = now, AddWay = 202, Lost = false });
        Tell(company, app => WeComEvents.Contact(app, now, "add_external_contact", transfer.To, transfer.ExternalId));
    }

    private CompanyResult Add(Company company, CompanyAct act, DateTimeOffset now)
    {
        var (userId, state, half) = (act.Userid, act.State ?? "", act.Act == "half_add");
        if (act.ConfigId is { } config)
        {
            if (company.Ways.Find(config) is not { } way) return CompanyResult.Failed("configId: there is no such contact way.");
            using var json = JsonDocument.Parse(way.Json);
            userId ??= json.RootElement.Texts("user") is [var first, ..] ? first : null;
            // Without a check by the colleague the customer is in before the colleague has agreed.
            (state, half) = (json.RootElement.Text("state"), json.RootElement.Flag("skip_verify"));
        }

        if (act.LinkId is { } link)
        {
            if (company.Links.Find(link) is not { } known) return CompanyResult.Failed("linkId: there is no such link.");
            userId ??= WeComAcquisition.Users(company, known).FirstOrDefault();
            // Somebody who comes without a channel is not told as a request.
            if (state.Length > 0) Tell(company, app => WeComEvents.Acquisition(app, now, "friend_request", link, state));
        }

        if (company.Working(userId ?? "") is not { Contacts: true, Active: true } staff) return CompanyResult.Failed("userid: nobody by this name may have customers.");
        var id = act.ExternalUserid ?? Company.NewId("wm");
        if (company.Relations.Find(Relation.Of(staff.UserId, id)) is { Lost: false }) return CompanyResult.Failed("They know each other already.");
        company.Contacts.Put(company.Contacts.Find(id) ?? new ExternalContact(id, act.Name ?? "微信用户", act.Unionid));
        company.Relations.Put(new Relation(staff.UserId, id, now) { State = state, AddWay = act.ConfigId is not null ? 1 : act.LinkId is not null ? 16 : 3, Link = act.LinkId });
        var code = Welcome(company, Relation.Of(staff.UserId, id), now);
        Tell(company, app => WeComEvents.Contact(app, now, half ? "add_half_external_contact" : "add_external_contact", staff.UserId, id, Greeted(state, code)));
        return new CompanyResult { ExternalUserid = id, WelcomeCode = code };
    }

    private CompanyResult OfRelation(Company company, CompanyAct act, DateTimeOffset now)
    {
        if (company.Working(act.Userid ?? "") is not { } staff || company.Relations.Find(Relation.Of(staff.UserId, act.ExternalUserid ?? "")) is not { } relation)
            return CompanyResult.Failed("userid and externalUserid: they do not know each other.");
        var (user, id) = (relation.UserId, relation.ExternalId);
        switch (act.Act)
        {
            case "confirm":
                // Somebody who was welcomed as he came is not welcomed again.
                var code = company.Welcomes.All.Any(w => w.Relation == relation.Key && w.Used) || relation.Chatted ? null : Welcome(company, relation.Key, now);
                Tell(company, app => WeComEvents.Contact(app, now, "add_external_contact", user, id, Greeted(relation.State, code)));
                return new CompanyResult { ExternalUserid = id, WelcomeCode = code };
            case "edit":
                if (act.AddTags.Concat(act.RemoveTags).Any(t => company.Tag(t) is null)) return CompanyResult.Failed("addTags, removeTags: there is no such tag.");
                company.Relations.Put(relation with
                {
                    Remark = act.Remark ?? relation.Remark, Description = act.Description ?? relation.Description, Tags = [.. relation.Tags.Union(act.AddTags).Except(act.RemoveTags)],
                });
                Tell(company, app => WeComEvents.Contact(app, now, "edit_external_contact", user, id));
                break;
            case "delete":
                company.Relations.Remove(relation.Key);
                Tell(company, app => WeComEvents.Contact(app, now, "del_external_contact", user, id));
                break;
            case "lost":
                company.Relations.Put(relation with { Lost = true });
                Tell(company, app => WeComEvents.Contact(app, now, "del_follow_user", user, id));
                break;
            default:
                if (relation is { Link: { } link, Chatted: false })
                    Tell(company, app => WeComEvents.Acquisition(app, now, "customer_start_chat", link, relation.State, PhonePayloads.Text("UserID", user), PhonePayloads.Text("ExternalUserID", id)));
                company.Relations.Put(relation with { Chatted = true });
                break;
        }

        return new CompanyResult { ExternalUserid = id };
    }

    private CompanyResult Refuse(Company company, CompanyAct act, DateTimeOffset now)
    {
        if (company.Transfers.All.FirstOrDefault(t => t.ExternalId == act.ExternalUserid && t.Status == 2) is not { } transfer) return CompanyResult.Failed("externalUserid: nobody is handing this customer over.");
        company.Transfers.Put(transfer with { Status = 3 });
        Tell(company, app => WeComEvents.Contact(app, now, "transfer_fail", transfer.To, transfer.ExternalId, PhonePayloads.Text("FailReason", "customer_refused")));
        return new CompanyResult { ExternalUserid = transfer.ExternalId };
    }

    private static CompanyResult Publish(Company company, CompanyAct act, DateTimeOffset now)
    {
        if (company.Working(act.Userid ?? "") is not { } staff || company.Moments.Find(act.Msgid ?? "") is not { } moment || !moment.Senders.TryGetValue(staff.UserId, out var at) || at is not null)
            return CompanyResult.Failed("userid, msgid: there is nothing to publish for this colleague.");
        company.Moments.Put(moment with { Senders = moment.Senders.ToDictionary(s => s.Key, s => s.Key == staff.UserId ? now : s.Value, StringComparer.Ordinal) });
        return new CompanyResult();
    }

    private static CompanyResult Resign(Company company, CompanyAct act, DateTimeOffset now)
    {
        if (company.Working(act.Userid ?? "") is not { } staff) return CompanyResult.Failed("userid: nobody by this name works here.");
        company.Staff.Put(staff with { ResignedAt = now });
        return new CompanyResult();
    }

    private CompanyResult OfTag(Company company, CompanyAct act, DateTimeOffset now)
    {
        if (act.Act == "tag_create")
        {
            if (act is not { Tag: { Length: > 0 } groupName, Name: { Length: > 0 } name }) return CompanyResult.Failed("tag (the group's name) and name are missing.");
            var group = company.TagGroups.All.FirstOrDefault(g => g.Name == groupName) ?? new CorpTagGroup(Company.NewId("et"), groupName, 0, now, null, []);
            var tag = new CorpTag(Company.NewId("et"), name, 0, now, null);
            company.TagGroups.Put(group with { Tags = [.. group.Tags, tag] });
            Tell(company, app => WeComEvents.Tag(app, now, "create", tag.Id, "tag"));
            return new CompanyResult { Tag = tag.Id };
        }

        var (id, isGroup) = (act.Tag ?? "", company.TagGroups.Find(act.Tag ?? "") is not null);
        if (!isGroup && company.Tag(id) is null) return CompanyResult.Failed("tag: there is no such tag or group.");
        if (act.Act == "tag_delete") WeComCorpTags.Drop(company, g => g.Id == id, t => t.Id == id);
        else if (isGroup) company.TagGroups.Put(company.TagGroups.Find(id)! with { Name = act.Name ?? "" });
        else
        {
            var group = company.TagGroups.All.First(g => g.Tags.Any(t => t.Id == id));
            company.TagGroups.Put(group with { Tags = [.. group.Tags.Select(t => t.Id == id ? t with { Name = act.Name ?? t.Name } : t)] });
        }

        Tell(company, app => WeComEvents.Tag(app, now, act.Act == "tag_delete" ? "delete" : "update", id, isGroup ? "tag_group" : "tag"));
        return new CompanyResult { Tag = id };
    }

    private static string Welcome(Company company, string relation, DateTimeOffset now)
    {
        foreach (var over in company.Welcomes.All.Where(w => now - w.At > TransferAfter).ToList()) company.Welcomes.Remove(over.Code);
        var code = RandomNumberGenerator.GetHexString(32, lowercase: true);
        company.Welcomes.Put(new WelcomeCode(code, relation, now, false));
        return code;
    }

    private static XElement[] Greeted(string state, string? code)
    {
        var more = new List<XElement>();
        if (state.Length > 0) more.Add(PhonePayloads.Text("State", state));
        if (code is not null) more.Add(PhonePayloads.Text("WelcomeCode", code));
        return [.. more];
    }

    private void Tell(Company company, Func<Account, string> xml)
    {
        foreach (var app in company.Apps) callbacks.Add(app, xml(app));
    }
}
