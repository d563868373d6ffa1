namespace CrmServerless.WeChat.Api.WeCom;

/// <param name="MomentId">One that the company made.</param>
/// <param name="Limit">1 to 1000.</param>
/// <param name="Cursor">As answered; null for the first page.</param>
public sealed record MomentTaskRequest(string MomentId, int Limit = 1000, string? Cursor = null) : WeComRequest
{
    internal override void Check() => WeComLimits.Between(Limit, 1, 1000, "limit");
}

/// <summary>A page of colleagues.</summary>
public sealed record MomentTask : WireRecord
{
    public IReadOnlyList<MomentUserTask> TaskList { get => field ?? []; init; }

    /// <summary>Null on the last page.</summary>
    public string? NextCursor { get; init; }
}

/// <param name="Userid">The colleague.</param>
/// <param name="PublishStatus">0 not yet, 1 published.</param>
public sealed record MomentUserTask(string? Userid = null, int PublishStatus = 0) : WireRecord;

/// <param name="MomentId">The moment.</param>
/// <param name="Userid">Who published it.</param>
/// <param name="Limit">1 to 1000.</param>
/// <param name="Cursor">As answered; null for the first page.</param>
public sealed record MomentCustomersRequest(string MomentId, string Userid, int Limit = 1000, string? Cursor = null) : WeComRequest
{
    internal override void Check() => WeComLimits.Between(Limit, 1, 1000, "limit");
}

/// <param name="MomentId">The moment.</param>
/// <param name="Userid">Who published it.</param>
/// <param name="Limit">1 to 5000.</param>
/// <param name="Cursor">As answered; null for the first page.</param>
public sealed record MomentSendResultRequest(string MomentId, string Userid, int Limit = 5000, string? Cursor = null) : WeComRequest
{
    internal override void Check() => WeComLimits.Between(Limit, 1, 5000, "limit");
}

/// <summary>A page of customers.</summary>
public sealed record MomentCustomers : WireRecord
{
    public IReadOnlyList<MomentCustomer> CustomerList { get => field ?? []; init; }

    /// <summary>Null on the last page.</summary>
    public string? NextCursor { get; init; }
}

/// <param name="ExternalUserid">The customer.</param>
/// <param name="Userid">The colleague, where told.</param>
public sealed record MomentCustomer(string? ExternalUserid = null, string? Userid = null) : WireRecord;

internal sealed record MomentCommentsRequest(string MomentId, string Userid) : WeComRequest;

/// <summary>Who commented and who liked.</summary>
public sealed record MomentComments : WireRecord
{
    public IReadOnlyList<MomentReaction> CommentList { get => field ?? []; init; }

    public IReadOnlyList<MomentReaction> LikeList { get => field ?? []; init; }
}

/// <param name="ExternalUserid">The customer, or else</param>
/// <param name="Userid">the colleague.</param>
/// <param name="CreateTime">Unix seconds.</param>
public sealed record MomentReaction(string? ExternalUserid = null, string? Userid = null, long CreateTime = 0) : WireRecord;
