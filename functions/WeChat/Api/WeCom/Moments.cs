using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>A text, and up to 9 pictures or 1 video or 1 link; not both empty.</summary>
/// <param name="Text">At most 2000 characters and 4000 bytes.</param>
/// <param name="Attachments">All of one kind.</param>
/// <param name="VisibleRange">Null: by all colleagues whom the application sees, for all their customers.</param>
public sealed record AddMomentTaskRequest(TextContent? Text = null, IReadOnlyList<MomentAttachment>? Attachments = null, VisibleRange? VisibleRange = null) : WeComRequest
{
    internal override void Check()
    {
        WeComLimits.Characters(Text?.Content, 2000, "text.content");
        WeComLimits.Bytes(Text?.Content, 4000, "text.content");
        WeComLimits.Rule(Text?.Content is { Length: > 0 } || Attachments is { Count: > 0 }, "WeCom needs a text or an attachment.", "text");
        WeComLimits.Count(VisibleRange?.SenderList?.UserList, 100_000, "sender_list.user_list");
        if (Attachments is not [var first, ..]) return;
        WeComLimits.Rule(first.Msgtype is "image" or "video" or "link", "WeCom takes image, video and link.", "attachments.msgtype");
        WeComLimits.Rule(Attachments.All(a => a.Msgtype == first.Msgtype), "WeCom takes attachments of 1 kind.", "attachments.msgtype");
        WeComLimits.Count(Attachments, first.Msgtype == "image" ? Attachment.Most : 1, $"attachments of {first.Msgtype}");
        WeComLimits.Bytes(first.Link?.Title, 64, "link.title");
    }
}

/// <summary>A picture, a video (30 s, 10 MB) or a link, by media ids of <c>media/upload_attachment</c>.</summary>
public sealed record MomentAttachment : WireRecord
{
    /// <summary>image, video or link.</summary>
    public required string Msgtype { get; init; }

    public MediaAttachment? Image { get; init; }

    public MediaAttachment? Video { get; init; }

    public MomentLink? Link { get; init; }

    public static MomentAttachment OfImage(string mediaId) => new() { Msgtype = "image", Image = new(mediaId) };

    public static MomentAttachment OfVideo(string mediaId) => new() { Msgtype = "video", Video = new(mediaId) };

    /// <param name="url">The address.</param>
    /// <param name="mediaId">The cover.</param>
    /// <param name="title">Up to 64 bytes.</param>
    public static MomentAttachment OfLink(string url, string mediaId, string? title = null) => new() { Msgtype = "link", Link = new(url, mediaId, title) };
}

/// <param name="Url">The address.</param>
/// <param name="MediaId">The cover.</param>
/// <param name="Title">Up to 64 bytes.</param>
public sealed record MomentLink(string? Url = null, string? MediaId = null, string? Title = null) : WireRecord;

/// <param name="SenderList">Who publishes it.</param>
/// <param name="ExternalContactList">Who sees it; null: everybody.</param>
public sealed record VisibleRange(MomentSenders? SenderList = null, MomentAudience? ExternalContactList = null) : WireRecord;

/// <param name="UserList">At most 100,000.</param>
/// <param name="DepartmentList">Departments.</param>
public sealed record MomentSenders(IReadOnlyList<string>? UserList = null, IReadOnlyList<int>? DepartmentList = null) : WireRecord;

/// <param name="TagList">The company's tags.</param>
public sealed record MomentAudience(IReadOnlyList<string>? TagList = null) : WireRecord;

/// <param name="Jobid">Good for 24 h.</param>
public sealed record MomentJob(string Jobid) : WireRecord;

/// <summary>How far a task is.</summary>
public sealed record MomentTaskResult : WireRecord
{
    /// <summary>1 begun, 2 going on, 3 done: then there is a result.</summary>
    public int Status { get; init; }

    public MomentTaskOutcome? Result { get; init; }
}

/// <summary>What became of a task.</summary>
public sealed record MomentTaskOutcome : WireRecord
{
    public int Errcode { get; init; }

    public string? MomentId { get; init; }

    /// <summary>Those who are not there, or whom the application does not see.</summary>
    public MomentSenders? InvalidSenderList { get; init; }

    public MomentAudience? InvalidExternalContactList { get; init; }
}

/// <param name="StartTime">Published since.</param>
/// <param name="EndTime">Published until; at most 30 days later.</param>
/// <param name="Creator">The userid.</param>
/// <param name="FilterType">0 by the company, 1 by colleagues, 2 both.</param>
/// <param name="Limit">1 to 20.</param>
/// <param name="Cursor">As answered; null for the first page.</param>
public sealed record MomentListRequest(
    DateTimeOffset StartTime, DateTimeOffset EndTime, string? Creator = null, int? FilterType = null, int Limit = 20, string? Cursor = null) : WeComRequest
{
    internal override void Check()
    {
        WeComLimits.Span(StartTime, EndTime, 30, "start_time to end_time");
        WeComLimits.Between(FilterType, 0, 2, "filter_type");
        WeComLimits.Between(Limit, 1, 20, "limit");
    }
}

/// <summary>A page of Moments.</summary>
public sealed record MomentList : WireRecord
{
    [JsonPropertyName("moment_list")]
    public IReadOnlyList<Moment> Moments { get => field ?? []; init; }

    /// <summary>Null on the last page.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>Something in the customers' Moments.</summary>
public sealed record Moment : WireRecord
{
    public required string MomentId { get; init; }

    /// <summary>Null for those made by the API.</summary>
    public string? Creator { get; init; }

    /// <summary>Unix seconds.</summary>
    public long CreateTime { get; init; }

    /// <summary>0 by the company, 1 by a colleague.</summary>
    public int CreateType { get; init; }

    /// <summary>0 for some, 1 for all.</summary>
    public int VisibleType { get; init; }

    public TextContent? Text { get; init; }

    public IReadOnlyList<MediaAttachment> Image { get => field ?? []; init; }

    public MomentVideo? Video { get; init; }

    public MomentLink? Link { get; init; }

    public MomentLocation? Location { get; init; }
}

public sealed record MomentVideo(string? MediaId = null, string? ThumbMediaId = null) : WireRecord;

public sealed record MomentLocation(double Latitude = 0, double Longitude = 0, string? Name = null) : WireRecord;
