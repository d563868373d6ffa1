using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>
/// What WeChat tells about a follower. Nickname, portrait, sex and city are no longer given.
/// Rule: developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo.html.
/// </summary>
public sealed record UserInfo : WireRecord
{
    /// <summary>The openid asked for.</summary>
    public required string Openid { get; init; }

    /// <summary>1: follows. 0: does not, and only the ids are set.</summary>
    public int Subscribe { get; init; }

    /// <summary>Only if the account is bound to an open platform account.</summary>
    [JsonConverter(typeof(Trimmed))]
    public string? Unionid { get; init; }

    /// <summary>The remark set by us; null when none.</summary>
    [JsonConverter(typeof(Trimmed))]
    public string? Remark { get; init; }

    /// <summary>WeChat's tags.</summary>
    public IReadOnlyList<int>? TagidList { get; init; }

    /// <summary>Unix seconds of the last follow; 0 when not followed.</summary>
    public long SubscribeTime { get; init; }

    /// <summary>ADD_SCENE_QR_CODE and the like.</summary>
    [JsonConverter(typeof(Trimmed))]
    public string? SubscribeScene { get; init; }

    /// <summary>Numeric scene; 0 when none.</summary>
    public long QrScene { get; init; }

    /// <summary>Text scene.</summary>
    [JsonConverter(typeof(Trimmed))]
    public string? QrSceneStr { get; init; }

    /// <summary>Such as zh_CN.</summary>
    [JsonConverter(typeof(Trimmed))]
    public string? Language { get; init; }
}
