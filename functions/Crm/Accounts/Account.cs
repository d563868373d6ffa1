using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Crm.Accounts;

/// <summary>One Official Account (公众号) or WeCom application (企业微信) that calls us. Settings: <c>Accounts__{Name}__{property}</c>.</summary>
public sealed record Account
{
    /// <summary>The name in the callback's URL, <c>/api/wechat/{name}</c>; 1 to 32 of <c>a-z 0-9 -</c>.</summary>
    public required string Name { get; init; }

    public required AccountKind Kind { get; init; }

    /// <summary>The appid of an Official Account, the corpid of a WeCom application, the suiteid of a third-party one.</summary>
    public required string AppId { get; init; }

    /// <summary>What stands at the end of every encrypted callback and is compared after decryption; of a suite that of its command address.</summary>
    public string ReceiveId => Kind == AccountKind.WeComPersonal ? "" : AppId;

    /// <summary>WeCom always encrypts, and never signs otherwise.</summary>
    public bool IsWeCom => Kind != AccountKind.OfficialAccount;

    /// <summary>Whether we can call WeChat for it by its own secret; a third-party suite acts for other companies, by other tokens.</summary>
    public bool CanCall => Kind is AccountKind.OfficialAccount or AccountKind.WeCom;

    /// <summary>Whose names its callbacks use.</summary>
    public Channel Channel => IsWeCom ? Channel.WeCom : Channel.OfficialAccount;

    /// <summary>The application's number in WeCom; messages to staff carry it.</summary>
    public int? AgentId { get; init; }

    /// <summary>How the console delivers callbacks; WeCom always encrypts.</summary>
    public CallbackMode Mode { get; init; }

    /// <summary>How rules answer.</summary>
    public ReplyWay Reply { get; init; }

    /// <summary>The account's original id, <c>gh_...</c>; optional, only shown.</summary>
    public string? OriginalId { get; init; }

    /// <summary>The callback token of the WeChat console: 3 to 32 letters or digits.</summary>
    public required string Token { get; init; }

    public required EncodingAesKey EncodingAesKey { get; init; }

    /// <summary>Tried when the current key does not decrypt, so that a key can be rotated without losing a call.</summary>
    public EncodingAesKey? PreviousEncodingAesKey { get; init; }

    /// <summary>The app secret, for calls to WeChat.</summary>
    public required string Secret { get; init; }

    /// <summary>What becomes of the coordinates of location reports; default <see cref="LocationPolicy.Drop"/>.</summary>
    public LocationPolicy Location { get; init; }

    public AccountCredentials Credentials => new(Name, AppId, Secret, Channel, AgentId);

    /// <summary>Without secrets, so that no log can print one by accident.</summary>
    public override string ToString() => $"{Kind} {Name}";
}

public enum AccountKind
{
    /// <summary>公众号 or 服务号.</summary>
    OfficialAccount,

    /// <summary>An application of the brand's own WeCom, or one developed for it (代开发).</summary>
    WeCom,

    /// <summary>A third-party application: what comes to its command address ends in the suiteid and has an InfoType, what comes to its data address ends in the corpid of the company.</summary>
    WeComSuite,

    /// <summary>A third-party application of a person: the receive-id is empty. The smart robot (智能机器人) has an empty one too, but a form that is not read yet.</summary>
    WeComPersonal,
}

/// <summary>The console's 消息加解密方式.</summary>
public enum CallbackMode
{
    /// <summary>安全模式: everything is encrypted and signed.</summary>
    Safe,

    /// <summary>兼容模式: both forms come; only the encrypted one counts, the other is not signed.</summary>
    Compatible,

    /// <summary>明文模式: the body is not signed; whoever has once seen a query can send any body with it.</summary>
    Plaintext,
}

/// <summary>How an answer of a rule reaches the customer.</summary>
public enum ReplyWay
{
    /// <summary>By the customer-service interface, within its windows.</summary>
    Api,

    /// <summary>In the response to the callback, for accounts without that interface.</summary>
    Passive,
}

/// <summary>Coordinates of location <em>reports</em>; a location that a customer sends on purpose is always kept.</summary>
public enum LocationPolicy
{
    /// <summary>Removed after the id is computed and before anything is stored.</summary>
    Drop,

    /// <summary>Kept; a track needs the customer's separate consent (PIPL Art. 28, 29).</summary>
    Keep,
}
