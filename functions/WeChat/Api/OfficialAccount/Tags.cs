using System.Diagnostics.CodeAnalysis;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>A tag of the account; ids 0 to 2 are WeChat's own.</summary>
public sealed record Tag : WireRecord
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Followers who have it; a tag just made does not tell.</summary>
    public int Count { get; init; }
}

/// <summary>All tags of the account.</summary>
public sealed record TagList : WireRecord
{
    [AllowNull]
    public required IReadOnlyList<Tag> Tags { get; init => field = value ?? []; }
}

/// <summary>The tags of one follower.</summary>
public sealed record TagIds : WireRecord
{
    [AllowNull]
    public required IReadOnlyList<int> TagidList { get; init => field = value ?? []; }
}

internal sealed record TagAnswer(Tag Tag) : WireRecord;

internal sealed record TagRequest(TagFields Tag) : WireRecord;

internal sealed record TagFields(int? Id = null, string? Name = null) : WireRecord;

internal sealed record TaggingRequest(string[] OpenidList, int Tagid) : WireRecord;

internal sealed record OpenidRequest(string Openid) : WireRecord;

internal sealed record TagFansRequest(int Tagid, string? NextOpenid) : WireRecord;

internal sealed record BlacklistRequest(string[] OpenidList) : WireRecord;

internal sealed record GetBlacklistRequest(string BeginOpenid) : WireRecord;
