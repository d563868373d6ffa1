using System.Globalization;
using System.Text.Json.Serialization;

namespace CrmServerless.Local.Simulator.OfficialAccount;

public sealed record OaTag(int Id, string Name)
{
    [JsonIgnore]
    public string Key => Id.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What the account itself has written beside a follower, and how he came.</summary>
public sealed record FollowerNote(string OpenId)
{
    public string Remark { get; init; } = "";

    /// <summary>Tag ids, in the order in which they were given.</summary>
    public IReadOnlyList<int> Tags { get; init; } = [];

    /// <summary>On the account's blacklist.</summary>
    public bool Blocked { get; init; }

    /// <summary>The scene of the code that he followed by; null if by none.</summary>
    public string? Scene { get; init; }
}

/// <param name="Id"><c>default</c>, or the menuid of a conditional one.</param>
/// <param name="Json">The request that made it.</param>
public sealed record OaMenu(string Id, string Json);

/// <param name="Ticket">The ticket.</param>
/// <param name="Scene">What a scan says.</param>
/// <param name="Until">Null: for ever.</param>
public sealed record QrTicket(string Ticket, string Scene, DateTimeOffset? Until);

/// <param name="Account">prefix@account.</param>
/// <param name="Nick">The name that customers see.</param>
/// <param name="Id">The number.</param>
/// <param name="Wx">The WeChat id of the person behind it; null until somebody is bound.</param>
/// <param name="Online">Whether the person sits at the desk.</param>
public sealed record KfAccount(string Account, string Nick, int Id, string? Wx, bool Online);

public sealed record KfSession(string OpenId, string KfAccount, DateTimeOffset CreatedAt);

/// <param name="OpenId">The customer.</param>
/// <param name="Template">The template.</param>
/// <param name="Left">Messages that may still be sent; each consent is for one.</param>
public sealed record Consent(string OpenId, string Template, int Left)
{
    [JsonIgnore]
    public string Key => Of(OpenId, Template);

    public static string Of(string openId, string template) => $"{openId}|{template}";
}

/// <param name="Month">Such as 2026-06, in China.</param>
/// <param name="Count">How often the quotas were cleared in it.</param>
public sealed record Clearings(string Month, int Count);

/// <param name="OpenId">The customer.</param>
/// <param name="Code">1000 a session began, 1004 it was closed, 2002 the desk wrote.</param>
/// <param name="Text">What was said.</param>
/// <param name="At">When.</param>
/// <param name="Worker">Who at the desk.</param>
public sealed record DeskRecord(string OpenId, int Code, string Text, DateTimeOffset At, string Worker);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OaTag))]
[JsonSerializable(typeof(FollowerNote))]
[JsonSerializable(typeof(OaMenu))]
[JsonSerializable(typeof(QrTicket))]
[JsonSerializable(typeof(KfAccount))]
[JsonSerializable(typeof(KfSession))]
[JsonSerializable(typeof(Consent))]
[JsonSerializable(typeof(Clearings))]
public sealed partial class OaStateJson : JsonSerializerContext
{
    /// <summary>These types, written with Chinese as it is instead of <c>\uXXXX</c>.</summary>
    public static OaStateJson Types => types ??= new(Crm.Plain.Options(Default!.Options));

    // Made on first use: the generated half's static fields may be initialised after ours.
    private static OaStateJson? types;
}
