using System.Text.Json.Serialization;

namespace CrmServerless.Crm.Replies;

/// <summary>A pull-marketing answer went out, or why it did not.</summary>
public sealed record ReplySent
{
    public required string RuleId { get; init; }

    public required int RuleVersion { get; init; }

    public required SendOutcome Outcome { get; init; }

    /// <summary>One of <see cref="ReplyAction.Type"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The text, or the title of the article.</summary>
    public string? Text { get; init; }

    /// <summary>True if it went out in the response to the callback; null if by the customer-service interface.</summary>
    public bool? Passive { get; init; }

    /// <summary>WeChat's errcode of a refusal, or of what it was skipped for.</summary>
    public int? Code { get; init; }

    /// <summary>Why it was skipped, one of <see cref="Customers.SkipReasons"/>.</summary>
    public string? Reason { get; init; }
}

[JsonConverter(typeof(LowerCaseEnum<SendOutcome>))]
public enum SendOutcome
{
    /// <summary>WeChat took it.</summary>
    Sent,

    /// <summary>We did not try, for a reason.</summary>
    Skipped,

    /// <summary>WeChat refused it.</summary>
    Refused,

    /// <summary>It may or may not have arrived; a marketing answer is not tried again.</summary>
    Unknown,
}
