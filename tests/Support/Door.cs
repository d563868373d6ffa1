using System.Globalization;
using System.Net;
using System.Text;
using CrmServerless.Crm;
using CrmServerless.Crm.Customers;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Receive;
using CrmServerless.Fuzz;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Tests.Support;

/// <summary>Calls of the endpoint in this process, for accounts of every kind and mode.</summary>
public sealed class Door(TimeProvider clock, FloodOptions? flood = null, ReceiveOptions? receive = null) : IAsyncDisposable
{
    private static readonly FloodOptions NoLimit = new() { PerAddress = 100_000, Total = 100_000 };

    private readonly Doorway way = new(clock, flood ?? NoLimit, receive);

    public IPAddress From { get; set; } = IPAddress.Loopback;

    public string? ContentType { get; set; } = "text/xml";

    public LogPages Log => way.Log;

    public Progress Progress => way.Get<Progress>();

    public UnfinishedBodies Unfinished => way.Get<UnfinishedBodies>();

    /// <summary>The call of a payload as WeChat sends it.</summary>
    public Task<Outcome> Seal(string payload, string account = "safe")
    {
        var target = Targets.Find(account);
        return Sign(MessageCipher.Encrypt(EncodingAesKey.Parse(target.AesKey), payload, target.Account.ReceiveId), account);
    }

    /// <summary>The call of a ciphertext, signed rightly whatever it is.</summary>
    public Task<Outcome> Sign(string encrypt, string account = "safe") => Send(Query(encrypt, account), Encoding.UTF8.GetBytes(Xml.Envelope(encrypt)), account);

    public Task<Outcome> Send(string query, byte[] body, string account = "safe") => Send(query, new MemoryStream(body), account);

    public Task<Outcome> Send(string query, Stream body, string account = "safe") => way.Call("POST", account, query, body, null, ContentType, From);

    public Task<Outcome> Get(string query, string account = "safe") => way.Call("GET", account, query, Stream.Null, null, null, From);

    public string Query(string encrypt, string account = "safe")
    {
        var token = Targets.Find(account).Account.Token;
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"?signature={CallbackSignature.Compute(token, timestamp, "n")}&timestamp={timestamp}&nonce=n&msg_signature={CallbackSignature.Compute(token, timestamp, "n", encrypt)}";
    }

    public ValueTask DisposeAsync() => way.DisposeAsync();
}

public static class OutcomeViews
{
    /// <summary>All that a caller sees, to be compared.</summary>
    public static string Look(this Outcome outcome) =>
        $"{outcome.Status}\n{string.Join('\n', outcome.Headers.OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => $"{h.Key}: {h.Value}"))}\n\n{Encoding.UTF8.GetString(outcome.Body)}";

    public static EventReceived Received(this Outcome outcome) => outcome.Fact!.Read(CrmJson.Types.EventReceived);
}
