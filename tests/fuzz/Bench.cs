using System.Diagnostics;
using System.Globalization;
using System.Text;
using CrmServerless.Crm.Receive;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Fuzz;

/// <summary>What the door costs: verify, decrypt and identify a callback of 600 bytes in safe mode; and what a refusal costs.</summary>
public static class Bench
{
    private const int Batch = 100;

    public static int Run(int batches)
    {
        var identify = Measure(batches, Admit(Genuine(600)));
        Console.WriteLine($"bench: medians of {batches} batches of {Batch}");
        Print("verify + decrypt + identify, payload of 600 bytes", identify);
        Print("the same, signed wrongly", Measure(batches, Admit(Genuine(600), "?msg_signature=" + new string('0', 40))));
        Print("the dearest refusal found, 128 KiB of elements, unsigned", Measure(Math.Max(1, batches / 20), Admit(Crowd(), "")));
        return identify.Microseconds < 40 && identify.Bytes < 32 * 1024 ? 0 : 1;
    }

    /// <summary>Bytes allocated for one genuine callback, which is the same on every machine.</summary>
    public static long BytesOfOne() => Measure(3, Admit(Genuine(600))).Bytes;

    private static void Print(string what, Cost cost) =>
        Console.WriteLine($"  {what,-58} {cost.Microseconds,8:0.0} µs {cost.Bytes / 1024.0,8:0.0} KiB");

    private static Action Admit((string Query, byte[] Body) call, string? query = null)
    {
        var account = Targets.Find("safe").Account;
        var now = new SteppingClock().GetUtcNow();
        var parsed = Query(query is null ? call.Query : $"{query}&timestamp={now.ToUnixTimeSeconds()}&nonce=1");
        var expected = query is null ? 200 : call.Body.Length > 100_000 ? 400 : 403;
        return () =>
        {
            var admission = CallbackDoor.Admit(account, parsed, call.Body, now, TimeSpan.FromMinutes(10));
            if (admission.Callback is { } callback) ReceivedEvents.Of(account, callback, admission.Payload, now);
            if (admission.Status != expected) throw new InvalidOperationException($"{admission.Status} {admission.Reason}");
        };
    }

    private static (string Query, byte[] Body) Genuine(int bytes)
    {
        var target = Targets.Find("safe");
        var account = target.Account;
        var text = "<xml><ToUserName><![CDATA[gh_7f083739789a]]></ToUserName><FromUserName><![CDATA[oia2TjuEGTNoeX76QEjQNrcURxG8]]></FromUserName><CreateTime>1780279200</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{0}]]></Content><MsgId>23456789012345678</MsgId></xml>";
        text = text.Replace("{0}", new string('茶', (bytes - Encoding.UTF8.GetByteCount(text) + 3) / 3), StringComparison.Ordinal);
        var timestamp = new SteppingClock().GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var encrypt = MessageCipher.Encrypt(account.EncodingAesKey, text, account.ReceiveId);
        var query = $"?signature={CallbackSignature.Compute(account.Token, timestamp, "1")}&timestamp={timestamp}&nonce=1&openid=o1&encrypt_type=aes&msg_signature={CallbackSignature.Compute(account.Token, timestamp, "1", encrypt)}";
        return (query, Encoding.UTF8.GetBytes($"<xml>\n<ToUserName><![CDATA[gh_7f083739789a]]></ToUserName>\n<Encrypt><![CDATA[{encrypt}]]></Encrypt>\n</xml>"));
    }

    private static (string Query, byte[] Body) Crowd() =>
        ("", Encoding.UTF8.GetBytes("<xml>" + string.Concat(Enumerable.Range(0, 13_000).Select(i => $"<a{i:X4}/>")) + "</xml>"));

    private static CallbackQuery Query(string query)
    {
        var pairs = query.TrimStart('?').Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p.Length > 1 ? p[1] : "", StringComparer.Ordinal);
        return new CallbackQuery(pairs.GetValueOrDefault("signature"), pairs.GetValueOrDefault("msg_signature"), pairs.GetValueOrDefault("timestamp"), pairs.GetValueOrDefault("nonce"), null);
    }

    private static Cost Measure(int batches, Action once)
    {
        for (var i = 0; i < 2 * Batch; i++) once();
        var times = new List<double>(batches);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var b = 0; b < batches; b++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < Batch; i++) once();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds / Batch);
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / batches / Batch;
        times.Sort();
        return new Cost(times[times.Count / 2], bytes);
    }

    private readonly record struct Cost(double Microseconds, long Bytes);
}
