using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>A customer-service account.</summary>
public sealed record KfAccount : WireRecord
{
    /// <summary>Prefix@the account's WeChat id; null for the one that is the account itself.</summary>
    [JsonConverter(typeof(Trimmed))]
    [JsonPropertyName("kf_account")]
    public string? Account { get; init; }

    [JsonConverter(typeof(TextOrNumber))]
    public required string? KfId { get; init; }

    [JsonConverter(typeof(Trimmed))]
    public string? KfNick { get; init; }

    [JsonConverter(typeof(Trimmed))]
    public string? KfHeadimgurl { get; init; }

    /// <summary>The WeChat id of who works under it; null: nobody yet.</summary>
    [JsonConverter(typeof(Trimmed))]
    public string? KfWx { get; init; }

    /// <summary>Who is invited to.</summary>
    [JsonConverter(typeof(Trimmed))]
    public string? InviteWx { get; init; }

    /// <summary>Unix seconds.</summary>
    public long InviteExpireTime { get; init; }

    /// <summary>waiting, rejected or expired.</summary>
    [JsonConverter(typeof(Trimmed))]
    public string? InviteStatus { get; init; }
}

/// <summary>All customer-service accounts.</summary>
public sealed record KfList : WireRecord
{
    [AllowNull]
    [JsonPropertyName("kf_list")]
    public required IReadOnlyList<KfAccount> Accounts { get; init => field = value ?? []; }
}

/// <summary>A customer-service account that is at work.</summary>
public sealed record OnlineKf : WireRecord
{
    [JsonConverter(typeof(Trimmed))]
    public required string? KfAccount { get; init; }

    [JsonConverter(typeof(TextOrNumber))]
    public string? KfId { get; init; }

    /// <summary>1: in a browser.</summary>
    public int Status { get; init; }

    /// <summary>Conversations now.</summary>
    public int AcceptedCase { get; init; }
}

/// <summary>Who is at work.</summary>
public sealed record OnlineKfList : WireRecord
{
    [AllowNull]
    [JsonPropertyName("kf_online_list")]
    public required IReadOnlyList<OnlineKf> Online { get; init => field = value ?? []; }
}

/// <summary>With whom a customer talks.</summary>
public sealed record KfSession : WireRecord
{
    /// <summary>Null: with nobody.</summary>
    [JsonConverter(typeof(Trimmed))]
    public required string? KfAccount { get; init; }

    /// <summary>Unix seconds.</summary>
    public long Createtime { get; init; }
}

/// <summary>The conversations of a customer-service account.</summary>
public sealed record KfSessionList : WireRecord
{
    [AllowNull]
    [JsonPropertyName("sessionlist")]
    public required IReadOnlyList<KfSessionOfOne> Sessions { get; init => field = value ?? []; }
}

/// <param name="Openid">The customer.</param>
/// <param name="Createtime">Unix seconds.</param>
public sealed record KfSessionOfOne(string Openid, long Createtime) : WireRecord;

/// <summary>Customers who wait: the first 100, who has waited longest first.</summary>
public sealed record KfWaiting : WireRecord
{
    /// <summary>How many wait.</summary>
    public required int Count { get; init; }

    [AllowNull]
    [JsonPropertyName("waitcaselist")]
    public IReadOnlyList<WaitCase> Cases { get; init => field = value ?? []; } = [];
}

/// <param name="Openid">The customer.</param>
/// <param name="LatestTime">Of the customer's last message, Unix seconds.</param>
public sealed record WaitCase(string Openid, long LatestTime) : WireRecord;

internal sealed record KfAccountRequest(string KfAccount, string? Nickname = null, string? InviteWx = null) : WireRecord;

internal sealed record KfSessionRequest(string KfAccount, string Openid) : WireRecord;
