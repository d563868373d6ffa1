namespace CrmServerless.WeChat.Api.WeCom;

internal sealed record UnionidRequest(string Unionid, string? Openid) : WeComRequest;

/// <param name="ExternalUserid">Null if he is no customer.</param>
public sealed record CustomerOfUnionid(string? ExternalUserid = null) : WireRecord;

internal sealed record ConvertToOpenidRequest(string ExternalUserid) : WeComRequest;

/// <param name="Openid">At the application that the company pays by.</param>
public sealed record CustomerOpenid(string Openid) : WireRecord;

internal sealed record BatchToExternalUseridRequest(IReadOnlyList<string> Mobiles) : WeComRequest
{
    internal override void Check() => WeComLimits.Needed(Mobiles, "mobiles");
}

/// <summary>Who was found, and who was not.</summary>
public sealed record CustomersOfMobiles : WireRecord
{
    public IReadOnlyList<CustomerOfMobile> SuccessList { get => field ?? []; init; }

    public IReadOnlyList<UnknownMobile> FailList { get => field ?? []; init; }
}

/// <param name="Mobile">As asked.</param>
/// <param name="ExternalUserid">Whose it is.</param>
/// <param name="ForeignKey">Of the import by which he came.</param>
public sealed record CustomerOfMobile(string? Mobile = null, string? ExternalUserid = null, string? ForeignKey = null) : WireRecord;

/// <param name="Mobile">As asked.</param>
/// <param name="Errcode">Why not.</param>
/// <param name="Errmsg">For people.</param>
public sealed record UnknownMobile(string? Mobile = null, int Errcode = 0, string? Errmsg = null) : WireRecord;
