using System.Globalization;
using CrmServerless.Crm.Messaging;
using CrmServerless.WeChat.Api;

namespace CrmServerless.Crm.Delivery;

/// <summary>
/// What a quota or a wrong setting stops is put back on the topic for later, for its stage alone: the lane goes on, and
/// nothing is lost. It looks in every hour on the way: who finds the gate still closed puts himself off again, and WeChat
/// is asked nothing. See "Failure" in the design.
/// </summary>
public sealed class Postponement(IMessageBus bus, TimeProvider clock)
{
    /// <summary>When a call that a person has to make possible (secret, permission) is tried again, where the result does not say.</summary>
    public static readonly TimeSpan Repair = TimeSpan.FromMinutes(10);

    /// <summary>Waiting facts come back spread over this long, so that they do not use up the new quota in one second.</summary>
    public static readonly TimeSpan Spread = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The longest that a fact is away. A scheduled message cannot be brought forward, so whoever was put off until the
    /// night would not hear that somebody has had the quota reset. With its spread it is less than the hour for which
    /// brokers remember a message id: two messages of one fact, left by a crash, become one at the next hop.
    /// </summary>
    public static readonly TimeSpan Hop = TimeSpan.FromMinutes(55);

    /// <summary>True for a result that time or a person heals, but not within a delivery.</summary>
    public static bool Concerns(ApiResult result) => result.Fault is ApiFault.Quota or ApiFault.Configuration && !result.OutcomeUnknown;

    /// <summary>When a call has a chance again.</summary>
    public DateTimeOffset Again(ApiResult result) => result.NotBefore ?? clock.GetUtcNow() + Repair;

    /// <summary>
    /// Publishes the fact again for its stage at that time, or on the way there. Who comes here twice with one fact and one
    /// time puts one message there. Its deadline is gone: the stage has judged that there is time, and will judge again.
    /// </summary>
    public Task Until(DateTimeOffset again, Envelope fact, string stage, CancellationToken ct)
    {
        var due = Due(again, fact);
        // Another for each hop: the broker would drop one that it knows, silently.
        var messageId = Keys.Escape(string.Create(CultureInfo.InvariantCulture, $"{fact.Id}~{stage}~{due.UtcTicks}"));
        return bus.Publish([new OutgoingFact(fact with { Only = stage, NotBefore = due, Deadline = null }, messageId)], ct);
    }

    /// <summary>
    /// The stops of a fact are counted back from the end, so that they are the same however often it is decided, and are
    /// others for each fact, so that those that wait do not crowd the lanes together.
    /// </summary>
    private DateTimeOffset Due(DateTimeOffset again, Envelope fact)
    {
        var share = Lanes.Of(fact.Id, 1000) / 1000.0;
        var now = clock.GetUtcNow();
        // It has been delivered, so it is that late, whatever our clock says: the next stop is behind the last.
        var from = fact.NotBefore > now ? fact.NotBefore.Value : now;
        if (again - from > Hop)
        {
            var rest = (again - (Hop * share) - from).Ticks % Hop.Ticks;
            return from + (rest > 0 ? TimeSpan.FromTicks(rest) : Hop);
        }

        var due = again + (Spread * share);
        return due <= fact.NotBefore ? fact.NotBefore.Value + Spread : due;
    }
}
