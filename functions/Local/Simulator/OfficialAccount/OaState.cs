using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator.OfficialAccount;

/// <summary>What WeChat keeps for one Official Account. Whoever reads or changes it holds <see cref="Gate"/>.</summary>
public sealed class OaState
{
    internal OaState(Account account, SimulatorStore store)
    {
        Account = account;
        Crowd = new Crowd(account.AppId);
        string List(string name) => $"oa.{account.Name}.{name}";
        var types = OaStateJson.Types;
        Tags = new(store, List("tags"), types.OaTag, t => t.Key);
        Notes = new(store, List("notes"), types.FollowerNote, n => n.OpenId);
        Menus = new(store, List("menus"), types.OaMenu, m => m.Id);
        Tickets = new(store, List("tickets"), types.QrTicket, t => t.Ticket);
        Desk = new(store, List("desk"), types.KfAccount, k => k.Account);
        Sessions = new(store, List("sessions"), types.KfSession, s => s.OpenId);
        Consents = new(store, List("consents"), types.Consent, c => c.Key);
        Clearings = new(store, List("clearings"), types.Clearings, c => c.Month);
    }

    public Lock Gate { get; } = new();

    public Account Account { get; }

    public Crowd Crowd { get; }

    public Kept<OaTag> Tags { get; }

    public Kept<FollowerNote> Notes { get; }

    public Kept<OaMenu> Menus { get; }

    public Kept<QrTicket> Tickets { get; }

    public Kept<KfAccount> Desk { get; }

    public Kept<KfSession> Sessions { get; }

    public Kept<Consent> Consents { get; }

    public Kept<Clearings> Clearings { get; }

    /// <summary>What the desk and its customers said, newest last; the last thousand.</summary>
    public Queue<DeskRecord> DeskRecords { get; } = new();

    /// <summary>Until when a customer sees that somebody is typing.</summary>
    public Dictionary<string, DateTimeOffset> Typing { get; } = new(StringComparer.Ordinal);

    /// <summary>Template messages by <c>client_msg_id</c>, and when they were sent.</summary>
    public Dictionary<string, (long MsgId, DateTimeOffset At)> SentByClientId { get; } = new(StringComparer.Ordinal);

    public FollowerNote Note(string openId) => Notes.Find(openId) ?? new FollowerNote(openId);

    /// <summary>Remembers what the desk did; it can be read back for some days.</summary>
    public void Record(DeskRecord record)
    {
        DeskRecords.Enqueue(record);
        if (DeskRecords.Count > 1000) DeskRecords.Dequeue();
    }
}
