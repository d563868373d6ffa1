using CrmServerless.Crm.Messaging;

namespace CrmServerless.Tests.Support;

/// <summary>Keeps what is published; drops a message id that it has seen, as the brokers do, silently.</summary>
public sealed class MemoryBus : IMessageBus
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    public List<OutgoingFact> Sent { get; } = [];

    public IEnumerable<Envelope> Facts => Sent.Select(s => s.Fact);

    /// <summary>What a publish waits for.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    public async Task Publish(IReadOnlyList<OutgoingFact> facts, CancellationToken ct)
    {
        await Before();
        foreach (var fact in facts)
            if (seen.Add(fact.EffectiveMessageId)) Sent.Add(fact);
    }
}
