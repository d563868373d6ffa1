using System.Text.Json.Serialization;
using CrmServerless.Crm;

namespace CrmServerless.Local.Simulator.Front;

/// <summary>How WeChat behaves towards one account or API.</summary>
[JsonConverter(typeof(LowerCaseEnum<ProfileKind>))]
public enum ProfileKind
{
    Normal,

    /// <summary>Answers after 1 to 4 s.</summary>
    Slow,

    /// <summary>Says that it is busy, answers with a proxy's page, or cuts the line after the call has taken effect.</summary>
    Flaky,

    /// <summary>No call is answered: the line is cut, or a proxy says 503.</summary>
    Down,

    /// <summary>The next call finds the day's quota used up.</summary>
    Quota,
}

/// <param name="Account">The account; null for all.</param>
/// <param name="Api">The API's path; null for all.</param>
/// <param name="Kind">How it behaves.</param>
/// <param name="Since">Since when.</param>
public sealed record FaultProfile(string? Account, string? Api, ProfileKind Kind, DateTimeOffset Since)
{
    /// <summary>Of <see cref="ProfileKind.Flaky"/>: the share of calls that are answered with errcode -1, 0 to 1.</summary>
    public double Busy { get; init; } = 0.1;

    /// <summary>Of <see cref="ProfileKind.Flaky"/>: the share answered with HTTP 502 and HTML, without effect.</summary>
    public double BadGateway { get; init; } = 0.05;

    /// <summary>Of <see cref="ProfileKind.Flaky"/>: the share that take effect and are not answered.</summary>
    public double Cut { get; init; } = 0.05;

    /// <summary>Makes the faults repeatable; null for others each time.</summary>
    public int? Seed { get; init; }

    /// <summary>The narrower counts: an API of an account before the account before everything.</summary>
    [JsonIgnore]
    public int Narrowness => (Account is null ? 0 : 2) + (Api is null ? 0 : 1);

    public bool Covers(string? account, string api) => (Account is null || Account == account) && (Api is null || Api == api);
}

/// <summary>What befalls one call.</summary>
/// <param name="Delay">Before anything else.</param>
/// <param name="Kind">What then.</param>
public readonly record struct Fault(TimeSpan Delay, FaultKind Kind);

public enum FaultKind
{
    None,
    Busy,
    BadGateway,
    Unavailable,

    /// <summary>The line is cut before the call has been looked at.</summary>
    CutBefore,

    /// <summary>The line is cut after the call has taken effect.</summary>
    CutAfter,
}
