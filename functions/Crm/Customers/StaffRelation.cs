using System.Text.Json.Serialization;

namespace CrmServerless.Crm.Customers;

/// <summary>One member of staff and this customer, in WeCom.</summary>
public sealed record StaffRelation
{
    /// <summary>Userid, at most 64 characters.</summary>
    public required string StaffId { get; init; }

    public required StaffState State { get; init; }

    /// <summary>The event that made the state so, by WeCom's clock.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The latest event that only somebody who has the customer can cause, where that is later.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>Has the customer now.</summary>
    [JsonIgnore]
    public bool Has => State is StaffState.Added or StaffState.HalfAdded or StaffState.Seen;
}

[JsonConverter(typeof(LowerCaseEnum<StaffState>))]
public enum StaffState
{
    /// <summary>Each has the other.</summary>
    Added,

    /// <summary>The customer added a member of staff who has not confirmed yet.</summary>
    [JsonStringEnumMemberName("half_added")]
    HalfAdded,

    /// <summary>Has the customer, as later events tell; the add itself is on its way or was lost.</summary>
    Seen,

    /// <summary>The customer deleted the member of staff.</summary>
    Lost,

    /// <summary>The member of staff deleted the customer.</summary>
    Deleted,

    /// <summary>The customer was handed over to a colleague.</summary>
    Transferred,
}

/// <param name="StaffId">Who was to take the customer over.</param>
/// <param name="Reason">customer_refused or customer_limit_exceed.</param>
/// <param name="At">When it failed.</param>
public sealed record FailedTransfer(string StaffId, string? Reason, DateTimeOffset At);
