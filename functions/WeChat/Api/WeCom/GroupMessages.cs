using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>A text and up to 9 attachments, not both empty; to customers (named, by tags, or all of the sender) or to groups.</summary>
public sealed record AddMsgTemplateRequest : WeComRequest
{
    /// <summary>single: customers. group: groups; the sender is needed then.</summary>
    public string ChatType { get; init; } = "single";

    /// <summary>At most 10,000.</summary>
    public IReadOnlyList<string>? ExternalUserid { get; init; }

    /// <summary>At most 2000 groups; without them the sender chooses.</summary>
    public IReadOnlyList<string>? ChatIdList { get; init; }

    public TagFilter? TagFilter { get; init; }

    /// <summary>The colleague.</summary>
    public string? Sender { get; init; }

    /// <summary>The colleague may still take customers off the list.</summary>
    public bool? AllowSelect { get; init; }

    public TextContent? Text { get; init; }

    public IReadOnlyList<Attachment>? Attachments { get; init; }

    internal override void Check()
    {
        WeComLimits.Rule(ChatType is "single" or "group", "WeCom takes single and group as chat_type.", "chat_type");
        WeComLimits.Count(ExternalUserid, 10_000, "external_userid");
        WeComLimits.Count(ChatIdList, 2_000, "chat_id_list");
        WeComLimits.Rule(
            ChatType == "group" || ExternalUserid is { Count: > 0 } || TagFilter is not null || Sender is not null, "WeCom needs an external_userid, a tag or a sender.", "external_userid");
        WeComLimits.Rule(ChatType == "single" || Sender is not null, "WeCom needs a sender for groups.", "sender");
        foreach (var group in TagFilter?.GroupList ?? []) WeComLimits.Count(group.TagList, 100, "tag_filter.group_list.tag_list");
        Attachment.Check(Text, Attachments);
    }
}

/// <param name="GroupList">All of them must fit.</param>
public sealed record TagFilter(IReadOnlyList<TagAlternatives> GroupList) : WireRecord;

/// <param name="TagList">One of them must fit; of one group of tags, at most 100.</param>
public sealed record TagAlternatives(IReadOnlyList<string> TagList) : WireRecord;

/// <summary>A message to many that waits for the colleagues.</summary>
public sealed record AddedMsgTemplate : WireRecord
{
    public required string Msgid { get; init; }

    /// <summary>Customers who cannot get it.</summary>
    public IReadOnlyList<string> FailList { get => field ?? []; init; }
}

/// <param name="ChatType">single or group.</param>
/// <param name="StartTime">Made since.</param>
/// <param name="EndTime">Made until; at most a month later.</param>
/// <param name="Creator">The userid.</param>
/// <param name="FilterType">0 by the company, 1 by colleagues, 2 both.</param>
/// <param name="Limit">1 to 100.</param>
/// <param name="Cursor">As answered; null for the first page.</param>
public sealed record GroupMsgListRequest(
    string ChatType, DateTimeOffset StartTime, DateTimeOffset EndTime, string? Creator = null, int? FilterType = null, int Limit = 100, string? Cursor = null)
    : WeComRequest
{
    internal override void Check()
    {
        WeComLimits.Rule(ChatType is "single" or "group", "WeCom takes single and group as chat_type.", "chat_type");
        WeComLimits.Span(StartTime, EndTime, 31, "start_time to end_time");
        WeComLimits.Between(FilterType, 0, 2, "filter_type");
        WeComLimits.Between(Limit, 1, 100, "limit");
    }
}

/// <summary>A page of messages to many.</summary>
public sealed record GroupMsgList : WireRecord
{
    [JsonPropertyName("group_msg_list")]
    public IReadOnlyList<GroupMsg> Messages { get => field ?? []; init; }

    /// <summary>Null on the last page.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>A message to many.</summary>
public sealed record GroupMsg : WireRecord
{
    public required string Msgid { get; init; }

    /// <summary>Null for those made by the API.</summary>
    public string? Creator { get; init; }

    /// <summary>Unix seconds.</summary>
    public long CreateTime { get; init; }

    /// <summary>0 by the company, 1 by a colleague.</summary>
    public int CreateType { get; init; }

    public TextContent? Text { get; init; }

    public IReadOnlyList<Attachment> Attachments { get => field ?? []; init; }
}

/// <param name="Msgid">The message.</param>
/// <param name="Limit">1 to 1000.</param>
/// <param name="Cursor">As answered; null for the first page.</param>
public sealed record GroupMsgTaskRequest(string Msgid, int Limit = 1000, string? Cursor = null) : WeComRequest
{
    internal override void Check() => WeComLimits.Between(Limit, 1, 1000, "limit");
}

/// <summary>A page of colleagues.</summary>
public sealed record GroupMsgTask : WireRecord
{
    public IReadOnlyList<GroupMsgUserTask> TaskList { get => field ?? []; init; }

    /// <summary>Null on the last page.</summary>
    public string? NextCursor { get; init; }
}

/// <param name="Userid">The colleague.</param>
/// <param name="Status">0 not yet, 2 sent.</param>
/// <param name="SendTime">Unix seconds; 0 if not sent.</param>
public sealed record GroupMsgUserTask(string? Userid = null, int Status = 0, long SendTime = 0) : WireRecord;

/// <param name="Msgid">The message.</param>
/// <param name="Userid">The colleague.</param>
/// <param name="Limit">1 to 1000.</param>
/// <param name="Cursor">As answered; null for the first page.</param>
public sealed record GroupMsgSendResultRequest(string Msgid, string Userid, int Limit = 1000, string? Cursor = null) : WeComRequest
{
    internal override void Check() => WeComLimits.Between(Limit, 1, 1000, "limit");
}

/// <summary>A page of customers or groups.</summary>
public sealed record GroupMsgSendResult : WireRecord
{
    public IReadOnlyList<GroupMsgSend> SendList { get => field ?? []; init; }

    /// <summary>Null on the last page.</summary>
    public string? NextCursor { get; init; }
}

/// <param name="ExternalUserid">The customer; null for a group.</param>
/// <param name="ChatId">The group; null for a customer.</param>
/// <param name="Userid">The colleague.</param>
/// <param name="Status">0 not sent, 1 sent, 2 no longer a customer, 3 has had too many.</param>
/// <param name="SendTime">Unix seconds; 0 if not sent.</param>
public sealed record GroupMsgSend(string? ExternalUserid = null, string? ChatId = null, string? Userid = null, int Status = 0, long SendTime = 0) : WireRecord;

internal sealed record GroupMsgId(string Msgid) : WeComRequest;
