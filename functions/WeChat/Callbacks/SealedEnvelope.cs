using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CrmServerless.WeChat.Callbacks;

/// <summary>
/// The outer body of an encrypted callback. Only <see cref="Encrypt"/> is covered by <c>msg_signature</c>:
/// the other two are hints that anyone can change, and the plaintext half of compatible mode is not even read.
/// Rule: developers.weixin.qq.com/doc/service/guide/dev/push/encryption.html.
/// </summary>
/// <param name="ToUserName">Original id (gh_...) or corpid, as claimed; empty when absent.</param>
/// <param name="AgentId">WeCom application, as claimed; null for the Official Account.</param>
/// <param name="Encrypt">Base64 ciphertext, exactly as signed.</param>
public sealed record SealedEnvelope(string ToUserName, string? AgentId, string Encrypt)
{
    /// <summary>Bytes of a body, at most.</summary>
    public const int MaxBytes = Nodes.MaxCharacters;

    /// <summary>
    /// Reads the XML or the JSON form. The bytes are taken as UTF-8 whatever a declaration or the Content-Type says; a byte order mark and
    /// leading white space are allowed. WeCom documents the JSON names in lower case.
    /// </summary>
    /// <param name="utf8Body">The request body.</param>
    /// <param name="envelope">The envelope, or null.</param>
    /// <param name="reason">Why not: one of a few fixed words, safe to log.</param>
    public static bool TryRead(ReadOnlySpan<byte> utf8Body, [NotNullWhen(true)] out SealedEnvelope? envelope, [NotNullWhen(false)] out string? reason)
    {
        envelope = null;
        if (utf8Body.Length > MaxBytes)
        {
            reason = "too large";
            return false;
        }

        // Lenient decoding: in compatible mode a customer's broken text stands beside a sound ciphertext.
        return TryRead(Encoding.UTF8.GetString(utf8Body), out envelope, out reason);
    }

    private static bool TryRead(string text, [NotNullWhen(true)] out SealedEnvelope? envelope, [NotNullWhen(false)] out string? reason)
    {
        envelope = null;
        var nodes = new List<Node>(4);
        if (!Nodes.TryRead(text, nodes, out reason)) return false;

        string? toUserName = null, agentId = null, encrypt = null;
        foreach (var node in nodes)
        {
            // Official samples put blanks between the tag and the CDATA.
            var value = node.Text?.Trim() ?? "";
            switch (node.Path)
            {
                case "ToUserName" or "tousername": toUserName ??= value; break;
                case "AgentID" or "agentid": agentId ??= value; break;
                case "Encrypt" or "encrypt" when encrypt is not null:
                    reason = "two Encrypt";
                    return false;
                case "Encrypt" or "encrypt": encrypt = value; break;
            }
        }

        if (string.IsNullOrEmpty(encrypt))
        {
            reason = "no Encrypt";
            return false;
        }

        envelope = new SealedEnvelope(toUserName ?? "", agentId, encrypt);
        return true;
    }
}
