using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Crypto;
using CrmServerless.WeChat.Replies;

namespace CrmServerless.Crm.Receive;

/// <summary>What the door says of a callback.</summary>
/// <param name="Status">200 if it is let in, else the refusal.</param>
/// <param name="Callback">The parsed callback; null if it is let in but cannot be parsed.</param>
/// <param name="Payload">The decrypted payload, or what was there of it; of a verification what is to be answered.</param>
/// <param name="Reason">One word for metrics; never content.</param>
public sealed record Admission(int Status, Callback? Callback, string Payload, string Reason)
{
    /// <summary>The key that opened it, for the answer: during a rotation either. Null if it came as plain text.</summary>
    public EncodingAesKey? Key { get; init; }

    /// <summary>The receive-id that it was made for, which its answer carries too.</summary>
    public string ReceiveId { get; init; } = "";

    /// <summary>The form it came in, which its answer has too.</summary>
    public ReplyFormat Format { get; init; }

    public static Admission Refuse(int status, string reason) => new(status, null, "", reason);

    /// <summary>The reason only: the rest is personal data.</summary>
    public override string ToString() => Reason;
}
