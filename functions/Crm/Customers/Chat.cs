namespace CrmServerless.Crm.Customers;

/// <summary>A customer group (客户群), as far as its callbacks tell: who is in it only WeCom knows.</summary>
public sealed record Chat
{
    public required string Key { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? DismissedAt { get; init; }

    /// <summary>How many have joined since we listen.</summary>
    public long Joined { get; init; }

    /// <summary>How many have left since we listen.</summary>
    public long Left { get; init; }

    /// <summary>The membership after the latest change: an opaque text.</summary>
    public string? MemVer { get; init; }

    /// <summary>When that was, by WeCom's clock.</summary>
    public DateTimeOffset? MemVerAt { get; init; }

    /// <summary>Changes that have not arrived, oldest first; at most <see cref="ChatRules.MaxGaps"/>.</summary>
    public IReadOnlyList<ChatGap> Gaps { get; set; } = [];

    /// <summary>Changes that came late and touch neither end of a gap yet; at most <see cref="ChatRules.MaxGaps"/>.</summary>
    public IReadOnlyList<ChatLink> Loose { get; set; } = [];

    /// <summary>The last <see cref="HandledFact.Kept"/> facts that were committed here, oldest first.</summary>
    public IReadOnlyList<HandledFact> Handled { get; set; } = [];

    /// <summary>The greatest time of a fact that was ever pushed out of <see cref="Handled"/>.</summary>
    public DateTimeOffset? HandledUpTo { get; init; }
}

/// <summary>One change of a group's members.</summary>
/// <param name="Last">The membership before it.</param>
/// <param name="Current">The membership after it.</param>
public sealed record ChatLink(string Last, string Current);

/// <summary>At least one callback of a group is on its way or was lost: its members have to be read from WeCom.</summary>
/// <param name="Expected">The membership that we knew.</param>
/// <param name="Got">The membership before the change that arrived.</param>
/// <param name="By">Mark of the fact that showed it.</param>
public sealed record ChatGap(string Expected, string Got, string By);
