namespace CrmServerless.WeChat.Callbacks.WeCom;

/// <summary>
/// A customer group (客户群) was made, changed or dissolved. WeCom's own way to notice a lost callback: keep
/// <see cref="CurMemVer"/> and compare it with the next <see cref="LastMemVer"/>.
/// Rule: developer.work.weixin.qq.com/document/path/92130.
/// </summary>
public sealed record ChatEvent(string Chat, string ChatKind) : WeComCallback
{
    /// <inheritdoc/>
    public override string Kind => ChatKind;

    /// <inheritdoc/>
    public override string? ChatId => Chat.Length == 0 ? null : Chat;

    /// <summary>How somebody joined: 0 invited (also by a link), 3 by the group's code.</summary>
    public long? JoinScene { get; init; }

    /// <summary>How somebody left: 0 by himself, 1 removed.</summary>
    public long? QuitScene { get; init; }

    /// <summary>How many joined or left.</summary>
    public long? MemChangeCnt { get; init; }

    /// <summary>Who joined or left: userids and external userids. Not always sent.</summary>
    public IReadOnlyList<string> MemChangeList { get; init; } = [];

    /// <summary>The group's membership before: an opaque text.</summary>
    public string? LastMemVer { get; init; }

    /// <summary>The group's membership after.</summary>
    public string? CurMemVer { get; init; }
}

/// <summary>
/// The company's customer tags changed. <paramref name="TagType"/> is <c>tag</c> or <c>tag_group</c>, absent when tags were shuffled:
/// then <paramref name="Id"/> is the group, or empty for all. Deleting a group does not call back per tag.
/// </summary>
public sealed record TagEvent(string TagKind, string Id, string? TagType, string? StrategyId) : WeComCallback
{
    /// <inheritdoc/>
    public override string Kind => TagKind;
}
