using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>A page of openids, of followers, of a tag or of the blacklist; at most <see cref="MostOpenids"/>.</summary>
public sealed record OpenidPage : WireRecord
{
    /// <summary>Openids of a full page.</summary>
    public const int MostOpenids = 10_000;

    /// <summary>Of all pages; a tag's page does not tell.</summary>
    public int Total { get; init; }

    /// <summary>Of this page.</summary>
    public required int Count { get; init; }

    /// <summary>Where the next page begins. Filled on the last page too: see <see cref="IsLast"/>.</summary>
    [JsonConverter(typeof(Trimmed))]
    public string? NextOpenid { get; init; }

    /// <summary>The openids; empty when there are none.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Openids => Data?.Openid ?? [];

    /// <summary>No page follows. Not told by <see cref="NextOpenid"/>, but by a page that is not full.</summary>
    [JsonIgnore]
    public bool IsLast => NextOpenid is null || Openids.Count == 0 || Math.Max(Count, Openids.Count) < MostOpenids;

    // Missing when count is 0.
    [JsonInclude]
    internal OpenidData? Data { get; init; }
}

internal sealed record OpenidData(IReadOnlyList<string>? Openid = null) : WireRecord;
