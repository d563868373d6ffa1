namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>Days of China, both included. Colleagues, departments or both.</summary>
/// <param name="StartTime">The first day.</param>
/// <param name="EndTime">The last day, at most 30 later.</param>
/// <param name="Userid">At most 100; their figures are added.</param>
/// <param name="Partyid">At most 100.</param>
public sealed record UserBehaviorRequest(DateOnly StartTime, DateOnly EndTime, IReadOnlyList<string>? Userid = null, IReadOnlyList<int>? Partyid = null) : WeComRequest
{
    internal override void Check()
    {
        WeComLimits.Rule(Userid is { Count: > 0 } || Partyid is { Count: > 0 }, "WeCom needs a userid or a partyid.", "userid");
        WeComLimits.Count(Userid, 100, "userid");
        WeComLimits.Count(Partyid, 100, "partyid");
        WeComLimits.Days(StartTime, EndTime, 30, "start_time to end_time");
    }
}

/// <summary>A row a day.</summary>
public sealed record UserBehaviorData : WireRecord
{
    public IReadOnlyList<UserBehavior> BehaviorData { get => field ?? []; init; }
}

/// <summary>A day.</summary>
public sealed record UserBehavior : WireRecord
{
    /// <summary>Its beginning in China, in Unix seconds.</summary>
    public long StatTime { get; init; }

    /// <summary>Chats in which a colleague wrote.</summary>
    public int ChatCnt { get; init; }

    /// <summary>Messages of colleagues.</summary>
    public int MessageCnt { get; init; }

    /// <summary>Per cent of the chats begun by customers that were answered on that day; null if there were none.</summary>
    public double? ReplyPercentage { get; init; }

    /// <summary>Minutes to the first answer; null if there was none.</summary>
    public double? AvgReplyTime { get; init; }

    /// <summary>Customers who deleted or blocked a colleague.</summary>
    public int NegativeFeedbackCnt { get; init; }

    /// <summary>Requests to customers.</summary>
    public int NewApplyCnt { get; init; }

    /// <summary>New customers.</summary>
    public int NewContactCnt { get; init; }
}

/// <param name="DayBeginTime">The first day, of China.</param>
/// <param name="OwnerFilter">1 to 100 owners.</param>
/// <param name="DayEndTime">The last day, at most 30 later; null: that one day.</param>
/// <param name="OrderBy">1 new groups, 2 groups, 3 new members, 4 members.</param>
/// <param name="OrderAsc">1: upwards.</param>
/// <param name="Offset">Of the page.</param>
/// <param name="Limit">1 to 1000.</param>
public sealed record GroupChatStatisticRequest(
    DateOnly DayBeginTime, OwnerFilter OwnerFilter, DateOnly? DayEndTime = null, int? OrderBy = null, int? OrderAsc = null, int Offset = 0, int Limit = 1000)
    : WeComRequest
{
    internal override void Check()
    {
        OwnerFilter.Check();
        WeComLimits.Days(DayBeginTime, DayEndTime ?? DayBeginTime, 30, "day_begin_time to day_end_time");
        WeComLimits.Between(OrderBy, 1, 4, "order_by");
        WeComLimits.Between(Limit, 1, 1000, "limit");
    }
}

/// <summary>A page of owners. The last one is where the next offset is the total.</summary>
public sealed record GroupChatStatistic : WireRecord
{
    public int Total { get; init; }

    public int NextOffset { get; init; }

    public IReadOnlyList<OwnerStatistic> Items { get => field ?? []; init; }
}

/// <param name="Owner">The colleague.</param>
/// <param name="Data">His groups.</param>
public sealed record OwnerStatistic(string? Owner = null, GroupChatFigures? Data = null) : WireRecord;

/// <param name="DayBeginTime">The first day, of China.</param>
/// <param name="OwnerFilter">1 to 100 owners.</param>
/// <param name="DayEndTime">The last day, at most 30 later; null: that one day.</param>
public sealed record GroupChatStatisticByDayRequest(DateOnly DayBeginTime, OwnerFilter OwnerFilter, DateOnly? DayEndTime = null) : WeComRequest
{
    internal override void Check()
    {
        OwnerFilter.Check();
        WeComLimits.Days(DayBeginTime, DayEndTime ?? DayBeginTime, 30, "day_begin_time to day_end_time");
    }
}

/// <summary>A row a day.</summary>
public sealed record GroupChatStatisticByDay : WireRecord
{
    public IReadOnlyList<DayStatistic> Items { get => field ?? []; init; }
}

/// <param name="StatTime">Its beginning in China, in Unix seconds.</param>
/// <param name="Data">The groups.</param>
public sealed record DayStatistic(long StatTime = 0, GroupChatFigures? Data = null) : WireRecord;

/// <summary>Groups in figures; those without "new" are of the end of the day.</summary>
public sealed record GroupChatFigures : WireRecord
{
    public int NewChatCnt { get; init; }

    public int ChatTotal { get; init; }

    public int ChatHasMsg { get; init; }

    public int NewMemberCnt { get; init; }

    public int MemberTotal { get; init; }

    public int MemberHasMsg { get; init; }

    public int MsgTotal { get; init; }

    /// <summary>Of schools only.</summary>
    public int MigrateTraineeChatCnt { get; init; }
}
