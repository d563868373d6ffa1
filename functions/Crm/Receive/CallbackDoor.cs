using System.Globalization;
using CrmServerless.Crm.Accounts;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Crm.Receive;

/// <summary>The query of a callback, as sent.</summary>
public sealed record CallbackQuery(string? Signature, string? MsgSignature, string? Timestamp, string? Nonce, string? EchoStr);

/// <summary>What the door says of a callback.</summary>
/// <param name="Status">200 if it is let in, else the refusal.</param>
/// <param name="Callback">The parsed callback; null if it is let in but cannot be parsed.</param>
/// <param name="Payload">The decrypted payload, or what was there of it.</param>
/// <param name="Reason">One word for metrics; never content.</param>
public sealed record Admission(int Status, Callback? Callback, string Payload, string Reason)
{
    public static Admission Refuse(int status, string reason) => new(status, null, "", reason);
}

/// <summary>
/// Verifies, decrypts and identifies. Pure: no store is read and no API is called on this path. The signature is
/// checked before anything is decrypted, so that there is no padding oracle.
/// </summary>
public static class CallbackDoor
{
    /// <summary>The GET by which the WeChat console verifies the address; null if it is refused.</summary>
    public static string? Verify(Account account, CallbackQuery query, DateTimeOffset now, TimeSpan skew) =>
        IsFresh(query.Timestamp, now, skew)
        && CallbackSignature.Matches(query.Signature, account.Token, query.Timestamp!, query.Nonce ?? "")
            ? query.EchoStr ?? ""
            : null;

    public static Admission Admit(Account account, CallbackQuery query, ReadOnlySpan<byte> body, DateTimeOffset now, TimeSpan skew)
    {
        if (!SealedEnvelope.TryRead(body, out var envelope, out _)) return Admission.Refuse(400, "envelope");
        if (!IsFresh(query.Timestamp, now, skew)) return Admission.Refuse(403, "stale");
        if (!CallbackSignature.Matches(query.MsgSignature, account.Token, query.Timestamp!, query.Nonce ?? "", envelope!.Encrypt))
            return Admission.Refuse(403, "signature");
        var decrypted = Decrypt(account, envelope.Encrypt);
        if (decrypted.Failure == DecryptFailure.Content) return new Admission(200, null, envelope.Encrypt, "content");
        if (decrypted.Failure != DecryptFailure.None) return Admission.Refuse(403, "decrypt");
        return ChannelParser.TryParse(decrypted.Message, account.Channel, out var callback, out _)
            ? new Admission(200, callback, decrypted.Message, "accepted")
            : new Admission(200, null, decrypted.Message, "payload");
    }

    private static Decrypted Decrypt(Account account, string encrypt)
    {
        var current = MessageCipher.Decrypt(account.EncodingAesKey, encrypt, account.ReceiveId);
        if (current.Failure == DecryptFailure.None || account.PreviousEncodingAesKey is not { } key) return current;
        var previous = MessageCipher.Decrypt(key, encrypt, account.ReceiveId);
        // What the right key says counts. The wrong one fails at the padding, or once in 256 at what it takes for content.
        return Certainty(previous.Failure) > Certainty(current.Failure) ? previous : current;
    }

    private static int Certainty(DecryptFailure failure) => failure switch
    {
        DecryptFailure.None => 3,
        DecryptFailure.ReceiveId => 2,
        DecryptFailure.Content => 1,
        _ => 0,
    };

    private static bool IsFresh(string? timestamp, DateTimeOffset now, TimeSpan skew) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) <= (decimal)skew.TotalSeconds;
}
