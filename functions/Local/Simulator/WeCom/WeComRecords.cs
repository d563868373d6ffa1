using System.Text.Json.Serialization;

namespace CrmServerless.Local.Simulator.WeCom;

public sealed record Department(int Id, string Name, string NameEn, int ParentId, int Order);

/// <param name="UserId">As staff are called everywhere; letter case does not matter.</param>
/// <param name="Name">For customers to see.</param>
/// <param name="Departments">Where he works.</param>
/// <param name="Active">Has logged in and shown an identity card.</param>
/// <param name="Contacts">May have customers.</param>
/// <param name="ResignedAt">Null while he works here.</param>
public sealed record StaffMember(string UserId, string Name, IReadOnlyList<int> Departments, bool Active, bool Contacts, DateTimeOffset? ResignedAt);

/// <param name="Id">The external_userid.</param>
/// <param name="Name">As the customer calls himself.</param>
/// <param name="UnionId">Null where the company is bound to no open platform account.</param>
public sealed record ExternalContact(string Id, string Name, string? UnionId);

/// <summary>That a colleague has a customer.</summary>
public sealed record Relation(string UserId, string ExternalId, DateTimeOffset At)
{
    public string Remark { get; init; } = "";

    public string Description { get; init; } = "";

    public string Company { get; init; } = "";

    public IReadOnlyList<string> Mobiles { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The contact way's state; empty if there was none.</summary>
    public string State { get; init; } = "";

    /// <summary>1 by a code, 3 by a name card, 202 handed over, ...</summary>
    public int AddWay { get; init; }

    /// <summary>The acquisition link by which they met; null if by none.</summary>
    public string? Link { get; init; }

    /// <summary>The customer has deleted the colleague, who does not know of it.</summary>
    public bool Lost { get; init; }

    /// <summary>They have said something to each other.</summary>
    public bool Chatted { get; init; }

    [JsonIgnore]
    public string Key => Of(UserId, ExternalId);

    public static string Of(string userId, string externalId) => $"{userId}|{externalId}";
}

/// <param name="Id">The tag's id.</param>
/// <param name="Name">Unique in its group.</param>
/// <param name="Order">The greater stands first.</param>
/// <param name="At">When it was made.</param>
/// <param name="By">The application that made it; null: the console.</param>
public sealed record CorpTag(string Id, string Name, long Order, DateTimeOffset At, string? By);

public sealed record CorpTagGroup(string Id, string Name, long Order, DateTimeOffset At, string? By, IReadOnlyList<CorpTag> Tags);

/// <param name="Id">The config_id.</param>
/// <param name="By">The application that made it: others do not see it.</param>
/// <param name="Json">The request, with later changes.</param>
/// <param name="At">When it was made.</param>
public sealed record ContactWay(string Id, string By, string Json, DateTimeOffset At);

/// <param name="Code">The code.</param>
/// <param name="Relation">Between whom.</param>
/// <param name="At">Since when.</param>
/// <param name="Used">Somebody has welcomed by it.</param>
public sealed record WelcomeCode(string Code, string Relation, DateTimeOffset At, bool Used);

public sealed record GroupMember(string Id, bool IsStaff, string Name, DateTimeOffset At, int JoinScene);

public sealed record GroupChat(string Id, string Name, string Owner, string Notice, DateTimeOffset At, long Version, bool Dismissed, IReadOnlyList<GroupMember> Members);

/// <param name="Id">The msgid.</param>
/// <param name="By">The application that made it.</param>
/// <param name="ChatType">single or group.</param>
/// <param name="Json">The request.</param>
/// <param name="At">When.</param>
/// <param name="Cancelled">It was taken back.</param>
/// <param name="Sends">What each colleague is to send to whom.</param>
/// <param name="RemindedAt">When colleagues were reminded of it.</param>
public sealed record MassMessage(
    string Id, string By, string ChatType, string Json, DateTimeOffset At, bool Cancelled, IReadOnlyList<MassSend> Sends, IReadOnlyList<DateTimeOffset> RemindedAt);

/// <param name="UserId">Who is to send.</param>
/// <param name="Target">The customer, or the group.</param>
/// <param name="Status">0 not sent, 1 sent, 2 no friend any more, 3 over the month's cap.</param>
/// <param name="At">When it was sent.</param>
public sealed record MassSend(string UserId, string Target, int Status, DateTimeOffset? At);

/// <param name="ExternalId">Who is handed over.</param>
/// <param name="From">By whom.</param>
/// <param name="To">To whom.</param>
/// <param name="At">When it was asked for; it happens a day later.</param>
/// <param name="Status">1 done, 2 waiting, 3 the customer refused, 4 the new colleague has too many.</param>
/// <param name="DoneAt">When it happened.</param>
/// <param name="Resigned">The old colleague has left the company.</param>
public sealed record Transfer(string ExternalId, string From, string To, DateTimeOffset At, int Status, DateTimeOffset? DoneAt, bool Resigned)
{
    [JsonIgnore]
    public string Key => $"{ExternalId}|{At.ToUnixTimeMilliseconds()}";
}

/// <param name="Id">The link_id.</param>
/// <param name="Json">The request that made it, with later changes.</param>
/// <param name="At">When.</param>
public sealed record AcquisitionLink(string Id, string Json, DateTimeOffset At);

/// <param name="Id">The moment_id.</param>
/// <param name="JobId">The job that made it.</param>
/// <param name="Json">The request.</param>
/// <param name="At">When.</param>
/// <param name="Senders">Colleagues who may publish it, and when they did.</param>
public sealed record Moment(string Id, string JobId, string Json, DateTimeOffset At, IReadOnlyDictionary<string, DateTimeOffset?> Senders);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StaffMember))]
[JsonSerializable(typeof(ExternalContact))]
[JsonSerializable(typeof(Relation))]
[JsonSerializable(typeof(CorpTagGroup))]
[JsonSerializable(typeof(ContactWay))]
[JsonSerializable(typeof(WelcomeCode))]
[JsonSerializable(typeof(GroupChat))]
[JsonSerializable(typeof(MassMessage))]
[JsonSerializable(typeof(Transfer))]
[JsonSerializable(typeof(AcquisitionLink))]
[JsonSerializable(typeof(Moment))]
public sealed partial class WeComStateJson : JsonSerializerContext
{
    /// <summary>These types, written with Chinese as it is instead of <c>\uXXXX</c>.</summary>
    public static WeComStateJson Types => types ??= new(Crm.Plain.Options(Default!.Options));

    // Made on first use: the generated half's static fields may be initialised after ours.
    private static WeComStateJson? types;
}
