using CrmServerless.Crm;
using CrmServerless.Crm.Messaging;
using CrmServerless.Tests.Contracts;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;

namespace CrmServerless.Tests.Azure.Messaging;

/// <summary>
/// The topic and its subscriptions by the rules that Microsoft documents: filters, duplicate detection, sessions, locks,
/// scheduled messages. It looks at properties of messages only, as the broker does, never into a body: whatever a sender
/// forgets to set is not done. https://learn.microsoft.com/azure/service-bus-messaging/advanced-features-overview
/// </summary>
public sealed class TopicModel(IReadOnlyList<Stage> stages, TimeProvider clock)
{
    private static readonly TimeSpan DuplicateWindow = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, DateTimeOffset> seen = new(StringComparer.Ordinal);
    private readonly List<(DateTimeOffset Due, Message Message)> scheduled = [];
    private readonly Dictionary<string, List<Held>> subscriptions = stages.ToDictionary(s => s.Name, _ => new List<Held>(), StringComparer.Ordinal);
    private Dictionary<string, Stage> rules = stages.ToDictionary(s => s.Name, StringComparer.Ordinal);

    /// <summary>How long a delivery is locked; the deployment's <c>lockDuration</c>.</summary>
    public static readonly TimeSpan LockDuration = TimeSpan.FromMinutes(1);

    /// <summary>Messages taken, filters asked, messages delivered: what Standard counts as credits.</summary>
    public (int Sends, int Evaluations, int Deliveries) Counted { get; private set; }

    private DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>A transfer that the service has accepted.</summary>
    public void Take(IReadOnlyList<AmqpMessage> transfer)
    {
        lock (gate)
        {
            foreach (var arrived in transfer)
            {
                var message = new Message(
                    $"{arrived.Properties.MessageId}", arrived.Properties.GroupId, arrived.Properties.Subject, [.. arrived.DataBody.SelectMany(d => (ArraySegment<byte>)d.Value)]);
                Count(sends: 1);
                if (seen.TryGetValue(message.Id, out var before) && Now - before < DuplicateWindow) continue;
                seen[message.Id] = Now;
                var later = default(DateTime);
                if (arrived.MessageAnnotations?.Map.TryGetValue(new AmqpSymbol("x-opt-scheduled-enqueue-time"), out later) == true && later > Now.UtcDateTime)
                    scheduled.Add((later, message));
                else Enqueue(message);
            }
        }
    }

    /// <summary>What time does: scheduled messages join.</summary>
    public void Settle()
    {
        lock (gate)
        {
            foreach (var due in scheduled.Where(s => s.Due <= Now).OrderBy(s => s.Due).ToList())
            {
                scheduled.Remove(due);
                Enqueue(due.Message);
            }
        }
    }

    public IBusDelivery? TryReceive(string stage)
    {
        lock (gate)
        {
            var (queue, now) = (subscriptions[stage], Now);
            // The first message of each session that nobody holds; without sessions any that is free.
            var free = rules[stage].Sessions
                ? queue.GroupBy(m => m.Message.Session).Where(s => s.All(m => m.LockedUntil <= now)).Select(s => s.First()).MinBy(m => queue.IndexOf(m))
                : queue.FirstOrDefault(m => m.LockedUntil <= now);
            if (free is null) return null;
            Count(deliveries: 1);
            (free.Deliveries, free.LockedUntil, free.Lock) = (free.Deliveries + 1, now + LockDuration, new object());
            return new Delivery(this, queue, free);
        }
    }

    /// <summary>The receivers' links are closed, which frees what they held, and others come, perhaps for other stages.</summary>
    public void Reconnect(IReadOnlyList<Stage>? others)
    {
        lock (gate)
        {
            foreach (var held in subscriptions.Values.SelectMany(q => q)) (held.LockedUntil, held.Lock) = (default, null);
            if (others is null) return;
            rules = others.ToDictionary(s => s.Name, StringComparer.Ordinal);
            foreach (var stage in others) subscriptions.TryAdd(stage.Name, []);
        }
    }

    private void Enqueue(Message message)
    {
        Count(evaluations: rules.Count);
        foreach (var rule in rules.Values.Where(r => r.Subjects.Contains(message.Label, StringComparer.Ordinal))) subscriptions[rule.Name].Add(new Held(message));
    }

    private void Count(int sends = 0, int evaluations = 0, int deliveries = 0) =>
        Counted = (Counted.Sends + sends, Counted.Evaluations + evaluations, Counted.Deliveries + deliveries);

    private sealed record Message(string Id, string Session, string Label, byte[] Body);

    private sealed class Held(Message message)
    {
        public Message Message => message;

        public int Deliveries { get; set; }

        public DateTimeOffset LockedUntil { get; set; }

        public object? Lock { get; set; }
    }

    private sealed class Delivery(TopicModel topic, List<Held> queue, Held held) : IBusDelivery
    {
        private readonly object? token = held.Lock;

        public Envelope Fact { get; } = Envelope.TryRead(held.Message.Body, out var fact) ? fact! : throw new InvalidDataException("No envelope.");

        public string MessageId => held.Message.Id;

        public int DeliveryCount { get; } = held.Deliveries;

        public Task Complete() => Do(() => queue.Remove(held));

        public Task Abandon() => Do(() => held.LockedUntil = default);

        public async Task<bool> TryRenew()
        {
            try
            {
                await Do(() => held.LockedUntil = topic.Now + LockDuration);
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }

        private Task Do(Action settle)
        {
            lock (topic.gate)
            {
                if (held.Lock != token || held.LockedUntil <= topic.Now || !queue.Contains(held)) return Task.FromException(new InvalidOperationException("The lock is lost."));
                settle();
                return Task.CompletedTask;
            }
        }
    }
}
