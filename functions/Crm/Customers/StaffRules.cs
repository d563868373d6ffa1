using CrmServerless.Crm.Receive;
using CrmServerless.WeChat.Callbacks.WeCom;

namespace CrmServerless.Crm.Customers;

/// <summary>
/// Which members of staff have a WeCom customer. He counts as following while one of them has him, and as lost when all have lost
/// him. WeCom may send events late, twice or never, so their times decide and not their order of arrival. Pure.
/// </summary>
public static class StaffRules
{
    /// <summary>
    /// Relations in a file, which stays small. Of more, those that are over go first, then the oldest: a customer whom more
    /// colleagues have at once is known by the latest.
    /// </summary>
    public const int MaxStaff = 20;

    private const int MaxUserId = 64;
    private const string StartedChat = WeComKinds.Acquisition + "customer_start_chat";
    private const string LostByLink = WeComKinds.Acquisition + "del_follow_user";

    /// <summary>True for the kinds that these rules decide on.</summary>
    public static bool Concerns(string kind) => kind.StartsWith(WeComKinds.Channel, StringComparison.Ordinal);

    /// <summary>True for what is the customer's own doing beyond being added.</summary>
    public static bool Interacts(string kind) => kind is StartedChat or WeComKinds.Acquisition + "message_from_customer";

    public static Customer Follow(Customer customer, EventReceived received, DateTimeOffset at)
    {
        // Without a member of staff there is no relation to speak of.
        if (CustomerRules.Short(received.StaffId, MaxUserId) is not { } staff) return customer;
        var next = received.Kind switch
        {
            WeComKinds.CustomerAdded => Add(customer, staff, StaffState.Added, received.State, at),
            WeComKinds.CustomerHalfAdded => Add(customer, staff, StaffState.HalfAdded, received.State, at),
            WeComKinds.CustomerLost or LostByLink => End(customer, staff, StaffState.Lost, at),
            WeComKinds.CustomerDeleted => End(
                customer, staff, received.Reason == "DELETE_BY_TRANSFER" ? StaffState.Transferred : StaffState.Deleted, at),
            WeComKinds.CustomerEdited or WeComKinds.ArchiveApproved or StartedChat => See(customer, staff, at),
            WeComKinds.TransferFailed when !(customer.FailedTransfer?.At > at) =>
                customer with { FailedTransfer = new FailedTransfer(staff, CustomerRules.Short(received.Reason), at) },
            _ => customer,
        };
        return next with { Subscribed = next.Staff.Any(r => r.Has) };
    }

    /// <summary>Who has the customer by this event and had not: new, or again after an end, of which we may not have heard. Null: nobody.</summary>
    public static string? Gained(Customer before, Customer after) => ReferenceEquals(before.Staff, after.Staff)
        ? null
        : after.Staff.FirstOrDefault(r => r.Has && IsNew(Find(before, r.StaffId), r))?.StaffId;

    // A later add of somebody who has him: the end between the two has not arrived. The confirmation of a half add is none.
    private static bool IsNew(StaffRelation? known, StaffRelation relation) =>
        known is not { Has: true }
        || (relation.Since > known.Since && (known.State, relation.State) != (StaffState.HalfAdded, StaffState.Added));

    private static Customer Add(Customer customer, string staff, StaffState state, string? source, DateTimeOffset at)
    {
        var known = Find(customer, staff);
        var overtaken = known switch
        {
            null or { State: StaffState.Seen } => false,
            // An add and its confirmation may have one time.
            { Has: true } => at < known.Since || (at == known.Since && state == StaffState.HalfAdded),
            _ => at < known.Since,
        };
        var next = overtaken ? customer : Put(customer, new StaffRelation
        {
            StaffId = staff, State = state, Since = at, SeenAt = known is { Has: true } && Latest(known) > at ? Latest(known) : null,
        });
        var first = customer.SubscribedAt is null || at < customer.SourceAt;
        return next with
        {
            SubscribedAt = CustomerRules.Later(customer.SubscribedAt, at),
            Source = first ? CustomerRules.Short(source) : customer.Source,
            SourceAt = first ? at : customer.SourceAt,
        };
    }

    private static Customer End(Customer customer, string staff, StaffState state, DateTimeOffset at)
    {
        var known = Find(customer, staff);
        var next = known is not null && at < Latest(known) ? customer : Put(customer, new StaffRelation { StaffId = staff, State = state, Since = at });
        return next with { UnsubscribedAt = CustomerRules.Later(customer.UnsubscribedAt, at) };
    }

    private static Customer See(Customer customer, string staff, DateTimeOffset at) => Find(customer, staff) switch
    {
        null => Put(customer, new StaffRelation { StaffId = staff, State = StaffState.Seen, Since = at }),
        { Has: true } known => at > Latest(known) ? Put(customer, known with { SeenAt = at }) : customer,
        var known => at > known.Since ? Put(customer, new StaffRelation { StaffId = staff, State = StaffState.Seen, Since = at }) : customer,
    };

    private static DateTimeOffset Latest(StaffRelation relation) => relation.SeenAt > relation.Since ? relation.SeenAt.Value : relation.Since;

    private static StaffRelation? Find(Customer customer, string staff) => customer.Staff.FirstOrDefault(r => Same(r.StaffId, staff));

    private static Customer Put(Customer customer, StaffRelation relation)
    {
        var staff = customer.Staff.Where(r => !Same(r.StaffId, relation.StaffId)).Append(relation).ToList();
        if (staff.Count > MaxStaff) staff.Remove(staff.OrderBy(r => r.Has).ThenBy(r => r.Since).First());
        return customer with { Staff = staff };
    }

    // WeCom's userids do not tell upper case from lower.
    internal static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
