using CrmServerless.WeChat.Api;
using CrmServerless.WeChat.Crypto;

namespace CrmServerless.Crm.Accounts;

/// <summary>One Official Account (公众号) that calls us. Settings: <c>Accounts__{Name}__{property}</c>.</summary>
public sealed record Account
{
    /// <summary>The name in the callback's URL, <c>/api/wechat/{name}</c>; 1 to 32 of <c>a-z 0-9 -</c>.</summary>
    public required string Name { get; init; }

    public required AccountKind Kind { get; init; }

    /// <summary>The appid; also the receive-id in every encrypted callback.</summary>
    public required string AppId { get; init; }

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

    public AccountCredentials Credentials => new(Name, AppId, Secret);

    /// <summary>Without secrets, so that no log can print one by accident.</summary>
    public override string ToString() => $"{Kind} {Name}";
}

public enum AccountKind
{
    OfficialAccount,
}

/// <summary>Coordinates of location <em>reports</em>; a location that a customer sends on purpose is always kept.</summary>
public enum LocationPolicy
{
    /// <summary>Removed after the id is computed and before anything is stored.</summary>
    Drop,

    /// <summary>Kept; a track needs the customer's separate consent (PIPL Art. 28, 29).</summary>
    Keep,
}
