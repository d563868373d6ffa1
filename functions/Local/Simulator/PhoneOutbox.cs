using System.Globalization;
using System.Text.Json;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Storage;
using CrmServerless.Local.Simulator.Front;

namespace CrmServerless.Local.Simulator;

/// <summary>
/// What each phone received, in WeChat's own file: after a crash of the host it is the only impartial witness of how
/// often a customer was messaged.
/// </summary>
public sealed class PhoneOutbox(SimulatorStore store)
{
    private long number;

    /// <summary>A message has arrived.</summary>
    public event Action<PhoneMessage>? Arrived;

    public async ValueTask Add(PhoneMessage message, CancellationToken ct)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{message.At.ToUnixTimeMilliseconds():D14}~{Environment.ProcessId}~{Interlocked.Increment(ref number):D9}");
        var document = new Document(Partition(message.Openid, message.Staff), id, JsonSerializer.SerializeToUtf8Bytes(message, SimulatorJson.Types.PhoneMessage));
        await store.Documents.Upsert(SimulatorStore.Outbox, [document], ct);
        Arrived?.Invoke(message);
    }

    /// <summary>What a phone received, newest first.</summary>
    /// <param name="id">An openid, an external_userid, or a userid.</param>
    /// <param name="take">At most this many.</param>
    /// <param name="ct">To give up.</param>
    /// <param name="staff">The id is a userid.</param>
    public async ValueTask<IReadOnlyList<PhoneMessage>> Read(string id, int take, CancellationToken ct, bool staff = false) =>
        [.. (await store.Documents.List(SimulatorStore.Outbox, Partition(id, staff), new IdRange(Take: take, Descending: true), ct))
            .Select(d => JsonSerializer.Deserialize(d.Data.Span, SimulatorJson.Types.PhoneMessage)!)];

    private static string Partition(string id, bool staff) => Keys.Escape(staff ? $"~staff:{id}" : id);
}
