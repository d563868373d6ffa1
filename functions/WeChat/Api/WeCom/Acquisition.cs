namespace CrmServerless.WeChat.Api.WeCom;

internal sealed record AcquisitionListRequest(int Limit, string? Cursor) : WeComRequest
{
    internal override void Check() => WeComLimits.Between(Limit, 1, 100, "limit");
}

/// <summary>A page of links.</summary>
public sealed record AcquisitionLinkList : WireRecord
{
    public IReadOnlyList<string> LinkIdList { get => field ?? []; init; }

    /// <summary>Null on the last page.</summary>
    public string? NextCursor { get; init; }
}

internal sealed record AcquisitionLinkId(string LinkId) : WeComRequest;

/// <summary>A link and whom it leads to.</summary>
/// <param name="Link">The link.</param>
/// <param name="Range">The colleagues.</param>
/// <param name="PriorityOption">Who is preferred.</param>
public sealed record AcquisitionLinkDetail(AcquisitionLink Link, AcquisitionRange? Range = null, PriorityOption? PriorityOption = null) : WireRecord;

/// <param name="Link">With its id.</param>
public sealed record CreatedAcquisitionLink(AcquisitionLink Link) : WireRecord;

/// <summary>A link by which customers come.</summary>
public sealed record AcquisitionLink : WireRecord
{
    /// <summary>Told when it is created.</summary>
    public string? LinkId { get; init; }

    public string? LinkName { get; init; }

    public required string Url { get; init; }

    /// <summary>Unix seconds.</summary>
    public long CreateTime { get; init; }

    public bool SkipVerify { get; init; }

    public bool MarkSource { get; init; }

    /// <summary>The address that tells by which way a customer came: the state is in the event and in <see cref="Following.State"/>.</summary>
    /// <exception cref="ArgumentException">Over 64 bytes, which WeCom would cut.</exception>
    public string For(string state)
    {
        WeComLimits.Needed(state, "customer_channel");
        WeComLimits.Bytes(state, 64, "customer_channel");
        return $"{Url}{(Url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}customer_channel={Uri.EscapeDataString(state)}";
    }
}

/// <summary>Colleagues and departments, together at most 500 people.</summary>
public sealed record AcquisitionRange(IReadOnlyList<string>? UserList = null, IReadOnlyList<int>? DepartmentList = null) : WireRecord
{
    internal void Check()
    {
        WeComLimits.Rule(UserList is { Count: > 0 } || DepartmentList is { Count: > 0 }, "WeCom needs a user or a department.", "range");
        WeComLimits.Count(UserList, 500, "range.user_list");
    }
}

/// <param name="PriorityType">1: whoever in the company has this customer already. 2: whoever has him of</param>
/// <param name="PriorityUseridList">these.</param>
public sealed record PriorityOption(int PriorityType = 1, IReadOnlyList<string>? PriorityUseridList = null) : WireRecord
{
    internal void Check()
    {
        WeComLimits.Between(PriorityType, 1, 2, "priority_option.priority_type");
        WeComLimits.Rule(PriorityType == 1 || PriorityUseridList is { Count: > 0 }, "WeCom needs a priority_userid_list for type 2.", "priority_option");
    }
}

/// <param name="LinkName">For colleagues.</param>
/// <param name="Range">Whom it leads to.</param>
/// <param name="SkipVerify">True where not set: added without a question.</param>
/// <param name="PriorityOption">Who is preferred.</param>
/// <param name="MarkSource">Mark where the customer came from in his profile.</param>
public sealed record CreateLinkRequest(
    string LinkName, AcquisitionRange Range, bool? SkipVerify = null, PriorityOption? PriorityOption = null, bool? MarkSource = null) : WeComRequest
{
    internal override void Check()
    {
        WeComLimits.Needed(LinkName, "link_name");
        Range.Check();
        PriorityOption?.Check();
    }
}

/// <summary>What is null stays.</summary>
public sealed record UpdateLinkRequest(
    string LinkId, string? LinkName = null, AcquisitionRange? Range = null, bool? SkipVerify = null, PriorityOption? PriorityOption = null, bool? MarkSource = null)
    : WeComRequest
{
    internal override void Check()
    {
        Range?.Check();
        PriorityOption?.Check();
    }
}

/// <param name="LinkId">The link.</param>
/// <param name="Limit">1 to 1000.</param>
/// <param name="Cursor">As answered; null for the first page.</param>
public sealed record AcquiredCustomersRequest(string LinkId, int Limit = 1000, string? Cursor = null) : WeComRequest
{
    internal override void Check() => WeComLimits.Between(Limit, 1, 1000, "limit");
}

/// <summary>A page of customers.</summary>
public sealed record AcquiredCustomers : WireRecord
{
    public IReadOnlyList<AcquiredCustomer> CustomerList { get => field ?? []; init; }

    /// <summary>Null on the last page.</summary>
    public string? NextCursor { get; init; }
}

/// <param name="ExternalUserid">The customer.</param>
/// <param name="Userid">Who got him.</param>
/// <param name="ChatStatus">0 has not written, 1 has, 2 unknown.</param>
/// <param name="State">By which way he came.</param>
public sealed record AcquiredCustomer(string? ExternalUserid = null, string? Userid = null, int ChatStatus = 0, string? State = null) : WireRecord;

/// <summary>Customers that are paid for.</summary>
public sealed record AcquisitionQuota : WireRecord
{
    /// <summary>Used in all.</summary>
    public int Total { get; init; }

    /// <summary>Left.</summary>
    public int Balance { get; init; }

    public IReadOnlyList<ExpiringQuota> QuotaList { get => field ?? []; init; }
}

/// <param name="ExpireDate">The beginning of its last day, in Unix seconds.</param>
/// <param name="Balance">How many.</param>
public sealed record ExpiringQuota(long ExpireDate = 0, int Balance = 0) : WireRecord;

/// <param name="LinkId">The link.</param>
/// <param name="StartTime">The first day, of China.</param>
/// <param name="EndTime">The last day, at most 30 later.</param>
public sealed record AcquisitionStatisticRequest(string LinkId, DateOnly StartTime, DateOnly EndTime) : WeComRequest
{
    internal override void Check() => WeComLimits.Days(StartTime, EndTime, 30, "start_time to end_time");
}

/// <param name="ClickLinkCustomerCnt">Who clicked.</param>
/// <param name="NewCustomerCnt">Who came.</param>
public sealed record AcquisitionStatistic(int ClickLinkCustomerCnt = 0, int NewCustomerCnt = 0) : WireRecord;

internal sealed record AcquisitionChatKey(string ChatKey) : WeComRequest;

/// <summary>A customer who has written several times.</summary>
public sealed record AcquisitionChat : WireRecord
{
    public string? Userid { get; init; }

    public string? ExternalUserid { get; init; }

    public AcquisitionChatInfo? ChatInfo { get; init; }
}

/// <param name="RecvMsgCnt">How many messages.</param>
/// <param name="LinkId">The link by which he came.</param>
/// <param name="State">By which way.</param>
public sealed record AcquisitionChatInfo(int RecvMsgCnt = 0, string? LinkId = null, string? State = null) : WireRecord;
