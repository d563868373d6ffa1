using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.WeChat.Api;

/// <summary>
/// Asks WeChat for a token: <c>stable_token</c> of the Official Account, which gives everybody who asks the same one,
/// <c>gettoken</c> of WeCom, which does so too.
/// Rules: developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html (10,000 calls a minute, 500,000 a
/// day, <c>force_refresh</c> 20 a day), developer.work.weixin.qq.com/document/path/91039.
/// </summary>
internal sealed class TokenEndpoint(HttpClient http, WeChatApiOptions options)
{
    /// <summary>Longest life that is believed: a token that ends sooner is noticed by its failure.</summary>
    private static readonly TimeSpan LifeMost = TimeSpan.FromDays(1);

    /// <summary>One call, under its own time limit and nobody's cancellation: others wait for it.</summary>
    /// <param name="account">Whose token.</param>
    /// <param name="force">A new one although there is one; the old one is void at once.</param>
    public async Task<TokenAnswer> Ask(AccountCredentials account, bool force)
    {
        using var request = account.Channel == Channel.WeCom ? WeCom(account) : OfficialAccount(account, force);
        using var measured = ApiMeter.Begin(account, Path(account.Channel));
        var answer = await ApiCall.Send(http, request, account.Channel, options.Timeout, media: false, CancellationToken.None).ConfigureAwait(false);
        measured.End(answer.Status);
        // The outcome of a token call is nobody's concern: asking again does no harm.
        if (!answer.Status.Ok) return new TokenAnswer(answer.Status.Without(account.Secret) with { OutcomeUnknown = false }, "", default);
        return WeChatJson.Read(answer.Body, WeChatJson.Types.TokenBody) is { AccessToken: { Length: > 0 } token, ExpiresIn: > 0 and var seconds }
            ? new TokenAnswer(answer.Status, token, TimeSpan.FromSeconds(seconds) is var life && life < LifeMost ? life : LifeMost)
            : new TokenAnswer(ApiResult.Unanswered("an answer without a token", outcomeUnknown: false), "", default);
    }

    private static string Path(Channel channel) => channel == Channel.WeCom ? "cgi-bin/gettoken" : "cgi-bin/stable_token";

    private HttpRequestMessage WeCom(AccountCredentials account) => new(HttpMethod.Get, Address(
        options.WeComBase, $"{Path(Channel.WeCom)}?corpid={Uri.EscapeDataString(account.AppId)}&corpsecret={Uri.EscapeDataString(account.Secret)}"));

    private HttpRequestMessage OfficialAccount(AccountCredentials account, bool force) =>
        new(HttpMethod.Post, Address(options.OfficialAccountBase, Path(Channel.OfficialAccount)))
        {
            Content = ApiCall.Json(new TokenRequest("client_credential", account.AppId, account.Secret, force ? true : null), WeChatJson.Types.TokenRequest),
        };

    private static Uri Address(Uri root, string pathAndQuery) => new(root.AbsoluteUri.TrimEnd('/') + "/" + pathAndQuery);
}

/// <param name="Status">Success, or why not.</param>
/// <param name="Token">The token of a success.</param>
/// <param name="Life">How long it is valid from now on.</param>
internal readonly record struct TokenAnswer(ApiResult Status, string Token, TimeSpan Life)
{
    /// <summary>Never the token.</summary>
    public override string ToString() => Status.ToString();
}
