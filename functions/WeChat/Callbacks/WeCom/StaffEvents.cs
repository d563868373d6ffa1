namespace CrmServerless.WeChat.Callbacks.WeCom;

/// <summary>A member of staff opens an application. The official event key is empty.</summary>
public sealed record EnterAgentEvent : StaffCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.EnterAgent;
}

/// <summary>
/// An application's own life, by WeCom's name for it: it becomes visible to a member of staff or stops being so (subscribe, unsubscribe),
/// is shared with other companies, or will be closed because nobody uses it (<paramref name="EffectTime"/>, Unix seconds).
/// </summary>
public sealed record AgentEvent(string Name, long? EffectTime) : StaffCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.Agent + Name;
}

/// <summary>A tap on a menu button: its key (click), its address (view) or its page (view_miniprogram).</summary>
public sealed record StaffMenuEvent(string Name, string EventKey) : StaffCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.Menu + Name;
}

/// <summary>A code scanned through a menu button; <paramref name="ScanType"/> is <c>qrcode</c> or <c>barcode</c>.</summary>
public sealed record StaffScanEvent(string Name, string EventKey, string ScanType, string ScanResult) : StaffCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.Menu + Name;
}

/// <summary>Pictures sent through a menu button: how many, and the MD5 of each. The pictures themselves come as messages.</summary>
public sealed record StaffPicturesEvent(string Name, string EventKey, int Count, IReadOnlyList<string> Md5Sums) : StaffCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.Menu + Name;
}

/// <summary>A place chosen through a menu button; null where what was sent is no place on Earth.</summary>
public sealed record StaffPlaceEvent(string EventKey, double? Latitude, double? Longitude, string Label, string? PoiName) : StaffCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.Menu + "location_select";
}

/// <summary>
/// Where a member of staff is: degrees; precision in metres (0 when absent). One whose coordinates are no place on Earth is an
/// <see cref="UnknownWeComEvent"/>.
/// </summary>
public sealed record StaffLocationEvent(double Latitude, double Longitude, double Precision, string? AppType) : StaffCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.LocationReport;
}

/// <summary>
/// A button or the corner menu of a template card. <paramref name="ResponseCode"/> is a credential: within 72 h it changes the card once.
/// </summary>
public sealed record TemplateCardEvent(
    bool Menu, string EventKey, string TaskId, string CardType, string ResponseCode, IReadOnlyList<CardChoice> Choices) : StaffCallback
{
    /// <inheritdoc/>
    public override string Kind => Menu ? WeComKinds.CardMenu : WeComKinds.CardClick;
}

/// <summary>What was chosen in one question of a card.</summary>
public sealed record CardChoice(string QuestionKey, IReadOnlyList<string> OptionIds);

/// <summary>A job that we started is done: job types are sync_user, replace_user, invite_user, replace_party.</summary>
public sealed record BatchJobEvent(string JobId, string JobType, long? ErrCode, string ErrMsg) : WeComCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.BatchJob;
}

/// <summary>An approval of an application's own form; status 1 waiting, 2 passed, 3 refused, 4 withdrawn.</summary>
public sealed record OpenApprovalEvent(string ThirdNo, string TemplateId, long? Status, string ApplicantId) : WeComCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.OpenApproval;
}

/// <summary>
/// An approval of WeCom's own form; <paramref name="Change"/> (officially spelt StatuChangeEvent) is 1 submitted, 2 passed, 3 refused,
/// 4 passed on, 5 urged, 6 withdrawn, 8 withdrawn after passing, 10 commented.
/// </summary>
public sealed record SysApprovalEvent(string SpNo, string TemplateId, long? Status, long? Change, string ApplicantId) : WeComCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.SysApproval;
}

/// <summary>WeCom's addresses change: what allows or expects calls by address has to be refreshed.</summary>
public sealed record DomainIpEvent : WeComCallback
{
    /// <inheritdoc/>
    public override string Kind => WeComKinds.DomainIpChanged;
}
