using System.Globalization;
using System.Text.RegularExpressions;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Crm.Accounts;

/// <summary>The configured accounts by name.</summary>
public sealed partial class AccountBook
{
    private static readonly string[] Properties =
        ["Kind", "AppId", "OriginalId", "Token", "EncodingAesKey", "PreviousEncodingAesKey", "Secret", "AgentId", "Mode", "Reply", "Location"];

    private readonly Dictionary<string, Account> accounts;

    public AccountBook(IEnumerable<Account> accounts) =>
        this.accounts = accounts.ToDictionary(a => a.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<Account> All => accounts.Values;

    public Account? Find(string name) => accounts.GetValueOrDefault(name);

    /// <summary>
    /// Reads <c>Accounts:{name}:{property}</c> settings. Every fault is one line that names the key and the form that
    /// is expected, and never the value, which may be a secret.
    /// </summary>
    public static (AccountBook Book, IReadOnlyList<string> Faults) Read(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var faults = new List<string>();
        var byName = new SortedDictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var (key, value) in settings)
        {
            var path = key.Replace("__", ":", StringComparison.Ordinal).Split(':');
            if (path.Length != 3 || path[0] != "Accounts" || string.IsNullOrEmpty(value)) continue;
            if (!Properties.Contains(path[2], StringComparer.Ordinal))
                faults.Add($"Accounts__{path[1]}__{path[2]}: unknown; known are {string.Join(", ", Properties)}.");
            else if (byName.TryGetValue(path[1], out var known)) known[path[2]] = value;
            else byName[path[1]] = new(StringComparer.Ordinal) { [path[2]] = value };
        }

        if (byName.Count == 0) faults.Add("Accounts__{name}__Kind: missing; at least one account is needed.");
        var accounts = byName.Select(a => ReadOne(a.Key, a.Value, faults)).OfType<Account>().ToList();
        return (new AccountBook(accounts), faults);
    }

    private static Account? ReadOne(string name, Dictionary<string, string> values, List<string> faults)
    {
        var before = faults.Count;
        if (!AccountName().IsMatch(name)) faults.Add($"Accounts__{name}: the name must be 1 to 32 of a-z, 0-9 and -.");

        string Require(string property, Regex form, string expected)
        {
            var key = $"Accounts__{name}__{property}";
            if (!values.TryGetValue(property, out var value)) faults.Add($"{key}: missing; expected {expected}.");
            else if (!form.IsMatch(value)) faults.Add($"{key}: expected {expected}.");
            return value ?? "";
        }

        EncodingAesKey? Key(string property)
        {
            if (EncodingAesKey.TryParse(values.GetValueOrDefault(property), out var key)) return key;
            faults.Add($"Accounts__{name}__{property}: expected the 43 letters and digits of the console's EncodingAESKey.");
            return null;
        }

        T Choice<T>(string property, T standard) where T : struct, Enum
        {
            if (!values.TryGetValue(property, out var value)) return standard;
            // Not TryParse alone: it takes numbers and lists too.
            if (Enum.GetNames<T>().Contains(value, StringComparer.Ordinal)) return Enum.Parse<T>(value);
            faults.Add($"Accounts__{name}__{property}: expected {string.Join(" or ", Enum.GetNames<T>())}.");
            return standard;
        }

        _ = Require("Kind", AnyText(), string.Join(" or ", Enum.GetNames<AccountKind>()));
        var kind = Choice("Kind", AccountKind.OfficialAccount);
        var appId = kind switch
        {
            AccountKind.OfficialAccount => Require("AppId", AppIdForm(), "the appid, wx and 16 letters or digits"),
            AccountKind.WeCom => Require("AppId", CorpIdForm(), "the corpid, ww or wx and 16 letters or digits"),
            _ => Require("AppId", CorpIdForm(), "the suiteid, ww or wx and 16 letters or digits"),
        };
        var token = Require("Token", TokenForm(), "the console's Token, 3 to 32 letters or digits");
        var secret = Require("Secret", AnyText(), "the app secret");
        var aesKey = Key("EncodingAesKey");
        var previous = values.ContainsKey("PreviousEncodingAesKey") ? Key("PreviousEncodingAesKey") : null;
        var agentId = values.ContainsKey("AgentId") ? Require("AgentId", AgentIdForm(), "the application's number, up to 9 digits") : "";
        var mode = Choice("Mode", CallbackMode.Safe);
        var reply = Choice("Reply", ReplyWay.Api);
        var location = Choice("Location", LocationPolicy.Drop);
        if (kind != AccountKind.OfficialAccount && mode != CallbackMode.Safe)
            faults.Add($"Accounts__{name}__Mode: WeCom always encrypts; expected Safe.");
        if (faults.Count > before || aesKey is null) return null;
        return new Account
        {
            Name = name, Kind = kind, AppId = appId, OriginalId = values.GetValueOrDefault("OriginalId"), Token = token,
            EncodingAesKey = aesKey, PreviousEncodingAesKey = previous, Secret = secret, Mode = mode, Reply = reply, Location = location,
            AgentId = agentId.Length == 0 ? null : int.Parse(agentId, CultureInfo.InvariantCulture),
        };
    }

    [GeneratedRegex(@"\A[a-z0-9-]{1,32}\z")]
    private static partial Regex AccountName();

    [GeneratedRegex(@"\Awx[0-9a-zA-Z]{16}\z")]
    private static partial Regex AppIdForm();

    [GeneratedRegex(@"\Aw[wx][0-9a-zA-Z]{16}\z")]
    private static partial Regex CorpIdForm();

    [GeneratedRegex(@"\A[0-9]{1,9}\z")]
    private static partial Regex AgentIdForm();

    [GeneratedRegex(@"\A[0-9a-zA-Z]{3,32}\z")]
    private static partial Regex TokenForm();

    [GeneratedRegex(@"\S")]
    private static partial Regex AnyText();
}
