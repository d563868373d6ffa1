namespace CrmServerless.WeChat.Api;

/// <summary>What an access token is made from.</summary>
/// <param name="Account">Our name of the account.</param>
/// <param name="AppId">WeChat's id of it.</param>
/// <param name="Secret">The app secret.</param>
public sealed record AccountCredentials(string Account, string AppId, string Secret)
{
    /// <summary>The account's name: the secret is never printed.</summary>
    public override string ToString() => Account;
}
