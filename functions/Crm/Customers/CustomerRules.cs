using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Replies;
using CrmServerless.Crm.Rules;
using CrmServerless.Crm.Tags;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.Crm.Customers;

/// <summary>A fact that a decision asks to be published with the commit.</summary>
public sealed record NewFact(string Subject, System.Text.Json.JsonElement Data);

/// <param name="Next">The customer after the fact.</param>
/// <param name="Outbox">Facts that follow from the state.</param>
public sealed record CustomerDecision(Customer Next, IReadOnlyList<NewFact> Outbox);

/// <summary>What a fact does to a customer file. Pure.</summary>
public static class CustomerRules
{
    private const int MaxText = 128;

    /// <param name="before">The file; null for somebody new.</param>
    /// <param name="fact">EventReceived or ReplySent.</param>
    /// <param name="rules">The tag rules in force.</param>
    /// <param name="statsId">The random id that a new file gets.</param>
    public static CustomerDecision Decide(
        Customer? before, Envelope fact, IReadOnlyList<ReadyRule<TagAction>> rules, string statsId)
    {
        return fact.Subject switch
        {
            Subjects.EventReceived => Receive(before, fact, rules, statsId),
            Subjects.ReplySent => new CustomerDecision(Answered(before ?? New(fact.Key, statsId, fact.OccurredAt), fact), []),
            _ => throw new InvalidOperationException($"The customer stage does not take {fact.Subject}."),
        };
    }

    private static Customer New(string key, string statsId, DateTimeOffset at) =>
        new() { Key = key, StatsId = statsId, FirstSeenAt = at, LastSeenAt = at };

    private static CustomerDecision Receive(Customer? before, Envelope fact, IReadOnlyList<ReadyRule<TagAction>> rules, string statsId)
    {
        var received = fact.Read(CrmJson.Types.EventReceived);
        // One event of the year 5138 would keep the window open and the unsubscribe out for ever.
        var at = received.CountedAt ?? fact.OccurredAt;
        var customer = before ?? New(fact.Key, statsId, at);
        var acted = Acts.OfCustomer(received.Kind);
        var next = (StaffRules.Concerns(received.Kind) ? StaffRules.Follow(customer, received, at) : Follow(customer, received, at)) with
        {
            FirstSeenAt = at < customer.FirstSeenAt ? at : customer.FirstSeenAt,
            LastSeenAt = LastSeen(customer, acted, at),
            In = Increment(customer.In, received.Kind),
            Activity = acted ? customer.Activity.Add(received.Kind, Shanghai.Day(at)) : customer.Activity,
            Window = customer.Window.After(received.Kind, at),
            Location = Locate(customer, received, at),
        };
        next = next with
        {
            // What was done before the latest follow makes nobody active after it.
            Stage = Lifecycle.After(
                customer.Stage, next.Subscribed, next.UnsubscribedAt is not null, Interacts(received.Kind) && !(at < next.SubscribedAt)),
        };
        var (taggedCustomer, tagged) = TagRules.Decide(next, RuleInput.Of(fact, received, next.Snapshot()), rules);
        var outbox = tagged.Select(t => NewFacts.Of(Subjects.CustomerTagged, t, CrmJson.Types.CustomerTagged)).ToList();
        if (next.Stage != customer.Stage)
            outbox.Add(NewFacts.Of(Subjects.LifecycleChanged, new LifecycleChanged(customer.Stage, next.Stage), CrmJson.Types.LifecycleChanged));
        // What this event's rules give goes to all who have the customer; what he had before, to who is new.
        if (customer.Tags.Count > 0 && StaffRules.Gained(customer, next) is { } staff)
            outbox.Add(NewFacts.Of(Subjects.CustomerShared, new CustomerShared(staff), CrmJson.Types.CustomerShared));
        return new CustomerDecision(taggedCustomer, outbox);
    }

    // WeChat's times decide, not the order of arrival: a subscribe that arrives after a later unsubscribe changes nothing
    // but the record of when it was. Of two in one second the one that arrives later counts, and nothing older than both.
    private static Customer Follow(Customer customer, EventReceived received, DateTimeOffset at)
    {
        var next = received.Kind switch
        {
            Kinds.Subscribe => customer with
            {
                SubscribedAt = Later(customer.SubscribedAt, at), FollowingSeenAt = Later(customer.FollowingSeenAt, at),
                Source = customer.SubscribedAt is null ? Short(received.Scene) : customer.Source,
            },
            Kinds.Unsubscribe => customer with { UnsubscribedAt = Later(customer.UnsubscribedAt, at) },
            _ when Follows(received.Kind) => customer with { FollowingSeenAt = Later(customer.FollowingSeenAt, at) },
            _ => customer,
        };
        var subscribed = (next.FollowingSeenAt, next.UnsubscribedAt) switch
        {
            (null, _) => false,
            (_, null) => true,
            var (following, gone) when following != gone => following > gone,
            var (following, _) when at != following => customer.Subscribed,
            _ => received.Kind != Kinds.Unsubscribe && (customer.Subscribed || Follows(received.Kind)),
        };
        return next with { Subscribed = subscribed };
    }

    private static Customer Answered(Customer customer, Envelope fact)
    {
        var sent = fact.Read(CrmJson.Types.ReplySent);
        return customer with { Out = Increment(customer.Out, sent.Outcome.ToString().ToLowerInvariant()) };
    }

    // What others tell of a customer counts only until there is an act, whichever arrives first.
    private static DateTimeOffset LastSeen(Customer customer, bool acted, DateTimeOffset at) =>
        (acted, customer.Activity.Pairs.Count > 0) switch
        {
            (true, false) => at,
            (false, true) => customer.LastSeenAt,
            _ => Later(customer.LastSeenAt, at),
        };

    private static LastLocation? Locate(Customer customer, EventReceived received, DateTimeOffset at) =>
        received.Location is { } point && !(customer.Location?.At > at)
            ? new LastLocation(point.Latitude, point.Longitude, Short(received.Text), at)
            : customer.Location;

    private static bool Follows(string kind) => kind == Kinds.Subscribe || OnlyFollowers(kind);

    private static bool OnlyFollowers(string kind) =>
        ReplyWindow.OpensMessages(kind) || kind == Kinds.Scan || kind == Kinds.LocationReport
        || kind.StartsWith("oa.menu.", StringComparison.Ordinal);

    private static bool Interacts(string kind) =>
        (OnlyFollowers(kind) && kind != Kinds.LocationReport) || StaffRules.Interacts(kind);

    internal static DateTimeOffset Later(DateTimeOffset? known, DateTimeOffset at) => known > at ? known.Value : at;

    // The file stays small whatever a callback carries; the timeline keeps it whole.
    internal static string? Short(string? text, int max = MaxText) =>
        text is null || text.Length <= max ? text : text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];

    private static Dictionary<string, long> Increment(IReadOnlyDictionary<string, long> counters, string name)
    {
        var next = new Dictionary<string, long>(counters, StringComparer.Ordinal);
        next[name] = next.GetValueOrDefault(name) + 1;
        return next;
    }
}
