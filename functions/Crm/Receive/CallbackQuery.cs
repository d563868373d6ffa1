using Microsoft.AspNetCore.WebUtilities;

namespace CrmServerless.Crm.Receive;

/// <summary>The query of a callback, as sent. Of a repeated parameter the first counts.</summary>
public sealed record CallbackQuery(string? Signature, string? MsgSignature, string? Timestamp, string? Nonce, string? EchoStr)
{
    /// <summary>Reads a query string. A <c>+</c> stays one: WeChat does not write forms, it writes Base64, and a form's parser would make it a space.</summary>
    public static CallbackQuery Read(string? queryString)
    {
        string? signature = null, msgSignature = null, timestamp = null, nonce = null, echoStr = null;
        foreach (var pair in new QueryStringEnumerable(queryString))
        {
            switch (pair.EncodedName.Span)
            {
                case "signature": signature ??= Decode(pair); break;
                case "msg_signature": msgSignature ??= Decode(pair); break;
                case "timestamp": timestamp ??= Decode(pair); break;
                case "nonce": nonce ??= Decode(pair); break;
                case "echostr": echoStr ??= Decode(pair); break;
            }
        }

        return new CallbackQuery(signature, msgSignature, timestamp, nonce, echoStr);
    }

    /// <summary>Nothing: a signature opens the door for ten minutes.</summary>
    public override string ToString() => nameof(CallbackQuery);

    private static string Decode(QueryStringEnumerable.EncodedNameValuePair pair) => Uri.UnescapeDataString(pair.EncodedValue.Span);
}
