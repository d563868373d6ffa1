namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>A card of the kind text_notice on the wire. Rule: developer.work.weixin.qq.com/document/path/90236.</summary>
internal sealed record WireNotice(string CardType, WireCardTitle MainTitle, WireCardAction CardAction) : WireRecord
{
    public WireCardSource? Source { get; init; }

    public WireCardTitle? EmphasisContent { get; init; }

    public string? SubTitleText { get; init; }

    public WireCardQuote? QuoteArea { get; init; }

    public IReadOnlyList<WireCardRow>? HorizontalContentList { get; init; }

    public IReadOnlyList<WireCardJump>? JumpList { get; init; }

    public string? TaskId { get; init; }

    public static WireNotice Of(StaffNotice notice)
    {
        WeComLimits.Needed(notice.Title, "template_card.main_title");
        WeComLimits.Needed(notice.Url, "template_card.card_action");
        WeComLimits.Count(notice.Rows, 6, "template_card.horizontal_content_list");
        WeComLimits.Count(notice.Jumps, 3, "template_card.jump_list");
        WeComLimits.Bytes(notice.TaskId, 128, "template_card.task_id");
        return new("text_notice", new(notice.Title, notice.Description), new(1, notice.Url))
        {
            Source = notice.Source is { } source ? new(source) : null,
            EmphasisContent = notice.Emphasis is var (title, what) ? new(title, what) : null,
            SubTitleText = notice.Text,
            QuoteArea = notice.Quote is { } quote ? new(0, quote) : null,
            HorizontalContentList = notice.Rows.Count == 0 ? null : [.. notice.Rows.Select(row => new WireCardRow(row.Name, row.Value))],
            JumpList = notice.Jumps.Count == 0 ? null : [.. notice.Jumps.Select(jump => new WireCardJump(1, jump.Title, jump.Url))],
            TaskId = notice.TaskId,
        };
    }
}

internal sealed record WireCardTitle(string Title, string? Desc) : WireRecord;

/// <param name="Type">1: an address.</param>
/// <param name="Url">The address.</param>
internal sealed record WireCardAction(int Type, string Url) : WireRecord;

internal sealed record WireCardSource(string Desc) : WireRecord;

/// <param name="Type">0: leads nowhere.</param>
/// <param name="QuoteText">The quotation.</param>
internal sealed record WireCardQuote(int Type, string QuoteText) : WireRecord;

internal sealed record WireCardRow(string Keyname, string Value) : WireRecord;

/// <param name="Type">1: an address.</param>
/// <param name="Title">Shown.</param>
/// <param name="Url">The address.</param>
internal sealed record WireCardJump(int Type, string Title, string Url) : WireRecord;
