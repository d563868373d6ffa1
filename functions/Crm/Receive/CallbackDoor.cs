using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CrmServerless.Crm.Accounts;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Crypto;
using CrmServerless.WeChat.Replies;

namespace CrmServerless.Crm.Receive;

/// <summary>
/// Verifies, decrypts and identifies. Pure: no store is read and no API is called on this path. The signature is
/// checked before anything is decrypted, so that there is no padding oracle.
/// </summary>
public static partial class CallbackDoor
{
    /// <summary>The reason of a call that is signed rightly and does not decrypt: somebody has to look at the settings.</summary>
    public const string WrongKey = "decrypt";

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
        if (!SealedEnvelope.TryRead(body, out var envelope, out _)) return Admission.Refuse(400, "envelope");
        if (!IsFresh(query.Timestamp, now, skew)) return Admission.Refuse(403, "stale");
        if (!SignedWith(account, query, envelope!.Encrypt)) return Admission.Refuse(403, "signature");
        var (opened, key) = Open(account, envelope.Encrypt);
        var format = FormatOf(body);
        return opened.Failure switch
        {
            DecryptFailure.None => Parse(account, opened.Message) with { Key = key, ReceiveId = opened.ReceiveId, Format = format },
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
        var current = Open(account, account.EncodingAesKey, encrypt);
        if (IsRight(current) || account.PreviousEncodingAesKey is not { } key) return (current, account.EncodingAesKey);
        return (Open(account, key, encrypt), key);
    }

    private static Decrypted Open(Account account, EncodingAesKey key, string encrypt)
    {
        var opened = MessageCipher.Decrypt(key, encrypt, account.ReceiveId);
        // A suite's command address gets its suiteid, its data address the corpid of whichever company has authorised it,
        // and the verification of either the provider's: only the form of those can be known beforehand.
        return opened.Failure == DecryptFailure.ReceiveId && account.Kind == AccountKind.WeComSuite && CompanyId().IsMatch(opened.ReceiveId)
            ? MessageCipher.Decrypt(key, encrypt, opened.ReceiveId)
            : opened;
    }

    [GeneratedRegex(@"\Aw[a-z][0-9a-zA-Z_-]{14,62}\z")]
    private static partial Regex CompanyId();

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
