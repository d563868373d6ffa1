using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>A medium that WeChat keeps for a while; its id may be used any number of times.</summary>
/// <param name="Type">image, voice, video or thumb.</param>
/// <param name="MediaId">Its id.</param>
/// <param name="CreatedAt">By WeChat's clock.</param>
public sealed record UploadedMedia(string Type, string MediaId, DateTimeOffset CreatedAt) : WireRecord
{
    /// <summary>From here on the id is void (40007): it must be uploaded anew.</summary>
    public DateTimeOffset ExpiresAt => CreatedAt.AddDays(3);
}

/// <summary>A medium that was fetched: its bytes, or where a video can be fetched.</summary>
public sealed record MediaContent : WireRecord
{
    /// <summary>The bytes; empty if there is a <see cref="VideoUrl"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>As sent; null for a video.</summary>
    public string? ContentType { get; init; }

    /// <summary>As sent.</summary>
    public string? FileName { get; init; }

    /// <summary>The address of a video, valid for a while.</summary>
    public string? VideoUrl { get; init; }
}

internal sealed record UploadAnswer : WireRecord
{
    public required string Type { get; init; }

    [JsonConverter(typeof(Trimmed))]
    public string? MediaId { get; init; }

    // Instead of media_id, for a cover.
    [JsonConverter(typeof(Trimmed))]
    public string? ThumbMediaId { get; init; }

    public required long CreatedAt { get; init; }
}

internal sealed record VideoAnswer(string VideoUrl) : WireRecord;
