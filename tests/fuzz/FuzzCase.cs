using System.Globalization;
using System.Net;
using System.Text;
using CrmServerless.Crm.Accounts;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Fuzz;

/// <summary>Where a case differs from what WeChat sends.</summary>
public enum Stage
{
    /// <summary>Nowhere: it must be accepted.</summary>
    Nothing,

    /// <summary>In the text, before it was encrypted and signed.</summary>
    Payload,

    /// <summary>In the bytes around it, before they were encrypted and signed.</summary>
    Frame,

    /// <summary>In the ciphertext, before it was signed.</summary>
    Cipher,

    /// <summary>In the envelope, after signing.</summary>
    Envelope,

    /// <summary>In the query.</summary>
    Query,

    /// <summary>In what HTTP carries.</summary>
    Http,
}

/// <summary>One call, made from a seed and a number alone.</summary>
public sealed record FuzzCase
{
    private static readonly string[] ContentTypes = ["text/xml", "application/json", "application/x-www-form-urlencoded", "text/xml; charset=gb2312", "multipart/form-data", "\u0001", ""];

    public required Stage Stage { get; init; }

    public required Target Target { get; init; }

    public string Method { get; init; } = "POST";

    public required string Account { get; init; }

    public required string Query { get; init; }

    public required byte[] Body { get; init; }

    public string? ContentType { get; init; } = "text/xml";

    /// <summary>The announced length; null for a chunked body.</summary>
    public long? Length { get; init; }

    /// <summary>Bytes of the body that come at once.</summary>
    public int Piece { get; init; } = int.MaxValue;

    /// <summary>Instead of ending, the body breaks off, as when the caller hangs up.</summary>
    public bool BreaksOff { get; init; }

    public required IPAddress From { get; init; }

    /// <summary>The text that was sealed, where what is kept of it is known.</summary>
    public string? Sealed { get; init; }

    public bool MutatedBeforeSigning => Stage is Stage.Payload or Stage.Frame or Stage.Cipher;

    public static FuzzCase Of(int seed, int number, DateTimeOffset now)
    {
        var random = new Random(unchecked((seed * 7919) + (number * 104729)));
        var stage = random.Next(100) switch { < 6 => Stage.Nothing, < 56 => Stage.Payload, < 66 => Stage.Frame, < 71 => Stage.Cipher, < 83 => Stage.Envelope, < 93 => Stage.Query, _ => Stage.Http };
        var target = Targets.All[random.Next(Targets.All.Count)];
        var samples = Corpus.Of(target.Channel);
        var text = samples[random.Next(samples.Length)];
        // Half a character cannot be sent: what is compared later is what its bytes say.
        if (stage == Stage.Payload) text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(Mutations.Mutate(random, text)));
        // Some one address sends a quarter of all, more than the flood limits allow: also the genuine ones among them.
        var from = new IPAddress([10, 0, 0, (byte)(random.Next(4) == 0 ? 1 : random.Next(2, 250))]);

        var account = target.Account;
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = random.Next().ToString(CultureInfo.InvariantCulture);
        var signature = CallbackSignature.Compute(account.Token, timestamp, nonce);
        if (account.Mode == CallbackMode.Plaintext && stage is Stage.Nothing or Stage.Payload)
        {
            return new FuzzCase
            {
                Stage = stage, Target = target, Account = account.Name, From = from, Sealed = text, Body = Encoding.UTF8.GetBytes(text),
                Query = $"?signature={signature}&timestamp={timestamp}&nonce={nonce}&openid=o1",
            };
        }

