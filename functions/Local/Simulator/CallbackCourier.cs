using System.Diagnostics;
using System.Text.Json.Serialization;
using CrmServerless.Crm.Accounts;

namespace CrmServerless.Local.Simulator;

/// <summary>When WeChat delivers a callback again. Sources disagree, so both are played.</summary>
public enum RetryPolicy
{
    /// <summary>Only when it heard nothing for 5 seconds.</summary>
    Timeout,

    /// <summary>Also on any status but 200.</summary>
    Error,
}

/// <param name="Attempt">From 1; up to 4: one call and three retries.</param>
/// <param name="Status">HTTP status; 0 when nothing was heard.</param>
/// <param name="Ms">Milliseconds until the answer.</param>
/// <param name="Accepted">Whether WeChat is content.</param>
public sealed record CallbackDelivery(int Attempt, int Status, double Ms, bool Accepted)
{
    /// <summary>The passive reply in the answer, decrypted, if there was one.</summary>
    [JsonIgnore]
    public string? Reply { get; init; }
}

/// <summary>
/// Delivers callbacks as WeChat does: in the account's mode, signed, encrypted anew for every attempt, 5 seconds of patience, three retries.
/// Real time, whatever the demo's clock says: the patience is WeChat's.
/// </summary>
public sealed class CallbackCourier(OwnAddress own, TimeProvider clock) : IDisposable
{
    public const int MaxAttempts = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 64 }) { Timeout = Patience };

    public async Task<IReadOnlyList<CallbackDelivery>> Deliver(Account account, string payload, RetryPolicy policy, CancellationToken ct)
    {
        var deliveries = new List<CallbackDelivery>();
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var delivery = await Attempt(account, payload, attempt, ct);
            deliveries.Add(delivery);
            if (delivery.Accepted || (policy == RetryPolicy.Timeout && delivery.Status != 0)) break;
        }

        return deliveries;
    }

    public void Dispose() => http.Dispose();

    private async Task<CallbackDelivery> Attempt(Account account, string payload, int attempt, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var request = CallbackWire.Write(own.Uri, account, payload, clock.GetUtcNow());
            using var response = await http.SendAsync(request, ct);
            var body = await response.Content.ReadAsStringAsync(ct);
            var status = (int)response.StatusCode;
            string? reply = null;
            var accepted = status == 200 && (body is "success" or "" || CallbackWire.TryOpen(account, body, out reply));
            return new CallbackDelivery(attempt, status, Stopwatch.GetElapsedTime(started).TotalMilliseconds, accepted) { Reply = reply };
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return new CallbackDelivery(attempt, 0, Stopwatch.GetElapsedTime(started).TotalMilliseconds, false);
        }
    }
}
