using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.WeChat.Api;

/// <summary>What an access token is made from.</summary>
/// <param name="Account">Our name of the account.</param>
/// <param name="AppId">The appid of an Official Account, the corpid of a WeCom application.</param>
/// <param name="Secret">The app secret; WeCom's belongs to one application, so a token does too.</param>
/// <param name="Channel">Whose API it is.</param>
/// <param name="AgentId">The number of the WeCom application; messages to staff carry it.</param>
public sealed record AccountCredentials(
    string Account, string AppId, string Secret, Channel Channel = Channel.OfficialAccount, int? AgentId = null)
{
    /// <summary>The account's name: the secret is never printed.</summary>
    public override string ToString() => Account;
}
