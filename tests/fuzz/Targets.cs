using CrmServerless.Crm.Accounts;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Fuzz;

/// <summary>An account with the key that its callbacks are made with, which the product keeps to itself.</summary>
public sealed record Target(Account Account, string AesKey)
{
    /// <summary>The folder of samples that its callbacks are made from.</summary>
    public string Channel => Account.Kind == AccountKind.OfficialAccount ? "oa" : "wecom";

    public byte[] Key { get; } = Convert.FromBase64String(AesKey + "=");
}

/// <summary>An account of every kind and mode.</summary>
public static class Targets
{
    private const string Current = "QingHeTeaShopSampleKeyDoNotUseInProduction1";
    private const string Previous = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"; // not canonical Base64, as WeChat's own samples

    private static readonly Account Safe = new()
    {
        Name = "safe", Kind = AccountKind.OfficialAccount, AppId = "wxba5fad812f8e6fb9", Token = "QingHeTea2026", Secret = "secret",
        EncodingAesKey = EncodingAesKey.Parse(Current), Location = LocationPolicy.Keep,
    };

    private static readonly Account WeCom = Safe with { Name = "wecom", Kind = AccountKind.WeCom, AppId = "ww0123456789abcdef", AgentId = 1000002 };

    public static IReadOnlyList<Target> All { get; } =
    [
        new(Safe, Current),
        new(Safe with { Name = "drop", Location = LocationPolicy.Drop }, Current),
        new(Safe with { Name = "rotating", PreviousEncodingAesKey = EncodingAesKey.Parse(Previous) }, Previous),
        new(Safe with { Name = "compatible", Mode = CallbackMode.Compatible }, Current),
        new(Safe with { Name = "plain", Mode = CallbackMode.Plaintext }, Current),
        new(Safe with { Name = "passive", Reply = ReplyWay.Passive }, Current),
        new(WeCom, Current),
        new(WeCom with { Name = "suite", Kind = AccountKind.WeComSuite }, Current),
        new(WeCom with { Name = "personal", Kind = AccountKind.WeComPersonal }, Current),
    ];

    public static Target Find(string name) => All.First(t => t.Account.Name == name);
}
