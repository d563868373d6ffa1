using System.Text.RegularExpressions;

namespace CrmServerless.Crm.Receive;

/// <summary>
/// Fields of a payload with which whoever reads them could act in the brand's name: welcome codes (20 s), the token of a
/// customer-service notice (10 min), the code that updates a card (72 h), the key of a chat's details (30 min), a suite's
/// ticket and codes. They stay in the stored payload, which is kept for replay; nobody is shown them.
/// </summary>
public static class Credentials
{
    private const string Hidden = "…";

    private static readonly string[] Names = ["WelcomeCode", "Token", "ResponseCode", "ChatKey", "SuiteTicket", "AuthCode"];

    // Linear in whatever is sent, see Coordinates.
    private static readonly (string Left, Regex Pattern)[] Forms =
    [
        .. Names.Select(name => ($"<{name}>{Hidden}</{name}>",
            new Regex($@"<{name}(?:\s[^>]*)?>.*?</{name}\s*>", RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking))),
        .. Names.Select(name => ($"\"{name}\":\"{Hidden}\"",
            new Regex($"\"{name}\"\\s*:\\s*\"(?:[^\"\\\\]|\\\\.)*\"", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking))),
    ];

    /// <summary>The payload, XML or JSON, without their values.</summary>
    public static string Hide(string payload) => Forms.Aggregate(payload, (text, form) => form.Pattern.Replace(text, form.Left));
}
