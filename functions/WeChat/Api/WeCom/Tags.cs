namespace CrmServerless.WeChat.Api.WeCom;

/// <param name="TagId">These tags; ignored where groups are given.</param>
/// <param name="GroupId">These groups with all their tags.</param>
public sealed record CorpTagsRequest(IReadOnlyList<string>? TagId = null, IReadOnlyList<string>? GroupId = null) : WeComRequest;

/// <summary>The company's tags.</summary>
public sealed record CorpTagList : WireRecord
{
    public IReadOnlyList<CorpTagGroup> TagGroup { get => field ?? []; init; }
}

/// <param name="TagGroup">The group with the tags that were added.</param>
public sealed record AddedCorpTags(CorpTagGroup TagGroup) : WireRecord;

/// <summary>A group of tags.</summary>
public sealed record CorpTagGroup : WireRecord
{
    public required string GroupId { get; init; }

    public string? GroupName { get; init; }

    /// <summary>Unix seconds.</summary>
    public long CreateTime { get; init; }

    /// <summary>The greater, the earlier it is shown; up to 2^32.</summary>
    public long Order { get; init; }

    /// <summary>Told only when ids were asked for.</summary>
    public bool Deleted { get; init; }

    public IReadOnlyList<CorpTag> Tag { get => field ?? []; init; }
}

/// <summary>A tag of the company.</summary>
public sealed record CorpTag : WireRecord
{
    public required string Id { get; init; }

    public string? Name { get; init; }

    /// <summary>Unix seconds.</summary>
    public long CreateTime { get; init; }

    /// <summary>The greater, the earlier it is shown; up to 2^32.</summary>
    public long Order { get; init; }

    /// <summary>Told only when ids were asked for.</summary>
    public bool Deleted { get; init; }
}

/// <summary>A group by its id, or by its name: the one of that name, or a new one. A group is never empty.</summary>
public sealed record AddCorpTagRequest(IReadOnlyList<NewCorpTag> Tag) : WeComRequest
{
    /// <summary>With it, name and order of the group are ignored.</summary>
    public string? GroupId { get; init; }

    /// <summary>At most 30 characters.</summary>
    public string? GroupName { get; init; }

    /// <summary>Of the group, 0 to 2^32 - 1.</summary>
    public long? Order { get; init; }

    internal override void Check()
    {
        WeComLimits.Needed(Tag, "tag");
        WeComLimits.Rule(GroupId is not null || GroupName is not null, "WeCom needs the id or the name of the group.", "group_id");
        WeComLimits.Characters(GroupName, 30, "group_name");
        WeComLimits.Between(Order, 0, uint.MaxValue, "order");
        foreach (var tag in Tag)
        {
            WeComLimits.Needed(tag.Name, "tag.name");
            WeComLimits.Characters(tag.Name, 30, "tag.name");
            WeComLimits.Between(tag.Order, 0, uint.MaxValue, "tag.order");
        }
    }
}

/// <param name="Name">At most 30 characters.</param>
/// <param name="Order">0 to 2^32 - 1.</param>
public sealed record NewCorpTag(string Name, long? Order = null) : WireRecord;

/// <param name="Id">Of a tag or a group.</param>
/// <param name="Name">At most 30 characters; not that of another one beside it.</param>
/// <param name="Order">0 to 2^32 - 1.</param>
public sealed record EditCorpTagRequest(string Id, string? Name = null, long? Order = null) : WeComRequest
{
    internal override void Check()
    {
        WeComLimits.Characters(Name, 30, "name");
        WeComLimits.Between(Order, 0, uint.MaxValue, "order");
    }
}

/// <summary>Not both may be empty.</summary>
public sealed record DelCorpTagRequest(IReadOnlyList<string>? TagId = null, IReadOnlyList<string>? GroupId = null) : WeComRequest
{
    internal override void Check() =>
        WeComLimits.Rule(TagId is { Count: > 0 } || GroupId is { Count: > 0 }, "WeCom needs a tag or a group.", "tag_id");
}

/// <summary>Not both lists may be empty. The customer must be the colleague's.</summary>
public sealed record MarkTagRequest(string Userid, string ExternalUserid, IReadOnlyList<string>? AddTag = null, IReadOnlyList<string>? RemoveTag = null)
    : WeComRequest
{
    internal override void Check() =>
        WeComLimits.Rule(AddTag is { Count: > 0 } || RemoveTag is { Count: > 0 }, "WeCom needs a tag to add or to remove.", "add_tag");
}
