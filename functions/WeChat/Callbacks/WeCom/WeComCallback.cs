namespace CrmServerless.WeChat.Callbacks.WeCom;

/// <summary>
/// One parsed callback of WeCom (企业微信). <see cref="Callback.ToUserName"/> is the corpid; <see cref="Callback.FromUserName"/> is a
/// staff userid, <c>sys</c>, or empty: a notice of the customer service and whatever comes to a suite's command address names nobody.
/// Rules: developer.work.weixin.qq.com/document/path/90238 and 90930.
/// </summary>
public abstract record WeComCallback : Callback
{
    /// <summary>The application that it is for; null where it belongs to none.</summary>
    public long? AgentId { get; init; }

    /// <summary>The third-party application (套件) in whose envelope it came; null in any other.</summary>
    public string? SuiteId { get; init; }

    /// <summary>The second half of an event's name, as sent; null where it has none.</summary>
    public string? ChangeType { get; init; }

    /// <summary>The member of staff that it is about; null if there is none.</summary>
    public virtual string? StaffId => null;

    /// <summary>The customer that it is about; null if there is none.</summary>
    public virtual string? ExternalUserId => null;

    /// <summary>The customer group that it is about; null if there is none.</summary>
    public virtual string? ChatId => null;
}

/// <summary>What a member of staff does in an application: the sender is a person, not <c>sys</c>.</summary>
public abstract record StaffCallback : WeComCallback
{
    /// <inheritdoc/>
    public sealed override string? StaffId => FromUserName.Length == 0 || FromUserName == "sys" ? null : FromUserName;
}

/// <summary>An event of another type: everything is in <see cref="Callback.Fields"/>.</summary>
public sealed record UnknownWeComEvent : WeComCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.UnknownEvent;
}
