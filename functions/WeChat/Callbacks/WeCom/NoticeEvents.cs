namespace CrmServerless.WeChat.Callbacks.WeCom;

/// <summary>
/// Something waits to be fetched in the customer service (微信客服). <paramref name="Token"/> is a credential: for 10 minutes it fetches
/// without a limit of rate. Rule: developer.work.weixin.qq.com/document/path/94670.
/// </summary>
public sealed record KfNotify(string OpenKfId, string Token) : WeComCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.KfNotify;
}

/// <summary>Customer service accounts that we may serve from now on, and those that we may not.</summary>
public sealed record KfAuthChanged(IReadOnlyList<string> Added, IReadOnlyList<string> Removed) : WeComCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.KfAuthChanged;
}

/// <summary>Something waits to be fetched in the archive; at most one in 15 s.</summary>
public sealed record ArchiveNotify : WeComCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.ArchiveNotify;
}

/// <summary>
/// The address book changed, by WeCom's name for it. Names, phones and mails of staff that some settings add are in the payload only.
/// Rule: developer.work.weixin.qq.com/document/path/90970.
/// </summary>
public sealed record StaffChanged(string Name, string UserId) : WeComCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.Staff + Name;

    /// <inheritdoc/>
    public override string? StaffId => UserId.Length == 0 ? null : UserId;

    /// <summary>The userid from now on; update_user only, when it changed.</summary>
    public string? NewUserId { get; init; }

    /// <summary>The department; *_party only.</summary>
    public string? PartyId { get; init; }

    /// <summary>The department above it.</summary>
    public string? ParentId { get; init; }

    /// <summary>The tag of staff; update_tag only, and so are the four lists.</summary>
    public string? TagId { get; init; }

    /// <summary>Staff who got the tag.</summary>
    public IReadOnlyList<string> AddUserItems { get; init; } = [];

    /// <summary>Staff who lost it.</summary>
    public IReadOnlyList<string> DelUserItems { get; init; } = [];

    /// <summary>Departments that got it.</summary>
    public IReadOnlyList<string> AddPartyItems { get; init; } = [];

    /// <summary>Departments that lost it.</summary>
    public IReadOnlyList<string> DelPartyItems { get; init; } = [];
}
