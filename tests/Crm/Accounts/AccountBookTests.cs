using System.Text.Json;
using CrmServerless.Crm.Accounts;

namespace CrmServerless.Tests.Stages;

public sealed class AccountBookTests
{
    private const string SecretValue = "leak-me-not";

    [Theory] // both separators, as Azure app settings and as .NET configuration
    [InlineData("__")]
    [InlineData(":")]
    public void An_account_is_read(string separator)
    {
        var (book, faults) = AccountBook.Read(Good().Select(s => KeyValuePair.Create(s.Key.Replace("__", separator, StringComparison.Ordinal), s.Value)));
        Assert.Empty(faults);
        var account = book.Find("main")!;
        Assert.Equal((AccountKind.OfficialAccount, "wxba5fad812f8e6fb9", "QingHeTea2026", LocationPolicy.Drop, null),
            (account.Kind, account.AppId, account.Token, account.Location, account.PreviousEncodingAesKey));
        Assert.Null(book.Find("Main"));
        Assert.Equal("OfficialAccount main", account.ToString());
    }

    [Fact]
    public void The_sample_settings_are_good_settings()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "local.settings.sample.json"))) root = root.Parent;
        using var sample = JsonDocument.Parse(File.ReadAllText(Path.Combine(root.FullName, "local.settings.sample.json")));
        var values = sample.RootElement.GetProperty("Values").EnumerateObject().Select(v => KeyValuePair.Create(v.Name, (string?)v.Value.GetString()));
        var (book, faults) = AccountBook.Read(values);
        Assert.Empty(faults);
        Assert.Equal("main", Assert.Single(book.All).Name);
    }

    [Theory] // the key, what it is set to, and what the fault must say besides the key
    [InlineData("Kind", null, "missing; expected OfficialAccount")]
    [InlineData("Kind", "WeCom" + SecretValue, "expected OfficialAccount")]
    [InlineData("Kind", "0", "expected OfficialAccount")]
    [InlineData("AgentId", SecretValue, "up to 9 digits")]
    [InlineData("Mode", "Compatible,Plaintext", "expected Safe or Compatible or Plaintext")]
    [InlineData("Reply", SecretValue, "expected Api or Passive")]
    [InlineData("AppId", null, "missing; expected the appid, wx and 16 letters or digits")]
    [InlineData("AppId", "wx" + SecretValue, "expected the appid, wx and 16 letters or digits")]
    [InlineData("AppId", "wxba5fad812f8e6fb9\n", "expected the appid, wx and 16 letters or digits")]
    [InlineData("Token", null, "missing; expected the console's Token, 3 to 32 letters or digits")]
    [InlineData("Token", SecretValue, "expected the console's Token, 3 to 32 letters or digits")]
    [InlineData("Token", "ab", "3 to 32")]
    [InlineData("Token", "QingHeTea2026\n", "3 to 32")] // pasted with its line end: every signature would be wrong
    [InlineData("Secret", null, "missing; expected the app secret")]
    [InlineData("Secret", " ", "expected the app secret")]
    [InlineData("EncodingAesKey", null, "43 letters and digits")]
    [InlineData("EncodingAesKey", SecretValue, "43 letters and digits")]
    [InlineData("PreviousEncodingAesKey", SecretValue, "43 letters and digits")]
    [InlineData("Location", SecretValue, "expected Drop or Keep")]
    [InlineData("Location", "1", "expected Drop or Keep")]
    [InlineData("Location", "Drop,Keep", "expected Drop or Keep")] // would be read as Keep
    [InlineData("Lokation", SecretValue, "unknown; known are Kind, AppId,")]
    public void Each_fault_names_the_key_and_the_form_and_never_the_value(string property, string? value, string expected)
    {
        var settings = Good();
        settings["Accounts__main__" + property] = value;
        var (book, faults) = AccountBook.Read(settings);
        var fault = Assert.Single(faults);
        Assert.StartsWith($"Accounts__main__{property}: ", fault, StringComparison.Ordinal);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain(SecretValue, fault, StringComparison.Ordinal);
        if (property != "Lokation") Assert.Null(book.Find("main"));
    }

    [Theory] // wechat-protocol: corpids begin with ww or wx; a person's third-party application has an empty receive-id
    [InlineData("OfficialAccount", "wxba5fad812f8e6fb9", "wxba5fad812f8e6fb9")]
    [InlineData("WeCom", "ww0123456789abcdef", "ww0123456789abcdef")]
    [InlineData("WeCom", "wx5823bf96d3bd56c7", "wx5823bf96d3bd56c7")]
    [InlineData("WeComSuite", "ww0123456789abcdef", "ww0123456789abcdef")]
    [InlineData("WeComPersonal", "ww0123456789abcdef", "")]
    public void The_receive_id_follows_from_the_kind(string kind, string appId, string receiveId)
    {
        var settings = Good();
        settings["Accounts__main__Kind"] = kind;
        settings["Accounts__main__AppId"] = appId;
        settings["Accounts__main__AgentId"] = "1000002";
        var (book, faults) = AccountBook.Read(settings);
        Assert.Empty(faults);
        Assert.Equal((receiveId, 1000002, CallbackMode.Safe, ReplyWay.Api),
            (book.Find("main")!.ReceiveId, book.Find("main")!.AgentId, book.Find("main")!.Mode, book.Find("main")!.Reply));
    }

    [Theory]
    [InlineData("Compatible")]
    [InlineData("Plaintext")]
    public void WeCom_has_no_other_mode_than_the_safe_one(string mode)
    {
        var settings = Good();
        settings["Accounts__main__Kind"] = "WeCom";
        settings["Accounts__main__Mode"] = mode;
        Assert.Equal("Accounts__main__Mode: WeCom always encrypts; expected Safe.", Assert.Single(AccountBook.Read(settings).Faults));
    }

    [Fact]
    public void All_faults_of_all_accounts_are_told_at_once()
    {
        var settings = Good();
        settings["Accounts__main__Token"] = "!";
        settings["Accounts__main__AppId"] = "!";
        settings["Accounts__Shop One__Kind"] = "OfficialAccount";
        var (_, faults) = AccountBook.Read(settings);
        Assert.Equal(2, faults.Count(f => f.StartsWith("Accounts__main__", StringComparison.Ordinal)));
        Assert.Contains("Accounts__Shop One: the name must be 1 to 32 of a-z, 0-9 and -.", faults);
        Assert.Contains(faults, f => f.StartsWith("Accounts__Shop One__EncodingAesKey: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_an_account_there_is_nothing_to_do() =>
        Assert.Equal("Accounts__{name}__Kind: missing; at least one account is needed.", Assert.Single(AccountBook.Read([]).Faults));

    [Fact]
    public void Other_settings_are_none_of_its_business()
    {
        var settings = Good();
        settings["Alerts__DefaultOwner"] = "店长";
        settings["Accounts__main"] = "x";
        settings["Accounts__main__Deep__Key"] = "x";
        Assert.Empty(AccountBook.Read(settings).Faults);
    }

    private static Dictionary<string, string?> Good() => new()
    {
        ["Accounts__main__Kind"] = "OfficialAccount", ["Accounts__main__AppId"] = "wxba5fad812f8e6fb9", ["Accounts__main__Token"] = "QingHeTea2026",
        ["Accounts__main__EncodingAesKey"] = "QingHeTeaShopSampleKeyDoNotUseInProduction1", ["Accounts__main__Secret"] = "secret",
    };
}
