namespace CrmServerless.WeChat.Crypto;

/// <summary>Why a ciphertext was refused. For logs and metrics only: a caller outside gets one uniform answer, or it is a padding oracle.</summary>
public enum DecryptFailure
{
    /// <summary>It was not refused.</summary>
    None,

    /// <summary>Not Base64 (white space is refused too).</summary>
    Base64,

    /// <summary>Not a positive multiple of 32 bytes.</summary>
    Length,

    /// <summary>The padding is not 1 to 32 equal bytes of that value: the wrong key, 255 times in 256.</summary>
    Padding,

    /// <summary>The inner length does not fit: the wrong key, whose last byte happened to look like a padding.</summary>
    InnerLength,

    /// <summary>Made for another appid, corpid or suiteid; or the wrong key, once in billions.</summary>
    ReceiveId,

    /// <summary>Everything around the text fits, so the key is right, but the text is not UTF-8.</summary>
    Content,
}

/// <summary>What a ciphertext held. Both texts are empty when it was refused, except that <see cref="DecryptFailure.ReceiveId"/> names the receive-id found.</summary>
public readonly record struct Decrypted(DecryptFailure Failure, string Message, string ReceiveId)
{
    /// <summary>The failure and the size only: messages are personal data.</summary>
    public override string ToString() => Failure == DecryptFailure.None ? $"{Message.Length} characters" : Failure.ToString();
}
