using System.Globalization;
using System.Text;
using CrmServerless.Crm.Accounts;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Crypto;
using CrmServerless.WeChat.Replies;

namespace CrmServerless.Crm.Receive;

/// <summary>
/// Verifies, decrypts and identifies. Pure: no store is read and no API is called on this path. The signature is
/// checked before anything is decrypted, so that there is no padding oracle.
/// </summary>
public static class CallbackDoor
{
    /// <summary>The reason of a call that is signed rightly and does not decrypt: somebody has to look at the settings.</summary>
    public const string WrongKey = "decrypt";

    private const int SignatureLength = 40; // SHA-1 in hex

    /// <summary>The GET by which the console verifies the address; the payload is the answer.</summary>
    public static Admission Verify(Account account, CallbackQuery query, DateTimeOffset now, TimeSpan skew)
    {
        if (!IsFresh(query.Timestamp, now, skew)) return Admission.Refuse(403, "stale");
        if (!account.IsWeCom)
            return SignedByToken(account, query) ? new Admission(200, null, query.EchoStr ?? "", "verified") : Admission.Refuse(403, "signature");

        // Base64 has no space: where there is one, something in front of us has read a '+' as a form's.
        var echo = (query.EchoStr ?? "").Replace(' ', '+');
        if (!SignedWith(account, query, echo)) return Admission.Refuse(403, "signature");
        var (opened, _) = Open(account, echo);
        return opened.Failure == DecryptFailure.None ? new Admission(200, null, opened.Message, "verified") : Admission.Refuse(403, WrongKey);
    }

    /// <summary>The POST that delivers something.</summary>
    public static Admission Admit(Account account, CallbackQuery query, ReadOnlySpan<byte> body, DateTimeOffset now, TimeSpan skew) =>
        // A console that has been switched to encryption before the setting is followed: it is the better proof.
        account is { Mode: CallbackMode.Plaintext, IsWeCom: false } && query.MsgSignature is null
            ? AdmitPlain(account, query, body, now, skew)
            : AdmitSealed(account, query, body, now, skew);

    // Safe and compatible mode and WeCom alike: msg_signature over the ciphertext, and nothing but the ciphertext counts.
    private static Admission AdmitSealed(Account account, CallbackQuery query, ReadOnlySpan<byte> body, DateTimeOffset now, TimeSpan skew)
    {
        // What cannot be right whatever is in the body is not worth reading it.
        if (!IsFresh(query.Timestamp, now, skew)) return Admission.Refuse(403, "stale");
        if (query.MsgSignature is not { Length: SignatureLength }) return Admission.Refuse(403, "signature");
        if (!SealedEnvelope.TryRead(body, out var envelope, out _)) return Admission.Refuse(400, "envelope");
        if (!SignedWith(account, query, envelope!.Encrypt)) return Admission.Refuse(403, "signature");
        var (opened, key) = Open(account, envelope.Encrypt);
        var format = FormatOf(body);
        return opened.Failure switch
        {
            DecryptFailure.None => Parse(account, opened.Message) with { Key = key, Format = format },
            DecryptFailure.Content => new Admission(200, null, envelope.Encrypt, "content") { Key = key, Format = format },
            // Not only what does not decrypt: an acknowledgement would hide a wrong setting, and lose the event.
            _ => Admission.Refuse(403, WrongKey),
        };
    }

    private static Admission AdmitPlain(Account account, CallbackQuery query, ReadOnlySpan<byte> body, DateTimeOffset now, TimeSpan skew)
    {
        if (!IsFresh(query.Timestamp, now, skew)) return Admission.Refuse(403, "stale");
        if (!SignedByToken(account, query)) return Admission.Refuse(403, "signature");
        return Parse(account, Encoding.UTF8.GetString(body)) with { Format = FormatOf(body) };
    }

    private static Admission Parse(Account account, string payload) =>
        ChannelParser.TryParse(payload, account.Channel, out var callback, out _)
            ? new Admission(200, callback, payload, "accepted")
            : new Admission(200, null, payload, "payload");

    private static (Decrypted Opened, EncodingAesKey Key) Open(Account account, string encrypt)
    {
        var current = MessageCipher.Decrypt(account.EncodingAesKey, encrypt, account.ReceiveId);
        if (IsRight(current) || account.PreviousEncodingAesKey is not { } key) return (current, account.EncodingAesKey);
        return (MessageCipher.Decrypt(key, encrypt, account.ReceiveId), key);
    }

    private static bool IsRight(Decrypted opened) => opened.Failure is DecryptFailure.None or DecryptFailure.Content;

    private static bool SignedByToken(Account account, CallbackQuery query) =>
        CallbackSignature.Matches(query.Signature, account.Token, query.Timestamp!, query.Nonce ?? "");

    private static bool SignedWith(Account account, CallbackQuery query, string encrypt) =>
        CallbackSignature.Matches(query.MsgSignature, account.Token, query.Timestamp!, query.Nonce ?? "", encrypt);

    private static ReplyFormat FormatOf(ReadOnlySpan<byte> body)
    {
        foreach (var b in body)
            if (b is (byte)'{' or (byte)'<') return b == '{' ? ReplyFormat.Json : ReplyFormat.Xml;
        return ReplyFormat.Xml;
    }

    private static bool IsFresh(string? timestamp, DateTimeOffset now, TimeSpan skew) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) <= (decimal)skew.TotalSeconds;
}
