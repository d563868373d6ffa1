using System.Globalization;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Local.Sqlite;

namespace CrmServerless.Local.Hosting;

/// <summary>The local broker's dead letters, as triage sees them.</summary>
public sealed class LocalBrokerDeadLetters(SqliteBus bus) : IBrokerDeadLetters
{
    public Task<IReadOnlyList<BrokerLetter>> List(int take, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<BrokerLetter>>([.. bus.DeadLetters(take).Select(d => new BrokerLetter(
            d.Number.ToString(CultureInfo.InvariantCulture), d.Stage, d.Deliveries, d.At, Envelope.TryRead(d.Body.Span, out var fact) ? fact : null))]);

    public Task<bool> Resubmit(string id, CancellationToken ct) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? bus.Resubmit(number, ct) : Task.FromResult(false);

    public Task<bool> Drop(string id, CancellationToken ct) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? bus.Drop(number, ct) : Task.FromResult(false);
}
