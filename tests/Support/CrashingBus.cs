using CrmServerless.Crm.Messaging;

namespace CrmServerless.Tests.Support;

/// <summary>The topic as one process uses it, whose fate is known. Act: <c>publish {subjects, joined by +}</c>; half of it is the first fact.</summary>
public sealed class CrashingBus(IMessageBus inner, Fate fate) : IMessageBus
{
    public Task Publish(IReadOnlyList<OutgoingFact> facts, CancellationToken ct) =>
        fate.Do(
            $"publish {string.Join('+', facts.Select(f => f.Fact.Subject))}",
            async () =>
            {
                await inner.Publish(facts, ct);
                return true;
            },
            () => inner.Publish([facts[0]], ct));
}
