namespace CrmServerless.WeChat.Callbacks.WeCom;

/// <summary>What happens between one member of staff and one customer.</summary>
/// <remarks>Rules: developer.work.weixin.qq.com/document/path/92130. What we do through the API ourselves is not called back.</remarks>
public abstract record ContactEvent(string Staff, string External) : WeComCallback
{
    /// <inheritdoc/>
    public sealed override string? StaffId => Staff.Length == 0 ? null : Staff;

    /// <inheritdoc/>
    public sealed override string? ExternalUserId => External.Length == 0 ? null : External;
}

/// <summary>
/// A member of staff added a customer; with <paramref name="Half"/> the customer added him and he has not confirmed yet.
/// </summary>
/// <param name="Staff">Userid.</param>
/// <param name="External">External userid.</param>
/// <param name="Half">Not confirmed yet.</param>
/// <param name="State">State of the contact way, or channel of the acquisition link; at most 30 characters.</param>
/// <param name="WelcomeCode">A credential: for 20 s and once it buys a welcome. Null when WeCom or another application welcomes.</param>
/// <param name="LinkId">Acquisition link; third-party component only.</param>
public sealed record ContactAdded(string Staff, string External, bool Half, string? State, string? WelcomeCode, string? LinkId) : ContactEvent(Staff, External)
{
    /// <inheritdoc/>
    public override string Kind => Half ? WeComKinds.CustomerHalfAdded : WeComKinds.CustomerAdded;
}

/// <summary>A remark or a tag of a customer changed; not sent when only a phone number of the remark did.</summary>
public sealed record ContactEdited(string Staff, string External, string? State) : ContactEvent(Staff, External)
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.CustomerEdited;
}

/// <summary>A member of staff deleted a customer; <paramref name="Source"/> is DELETE_BY_TRANSFER when he was handed over.</summary>
public sealed record ContactDeleted(string Staff, string External, string? Source) : ContactEvent(Staff, External)
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.CustomerDeleted;
}

/// <summary>A customer deleted a member of staff.</summary>
public sealed record ContactLost(string Staff, string External) : ContactEvent(Staff, External)
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.CustomerLost;
}

/// <summary>
/// A customer was not handed over to <paramref name="Staff"/>; <paramref name="FailReason"/> is customer_refused or customer_limit_exceed.
/// </summary>
public sealed record TransferFailed(string Staff, string External, string FailReason) : ContactEvent(Staff, External)
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.TransferFailed;
}

/// <summary>A customer agrees to the archive. <paramref name="WelcomeCode"/> is a credential, as with an added contact.</summary>
public sealed record ArchiveApproved(string Staff, string External, string? WelcomeCode) : ContactEvent(Staff, External)
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.ArchiveApproved;
}

/// <summary>
/// Something about an acquisition link (获客助手), by WeCom's name for it. Which of the fields are there depends on it.
/// Rules: developer.work.weixin.qq.com/document/path/97299.
/// </summary>
public sealed record AcquisitionEvent(string Name, string Staff, string External) : ContactEvent(Staff, External)
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.Acquisition + Name;

    /// <summary>The link.</summary>
    public string? LinkId { get; init; }

    /// <summary>The link's channel.</summary>
    public string? State { get; init; }

    /// <summary>A credential: for some 30 minutes it reads how often the customer wrote.</summary>
    public string? ChatKey { get; init; }

    /// <summary>When a quota ends, or a price begins: Unix seconds.</summary>
    public long? At { get; init; }

    /// <summary>How much quota ends, or the new price in fen.</summary>
    public long? Amount { get; init; }

    /// <summary>Id of one use of the component's quota.</summary>
    public string? OnceKey { get; init; }
}
