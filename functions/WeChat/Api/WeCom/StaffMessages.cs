using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>Colleagues, departments and tags of the address book; not all empty.</summary>
/// <param name="Users">At most 1000 userids.</param>
/// <param name="Parties">At most 100 departments.</param>
/// <param name="Tags">At most 100 tags.</param>
public sealed record StaffRecipients(IReadOnlyList<string>? Users = null, IReadOnlyList<int>? Parties = null, IReadOnlyList<int>? Tags = null) : WireRecord
{
    /// <summary>Everybody whom the application sees.</summary>
    public static StaffRecipients All { get; } = new(["@all"]);

    internal void Check()
    {
        WeComLimits.Rule(Users is { Count: > 0 } || Parties is { Count: > 0 } || Tags is { Count: > 0 }, "WeCom needs a touser, a toparty or a totag.", "touser");
        WeComLimits.Count(Users, 1000, "touser");
        WeComLimits.Count(Parties, 100, "toparty");
        WeComLimits.Count(Tags, 100, "totag");
        WeComLimits.Rule(Users?.Any(user => user.Contains('|', StringComparison.Ordinal)) != true, "A userid has no bar in it.", "touser");
    }
}

/// <param name="Safe">It cannot be passed on, and shows a watermark; not of markdown, text cards and news.</param>
/// <param name="IdTranslation">WeCom puts names for ids in the text.</param>
/// <param name="DuplicateCheck">The same message again within this time, of at most 4 h, is not shown again.</param>
public sealed record StaffSendOptions(bool Safe = false, bool IdTranslation = false, TimeSpan? DuplicateCheck = null);

/// <summary>A message to colleagues.</summary>
public abstract record StaffMessage : WireRecord;

/// <summary>A text of up to 2048 bytes. WeCom cuts a longer one silently; we do it between characters and with an ellipsis.</summary>
public sealed record StaffText(string Content) : StaffMessage;

/// <summary>A part of Markdown, up to 2048 bytes; shown in WeCom only. A longer one is refused, since cutting might break it.</summary>
public sealed record StaffMarkdown(string Content) : StaffMessage;

/// <param name="Title">128 characters; longer ones are cut.</param>
/// <param name="Description">512 characters; longer ones are cut. Some HTML.</param>
/// <param name="Url">At most 2048 bytes.</param>
/// <param name="Button">At most 4 characters; 详情 where not set.</param>
public sealed record StaffTextCard(string Title, string Description, string Url, string? Button = null) : StaffMessage;

/// <summary>1 to 8 articles.</summary>
public sealed record StaffNews(IReadOnlyList<StaffArticle> Articles) : StaffMessage;

/// <param name="Title">128 characters; longer ones are cut.</param>
/// <param name="Description">512 characters; longer ones are cut.</param>
/// <param name="Url">At most 2048 bytes.</param>
/// <param name="Picurl">JPG or PNG, best 1068 x 455.</param>
public sealed record StaffArticle(string Title, string? Description, string Url, string? Picurl = null) : WireRecord;

public sealed record StaffImage(string MediaId) : StaffMessage;

public sealed record StaffVoice(string MediaId) : StaffMessage;

/// <param name="MediaId">The video.</param>
/// <param name="Title">128 bytes; longer ones are cut.</param>
/// <param name="Description">512 bytes; longer ones are cut.</param>
public sealed record StaffVideo(string MediaId, string? Title = null, string? Description = null) : StaffMessage;

public sealed record StaffFile(string MediaId) : StaffMessage;

/// <summary>A card of the kind text_notice. It leads to one address; its rows are shown one below the other.</summary>
public sealed record StaffNotice(string Title, string Url) : StaffMessage
{
    /// <summary>Below the title.</summary>
    public string? Description { get; init; }

    /// <summary>Who says it, above the title.</summary>
    public string? Source { get; init; }

    /// <summary>A figure in large type, and what it is.</summary>
    public (string Title, string? Description)? Emphasis { get; init; }

    /// <summary>The text.</summary>
    public string? Text { get; init; }

    /// <summary>A quotation.</summary>
    public string? Quote { get; init; }

    /// <summary>At most 6.</summary>
    public IReadOnlyList<(string Name, string Value)> Rows { get; init; } = [];

    /// <summary>At most 3 addresses below the text.</summary>
    public IReadOnlyList<(string Title, string Url)> Jumps { get; init; } = [];

    /// <summary>At most 128 bytes of digits, letters and <c>_-@</c>; another one for every card of the application.</summary>
    public string? TaskId { get; init; }
}

/// <summary>A message that was taken; and whom it does not reach, in small letters.</summary>
public sealed record MessageSend : WireRecord
{
    /// <summary>For recalling it.</summary>
    public string? Msgid { get; init; }

    [JsonConverter(typeof(Barred))]
    public IReadOnlyList<string> Invaliduser { get => field ?? []; init; }

    [JsonConverter(typeof(Barred))]
    public IReadOnlyList<string> Invalidparty { get => field ?? []; init; }

    [JsonConverter(typeof(Barred))]
    public IReadOnlyList<string> Invalidtag { get => field ?? []; init; }

    /// <summary>The company has no licence for them.</summary>
    [JsonConverter(typeof(Barred))]
    public IReadOnlyList<string> Unlicenseduser { get => field ?? []; init; }

    /// <summary>For changing a card: 72 h, once.</summary>
    public string? ResponseCode { get; init; }

    /// <summary>Everybody gets it.</summary>
    [JsonIgnore]
    public bool Complete => Invaliduser.Count == 0 && Invalidparty.Count == 0 && Invalidtag.Count == 0 && Unlicenseduser.Count == 0;
}
