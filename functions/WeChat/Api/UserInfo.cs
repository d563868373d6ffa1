namespace CrmServerless.WeChat.Api;

/// <summary>
/// What WeChat tells about a follower. Nickname, portrait, sex and city are no longer given.
/// Rule: developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo.html.
/// </summary>
/// <param name="OpenId">The openid asked for.</param>
/// <param name="Subscribed">False: only the ids are set.</param>
/// <param name="UnionId">Only if the account is bound to an open platform account.</param>
/// <param name="Remark">The remark set by us; null when none.</param>
/// <param name="TagIds">WeChat's tags.</param>
/// <param name="SubscribeTime">Unix seconds of the last follow; 0 when not followed.</param>
/// <param name="SubscribeScene">ADD_SCENE_QR_CODE and the like.</param>
/// <param name="QrScene">Numeric scene; 0 when none.</param>
/// <param name="QrSceneStr">Text scene.</param>
/// <param name="Language">Such as zh_CN.</param>
public sealed record UserInfo(
    string OpenId,
    bool Subscribed,
    string? UnionId,
    string? Remark,
    IReadOnlyList<int> TagIds,
    long SubscribeTime,
    string? SubscribeScene,
    long QrScene,
    string? QrSceneStr,
    string? Language)
{
    /// <summary>Nothing of the person.</summary>
    public override string ToString() => nameof(UserInfo);
}
