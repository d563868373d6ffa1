using System.Security.Cryptography;
using CrmServerless.Crm.Accounts;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>What WeCom keeps for one company: its staff, their customers, and what was made of them. Whoever reads or changes it holds <see cref="Gate"/>.</summary>
public sealed class Company
{
    /// <summary>Customers of one colleague.</summary>
    public const int MostCustomers = 20_000;

    internal Company(string corpId, IReadOnlyList<Account> apps, SimulatorStore store)
    {
        Apps = apps;
        string List(string name) => $"wecom.{corpId}.{name}";
        var types = WeComStateJson.Types;
        Staff = new(store, List("staff"), types.StaffMember, s => s.UserId);
        Contacts = new(store, List("contacts"), types.ExternalContact, c => c.Id);
        Relations = new(store, List("relations"), types.Relation, r => r.Key);
        TagGroups = new(store, List("tags"), types.CorpTagGroup, g => g.Id);
        Ways = new(store, List("ways"), types.ContactWay, w => w.Id);
        Welcomes = new(store, List("welcomes"), types.WelcomeCode, w => w.Code);
        Groups = new(store, List("groups"), types.GroupChat, g => g.Id);
        Mass = new(store, List("mass"), types.MassMessage, m => m.Id);
        Transfers = new(store, List("transfers"), types.Transfer, t => t.Key);
        Links = new(store, List("links"), types.AcquisitionLink, l => l.Id);
        Moments = new(store, List("moments"), types.Moment, m => m.Id);
        if (Staff.Count > 0) return;
        foreach (var member in FirstStaff) Staff.Put(member);
    }

    /// <summary>The tea shop's departments.</summary>
    public static IReadOnlyList<Department> Departments { get; } =
        [new(1, "青禾茶铺", "Qinghe Tea", 0, 100), new(2, "人民广场店", "People's Square", 1, 90), new(3, "徐家汇店", "Xujiahui", 1, 80), new(4, "市场部", "Marketing", 1, 70)];

    // One who may not have customers, and one who has not logged in yet.
    private static readonly StaffMember[] FirstStaff =
    [
        new("LiDianzhang", "李店长", [2], true, true, null), new("WangXiaomei", "王小美", [2], true, true, null), new("ZhangQiang", "张强", [3], true, true, null),
        new("ChenJie", "陈洁", [4], true, false, null), new("ZhaoLei", "赵磊", [3], false, true, null),
    ];

    public Lock Gate { get; } = new();

    /// <summary>Its applications; what happens is told to each.</summary>
    public IReadOnlyList<Account> Apps { get; }

    public Kept<StaffMember> Staff { get; }

    public Kept<ExternalContact> Contacts { get; }

    public Kept<Relation> Relations { get; }

    public Kept<CorpTagGroup> TagGroups { get; }

    public Kept<ContactWay> Ways { get; }

    public Kept<WelcomeCode> Welcomes { get; }

    public Kept<GroupChat> Groups { get; }

    public Kept<MassMessage> Mass { get; }

    public Kept<Transfer> Transfers { get; }

    public Kept<AcquisitionLink> Links { get; }

    public Kept<Moment> Moments { get; }

    /// <summary>When each colleague got messages of an application in the last hour.</summary>
    public Dictionary<string, Queue<DateTimeOffset>> Received { get; } = new(StringComparer.Ordinal);

    /// <summary>Messages of applications to staff: who sent them, and when.</summary>
    public Dictionary<string, (string App, DateTimeOffset At)> AppMessages { get; } = new(StringComparer.Ordinal);

    /// <summary>When an application last said the same to the same people.</summary>
    public Dictionary<string, DateTimeOffset> Repeats { get; } = new(StringComparer.Ordinal);

    /// <summary>Somebody who works here, in whatever letter case.</summary>
    public StaffMember? Working(string userId) => Staff.All.FirstOrDefault(s => s.ResignedAt is null && s.UserId.Equals(userId, StringComparison.OrdinalIgnoreCase));

    /// <summary>Those who may have customers.</summary>
    public IEnumerable<StaffMember> Followers => Staff.All.Where(s => s is { Contacts: true, Active: true, ResignedAt: null });

    public IEnumerable<Relation> CustomersOf(string userId) => Relations.All.Where(r => r.UserId == userId);

    public CorpTag? Tag(string id) => TagGroups.All.SelectMany(g => g.Tags).FirstOrDefault(t => t.Id == id);

    /// <summary>Ids as WeCom makes them: two letters for the kind, and 30 characters.</summary>
    public static string NewId(string kind) => kind + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 30);
}
