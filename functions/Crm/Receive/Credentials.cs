using System.Text.RegularExpressions;

namespace CrmServerless.Crm.Receive;

/// <summary>
/// Fields of a payload with which whoever reads them could act in the brand's name: welcome codes (20 s), the token of a
/// customer-service notice (10 min), the code that updates a card (72 h), the key of a chat's details (30 min), a suite's
/// ticket and codes. They stay in the stored payload, which is kept for replay; nobody is shown them.
/// </summary>
public static partial class Credentials
{
    private const string Hidden = "…";

    /// <summary>The payload, XML or JSON, without their values.</summary>
    public static string Hide(string payload) => InJson().Replace(InXml().Replace(payload, $"<$1>{Hidden}</$1>"), $"$1\"{Hidden}\"");

    [GeneratedRegex(@"<(WelcomeCode|Token|ResponseCode|ChatKey|SuiteTicket|AuthCode)(?:\s[^>]*)?>.*?</\1\s*>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex InXml();

    [GeneratedRegex(@"(""(?:WelcomeCode|Token|ResponseCode|ChatKey|SuiteTicket|AuthCode)""\s*:\s*)""(?:[^""\\]|\\.)*""", RegexOptions.IgnoreCase)]
    private static partial Regex InJson();
}
