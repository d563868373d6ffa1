using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>How often an API may be called.</summary>
public sealed record ApiQuota : WireRecord
{
    /// <summary>Of the day.</summary>
    public required DailyQuota Quota { get; init; }

    /// <summary>Of a shorter while; null: no such limit.</summary>
    public RateQuota? RateLimit { get; init; }
}

/// <summary>Calls of this day in China.</summary>
public sealed record DailyQuota : WireRecord
{
    public required long DailyLimit { get; init; }

    public long Used { get; init; }

    public long Remain { get; init; }
}

/// <summary>Calls within a while.</summary>
public sealed record RateQuota : WireRecord
{
    public long CallCount { get; init; }

    /// <summary>Seconds.</summary>
    public long RefreshSecond { get; init; }
}

/// <summary>What WeChat knows of a call that it refused. The address is left out: it holds the token.</summary>
public sealed record RidInfo : WireRecord
{
    /// <summary>Unix seconds.</summary>
    public required long InvokeTime { get; init; }

    /// <summary>Milliseconds.</summary>
    public int CostInMs { get; init; }

    public string? RequestBody { get; init; }

    public string? ResponseBody { get; init; }

    /// <summary>Our address as WeChat saw it.</summary>
    [JsonConverter(typeof(Trimmed))]
    public string? ClientIp { get; init; }
}

/// <summary>Addresses and ranges (<c>101.226.103.0/25</c>).</summary>
public sealed record IpList : WireRecord
{
    [AllowNull]
    [JsonPropertyName("ip_list")]
    public required IReadOnlyList<string> Addresses { get; init => field = value ?? []; }
}

internal sealed record RidAnswer(RidInfo Request) : WireRecord;

internal sealed record AppIdRequest(string Appid) : WireRecord;

internal sealed record QuotaRequest(string CgiPath) : WireRecord;

internal sealed record RidRequest(string Rid) : WireRecord;
