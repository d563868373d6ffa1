namespace CrmServerless.WeChat.Api.WeCom;

/// <param name="HandoverUserid">Whose customers they are.</param>
/// <param name="TakeoverUserid">Whose they will be.</param>
/// <param name="ExternalUserid">1 to 100.</param>
/// <param name="TransferSuccessMsg">What the customers are told, at most 200 characters; WeCom has a text of its own.</param>
public sealed record TransferCustomerRequest(
    string HandoverUserid, string TakeoverUserid, IReadOnlyList<string> ExternalUserid, string? TransferSuccessMsg = null) : WeComRequest
{
    internal override void Check()
    {
        WeComLimits.Needed(ExternalUserid, "external_userid");
        WeComLimits.Count(ExternalUserid, 100, "external_userid");
        WeComLimits.Characters(TransferSuccessMsg, 200, "transfer_success_msg");
    }
}

/// <param name="HandoverUserid">Who has left.</param>
/// <param name="TakeoverUserid">Whose they will be.</param>
/// <param name="ExternalUserid">1 to 100.</param>
public sealed record ResignedTransferCustomerRequest(string HandoverUserid, string TakeoverUserid, IReadOnlyList<string> ExternalUserid) : WeComRequest
{
    internal override void Check()
    {
        WeComLimits.Needed(ExternalUserid, "external_userid");
        WeComLimits.Count(ExternalUserid, 100, "external_userid");
    }
}

/// <summary>What became of each customer at once.</summary>
public sealed record CustomerTransfer : WireRecord
{
    public IReadOnlyList<TransferredCustomer> Customer { get => field ?? []; init; }
}

/// <param name="ExternalUserid">The customer.</param>
/// <param name="Errcode">0: begun. 40096 to 40100: why not.</param>
public sealed record TransferredCustomer(string? ExternalUserid = null, int Errcode = 0) : WireRecord;

/// <param name="HandoverUserid">Whose customers they were.</param>
/// <param name="TakeoverUserid">Whose they are to be.</param>
/// <param name="Cursor">As answered; null for the first page.</param>
public sealed record TransferResultRequest(string HandoverUserid, string TakeoverUserid, string? Cursor = null) : WeComRequest;

/// <summary>A page of customers and how far they are.</summary>
public sealed record CustomerTransferResult : WireRecord
{
    public IReadOnlyList<CustomerTransferState> Customer { get => field ?? []; init; }

    /// <summary>Null on the last page.</summary>
    public string? NextCursor { get; init; }
}

/// <param name="ExternalUserid">The customer.</param>
/// <param name="Status">1 done, 2 waiting, 3 refused by the customer, 4 the colleague has too many, 5 none (of colleagues who stay).</param>
/// <param name="TakeoverTime">Unix seconds; in the future while waiting.</param>
public sealed record CustomerTransferState(string? ExternalUserid = null, int Status = 0, long TakeoverTime = 0) : WireRecord;

/// <summary>By page number up to 50,000 customers, beyond that by cursor.</summary>
/// <param name="PageId">From 0; not with a cursor.</param>
/// <param name="PageSize">1 to 1000.</param>
/// <param name="Cursor">As answered.</param>
public sealed record UnassignedListRequest(int? PageId = null, int PageSize = 1000, string? Cursor = null) : WeComRequest
{
    internal override void Check()
    {
        WeComLimits.Between(PageSize, 1, 1000, "page_size");
        WeComLimits.Between((long?)PageId * PageSize, 0, 49_999, "page_id * page_size");
        WeComLimits.Rule(PageId is null || string.IsNullOrEmpty(Cursor), "WeCom takes a page_id or a cursor.", "page_id");
    }
}

/// <summary>A page of customers without a colleague.</summary>
public sealed record UnassignedList : WireRecord
{
    public IReadOnlyList<UnassignedCustomer> Info { get => field ?? []; init; }

    public bool IsLast { get; init; }

    /// <summary>Null on the last page, and where the page was asked for by its number.</summary>
    public string? NextCursor { get; init; }
}

/// <param name="HandoverUserid">Who has left.</param>
/// <param name="ExternalUserid">The customer.</param>
/// <param name="DimissionTime">When, in Unix seconds.</param>
public sealed record UnassignedCustomer(string? HandoverUserid = null, string? ExternalUserid = null, long DimissionTime = 0) : WireRecord;
