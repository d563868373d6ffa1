using System.Globalization;
using CrmServerless.Crm.Messaging;
using CrmServerless.WeChat.Api;

namespace CrmServerless.Crm.Delivery;

/// <summary>
/// What a quota or a wrong setting stops is put back on the topic for later, for its stage alone: the lane goes on, and
/// nothing is lost. See "Failure" in the design.
/// </summary>
public sealed class Postponement(IMessageBus bus, TimeProvider clock)
{
    /// <summary>When a call that a person has to make possible (secret, permission) is tried again, where the result does not say.</summary>
    public static readonly TimeSpan Repair = TimeSpan.FromMinutes(10);

    /// <summary>Waiting facts come back spread over this long, so that they do not use up the new quota in one second.</summary>
    public static readonly TimeSpan Spread = TimeSpan.FromSeconds(30);

    /// <summary>True for a result that time or a person heals, but not within a delivery.</summary>
    public static bool Concerns(ApiResult result) => result.Fault is ApiFault.Quota or ApiFault.Configuration && !result.OutcomeUnknown;

    /// <summary>When a call has a chance again.</summary>
    public DateTimeOffset Again(ApiResult result) => result.NotBefore ?? clock.GetUtcNow() + Repair;

    /// <summary>
    /// Publishes the fact again for its stage at that time. Who comes here twice with one fact and one time puts one
    /// message there. Its deadline is gone: the stage has judged that there is time, and will judge again.
    /// </summary>
    public Task Until(DateTimeOffset again, Envelope fact, string stage, CancellationToken ct)
    {
        // The same for the same fact, however often it is decided.
        var due = again + (Spread * (Lanes.Of(fact.Id, 1000) / 1000.0));
        var messageId = Keys.Escape(string.Create(CultureInfo.InvariantCulture, $"{fact.Id}~{stage}~{due.ToUnixTimeSeconds()}"));
        return bus.Publish([new OutgoingFact(fact with { Only = stage, NotBefore = due, Deadline = null }, messageId)], ct);
    }
}
