using System.Security.Cryptography;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Storage;

namespace CrmServerless.Crm.Customers;

/// <summary>
/// Effect once. Replacing the customer document under its etag is the one commit; everything before it may be done
/// again, everything after it is done again until it is known to be done. The numbers are those of the design.
/// </summary>
public sealed class CustomerCommit(CustomerFiles files, IDocuments documents, IMessageBus bus, TimeProvider clock)
{
    private const string Stage = "customer";
    private const int MaxAttempts = 10;

    /// <summary>Applies a fact to its customer exactly once, however often it is delivered.</summary>
    /// <exception cref="TransientException">The file kept changing under us, or a store or the bus failed.</exception>
    public async Task<Customer> Apply(StageDelivery delivery, Func<Customer?, CustomerDecision> decide, CancellationToken ct)
    {
        var fact = delivery.Fact;
        var committed = fact.Resume ? await Require(fact.Key, ct) : await Commit(delivery, decide, ct);
        delivery.Committed = true;
        fact = AsCommitted(fact, committed.Customer);
        await documents.Upsert(Collections.Customers, [Timeline.Entry(fact), .. OutboxEntries(committed.Customer)], ct); // 6
        await Announce(fact, committed.Customer, ct); // 7
        await EmptyOutbox(committed, ct); // 8
        return committed.Customer;
    }

    /// <summary>Publishes and empties the outbox of a file that nobody touches; upkeep's part of the protocol.</summary>
    public async Task FlushOutbox(CustomerFile file, CancellationToken ct)
    {
        await PublishOutbox(file.Customer, ct);
        await EmptyOutbox(file, ct);
    }

    private async ValueTask<bool> IsHandled(Customer customer, Envelope fact, CancellationToken ct)
    {
        var mark = HandledFact.Of(fact).Mark;
        foreach (var handled in customer.Handled)
            if (handled.Mark == mark) return true;
        return fact.OccurredAt <= customer.HandledUpTo
            && await documents.Read(Collections.Customers, fact.Key, Timeline.Id(fact), ct) is not null;
    }

    // A repeated request has the time of its repetition; its timeline entry stands at that of the first.
    private static Envelope AsCommitted(Envelope fact, Customer customer)
    {
        var mark = HandledFact.Of(fact).Mark;
        foreach (var handled in customer.Handled)
            if (handled.Mark == mark) return fact with { OccurredAt = handled.OccurredAt };
        return fact;
    }

    private async Task<CustomerFile> Commit(StageDelivery delivery, Func<Customer?, CustomerDecision> decide, CancellationToken ct)
    {
        var fact = delivery.Fact;
        for (var attempt = 1; ; attempt++)
        {
            var before = await files.Read(fact.Key, ct); // 1
            if (before is not null)
            {
                if (await IsHandled(before.Customer, fact, ct)) // 2
                {
                    delivery.Duplicate = true;
                    return before;
                }

                await PublishOutbox(before.Customer, ct); // 3: a predecessor died
            }

            var decision = decide(before?.Customer); // 4
            var next = Remember(decision.Next, fact) with
            {
                Version = (before?.Customer.Version ?? 0) + 1,
                Outbox = [.. decision.Outbox.Select((f, n) => fact.Child(Stage, n + 1, f.Subject, f.Data, clock.GetUtcNow(), byRule: true))],
            };
            if (await files.Write(before, next, ct) is { } committed) return committed; // 5
            if (attempt == MaxAttempts) throw new TransientException($"The customer file changed {MaxAttempts} times while it was being written.");
            await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, 5 * attempt)), clock, ct);
        }
    }

    private static Customer Remember(Customer customer, Envelope fact)
    {
        var (handled, upTo) = HandledFact.Push(customer.Handled, customer.HandledUpTo, fact);
        return customer with { Handled = handled, HandledUpTo = upTo };
    }

    private async Task PublishOutbox(Customer customer, CancellationToken ct)
    {
        if (customer.Outbox.Count == 0) return;
        await documents.Upsert(Collections.Customers, [.. OutboxEntries(customer)], ct);
        await bus.Publish(customer.Outbox, ct);
    }

    private static IEnumerable<Document> OutboxEntries(Customer customer) => customer.Outbox.Select(f => Timeline.Entry(f));

    private async Task Announce(Envelope fact, Customer customer, CancellationToken ct)
    {
        var received = fact.Subject == Subjects.EventReceived
            ? fact.Read(CrmJson.Types.EventReceived) with { Raw = null, RawGzip = null }
            : null;
        var changed = NewFacts.Of(Subjects.CustomerChanged, new CustomerChanged(received, customer.Snapshot()), CrmJson.Types.CustomerChanged);
        var announced = fact.Child(Stage, 0, changed.Subject, changed.Data, clock.GetUtcNow(), byRule: false) with
        {
            // What was answered in the response is only to be noted, which is never too late.
            Deadline = received?.Passive is not null ? null : Deadline(fact.Kind, received?.CountedAt ?? fact.OccurredAt, customer.Window),
        };
        await bus.Publish([announced, .. customer.Outbox], ct);
    }

    // After a click, a follow or a scan there is one minute, unless the customer wrote within 48 hours.
    private static DateTimeOffset? Deadline(string kind, DateTimeOffset at, ReplyWindow window) =>
        ReplyWindow.OpensEvents(kind) && !window.MessageOpen(at) ? at + ReplyWindow.EventDeadline : null;

    // Best effort: if the file has changed, its next commit or upkeep does it.
    private async Task EmptyOutbox(CustomerFile file, CancellationToken ct)
    {
        if (file.Customer.Outbox.Count > 0) await files.Write(file, file.Customer with { Outbox = [] }, ct);
    }

    private async Task<CustomerFile> Require(string key, CancellationToken ct) =>
        await files.Read(key, ct) ?? throw new TransientException("A committed customer file was not found: a stale read.");
}
