using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Tags;

namespace CrmServerless.Crm.Api;

/// <summary>The customer as the ops API shows it: without the bookkeeping of delivery.</summary>
public sealed record CustomerView
{
    public required string Key { get; init; }

    public required string Account { get; init; }

    public required string Openid { get; init; }

    public required bool Subscribed { get; init; }

    public DateTimeOffset? SubscribedAt { get; init; }

    public DateTimeOffset? UnsubscribedAt { get; init; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    public required string Stage { get; init; }

    /// <summary>Scene of the first follow; WeCom: state of the first add.</summary>
    public string? Source { get; init; }

    /// <summary>WeCom: who has this customer or had him.</summary>
    public IReadOnlyList<StaffRelation>? Staff { get; init; }

    /// <summary>WeCom: the latest handing over that failed.</summary>
    public FailedTransfer? FailedTransfer { get; init; }

    public required IReadOnlyList<CustomerTag> Tags { get; init; }

    /// <summary>What WeChat knows of the tags; only where one customer is asked for.</summary>
    public IReadOnlyList<CarriedTag>? Carried { get; init; }

    public required CounterView Counters { get; init; }

    public required WindowView Window { get; init; }

    public LastLocation? Location { get; init; }

    public required long Version { get; init; }

    public static CustomerView Of(Customer customer, DateTimeOffset now) => new()
    {
        Key = customer.Key, Account = Keys.Account(customer.Key), Openid = Keys.OpenId(customer.Key),
        Subscribed = customer.Subscribed, SubscribedAt = customer.SubscribedAt, UnsubscribedAt = customer.UnsubscribedAt,
        FirstSeenAt = customer.FirstSeenAt, LastSeenAt = customer.LastSeenAt, Stage = customer.Stage, Source = customer.Source,
        Tags = customer.Tags, Counters = new CounterView(customer.In, customer.Out), Window = WindowView.Of(customer.Window, now),
        Location = customer.Location, Version = customer.Version,
        Staff = customer.Staff.Count > 0 ? customer.Staff : null, FailedTransfer = customer.FailedTransfer,
    };
}

/// <param name="In">Events by kind.</param>
/// <param name="Out">Answers by outcome.</param>
public sealed record CounterView(IReadOnlyDictionary<string, long> In, IReadOnlyDictionary<string, long> Out);

/// <summary>What may still be sent; a closed window is absent.</summary>
public sealed record WindowView(int? MessageLeft, DateTimeOffset? MessageUntil, int? EventLeft, DateTimeOffset? EventUntil)
{
    public static WindowView Of(ReplyWindow window, DateTimeOffset now)
    {
        var (message, byEvent) = (window.MessageOpen(now), window.EventOpen(now));
        return new WindowView(
            message ? window.Left(Grant.Message) : null, message ? window.MessageAt + ReplyWindow.MessageSpan : null,
            byEvent ? window.Left(Grant.Event) : null, byEvent ? window.EventAt + ReplyWindow.EventDeadline : null);
    }
}