        var message = Encoding.UTF8.GetBytes(text);
        var frame = stage == Stage.Frame ? Frame.Spoil(random, message, account.ReceiveId) : Frame.Of(random, message, account.ReceiveId);
        var encrypt = Frame.Encrypt(target.Key, frame);
        if (stage == Stage.Cipher) encrypt = Cipher(random, encrypt);
        var msgSignature = CallbackSignature.Compute(account.Token, timestamp, nonce, encrypt);
        var query = account.IsOfficial()
            ? $"?signature={signature}&timestamp={timestamp}&nonce={nonce}&openid=o1&encrypt_type=aes&msg_signature={msgSignature}"
            : $"?msg_signature={msgSignature}&timestamp={timestamp}&nonce={nonce}";
        var body = Envelope(random, account, encrypt, text);
        var whole = new FuzzCase
        {
            Stage = stage, Target = target, Account = account.Name, From = from, Query = query, Body = Encoding.UTF8.GetBytes(body),
            Sealed = stage is Stage.Nothing or Stage.Payload ? text : null,
        };
        return stage switch
        {
            Stage.Envelope when random.Next(3) == 0 => whole with { Body = Mutations.Mutate(random, whole.Body) },
            Stage.Envelope => whole with { Body = Encoding.UTF8.GetBytes(Mutations.Mutate(random, body)) },
            Stage.Query => whole with { Query = BadQuery(random, query), Method = random.Next(3) == 0 ? "GET" : "POST" },
            Stage.Http => whole.WithBadHttp(random),
            Stage.Nothing when random.Next(4) == 0 => whole with { Piece = random.Next(1, 200), ContentType = ContentTypes[random.Next(ContentTypes.Length)] },
            Stage.Nothing => whole with { Length = whole.Body.Length },
            _ => whole,
        };
    }

    public Stream Open() => new Pieces(Body, Piece, BreaksOff);

    public override string ToString() =>
        $"{Stage} {Method} /api/wechat/{Account}{Query}\n{ContentType} {Length}\n{Encoding.UTF8.GetString(Body)}\nsealed: {Sealed}";

    private FuzzCase WithBadHttp(Random random) => random.Next(7) switch
    {
        0 => this with { Account = random.Next(4) switch { 0 => "nobody", 1 => "../" + Account, 2 => Account.ToUpperInvariant(), _ => new string('a', 500) } },
        1 => this with { ContentType = ContentTypes[random.Next(ContentTypes.Length)], Piece = random.Next(1, 50) },
        2 => this with { Length = 1L << random.Next(8, 40) },
        3 => this with { Body = [.. Body, .. new byte[random.Next(200_000)]], Piece = random.Next(1000, 50_000) },
        4 => this with { Body = [] },
        5 => this with { BreaksOff = true, Body = Body[..random.Next(Body.Length)], Piece = random.Next(1, 500) },
        _ => this with { Method = "GET" },
    };

    private static string Cipher(Random random, string encrypt) => random.Next(4) switch
    {
        0 => encrypt[..random.Next(encrypt.Length)],
        1 => Convert.ToBase64String(Mutations.Mutate(random, Convert.FromBase64String(encrypt))),
        2 => encrypt.Insert(random.Next(encrypt.Length), " "),
        _ => encrypt.TrimEnd('=') + random.Next(4) switch { 0 => "=", 1 => "====", 2 => "!", _ => "AAAA" },
    };

    private static string Envelope(Random random, Account account, string encrypt, string text)
    {
        if (random.Next(4) == 0 && !text.Contains('\0', StringComparison.Ordinal))
            return $"{{\"ToUserName\":\"gh_7f083739789a\",\"Encrypt\":\"{encrypt}\"}}";
        var outer = account.IsOfficial() ? "" : "<AgentID><![CDATA[1000002]]></AgentID>";
        // The plain half of compatible mode: whatever it says, it does not count.
        if (account.Mode == CallbackMode.Compatible) outer += "<FromUserName><![CDATA[forged]]></FromUserName><MsgType>text</MsgType>";
        return $"<xml><ToUserName><![CDATA[gh_7f083739789a]]></ToUserName>{outer}<Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>";
    }

    private static string BadQuery(Random random, string query)
    {
        var pairs = query[1..].Split('&').ToList();
        var at = random.Next(pairs.Count);
        switch (random.Next(7))
        {
            case 0: pairs.RemoveAt(at); break;
            case 1: pairs.Insert(0, pairs[at].Split('=')[0] + "=0"); break;
            case 2: pairs[at] = pairs[at].Split('=')[0] + "=" + random.Next(5) switch { 0 => "", 1 => new string('9', 5000), 2 => "%00", 3 => "-1", _ => "%zz" }; break;
            case 3: pairs[at] = pairs[at].ToUpperInvariant(); break;
            case 4: pairs = [.. pairs.Select(p => p.StartsWith("timestamp", StringComparison.Ordinal) ? "timestamp=1" : p)]; break;
            case 5: pairs.Add("echostr=" + Uri.EscapeDataString("<script>" + random.Next())); break;
            default: return Mutations.Mutate(random, query[1..]) is var mutated ? "?" + string.Concat(mutated.Take(4000).Where(char.IsAscii)) : "";
        }

        return "?" + string.Join('&', pairs);
    }
}

internal static class AccountKinds
{
    public static bool IsOfficial(this Account account) => account.Kind == AccountKind.OfficialAccount;
}
