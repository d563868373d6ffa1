namespace CrmServerless.WeChat.Api;

/// <summary>
/// The server API of the Official Account, method names after the API paths. A faulty token is renewed once and the call repeated once.
/// Answers, network errors and timeouts come back as results; only the caller's own cancellation is thrown.
/// </summary>
public sealed class OfficialAccountApi(HttpClient http, TokenCentre tokens, WeChatApiOptions options)
{
    /// <summary>
    /// <c>cgi-bin/message/custom/send</c>. Not idempotent: see <see cref="ApiResult.OutcomeUnknown"/>.
    /// Control characters, which JSON could only carry as <c>\uXXXX</c>, are left out.
    /// </summary>
    public async Task<ApiResult> CustomSend(AccountCredentials account, CustomMessage message, CancellationToken cancellation = default)
    {
        var body = Body(message);
        var answer = await WithToken(
            account,
            token => ApiCall.Post(options, "cgi-bin/message/custom/send?access_token=" + token, body, WeChatJson.Types.CustomSendRequest),
            cancellation).ConfigureAwait(false);
        // A JSON body that does not say "errcode":0 is not WeChat's answer to a send.
        return answer.Status.Ok && !answer.HasErrCode ? ApiCall.Answer.Unreadable : answer.Status;
    }

    /// <summary><c>cgi-bin/user/info</c>.</summary>
    public async Task<ApiResult<UserInfo>> UserInfo(AccountCredentials account, string openId, CancellationToken cancellation = default)
    {
        var answer = await WithToken(
            account,
            token => ApiCall.Get(options, $"cgi-bin/user/info?access_token={token}&openid={Uri.EscapeDataString(openId)}&lang=zh_CN"),
            cancellation).ConfigureAwait(false);
        if (!answer.Status.Ok) return ApiResult<UserInfo>.Failure(answer.Status);
        return WeChatJson.Read(answer.Body, WeChatJson.Types.UserInfoBody) is { Openid: { Length: > 0 } found } user
            ? ApiResult<UserInfo>.Success(new UserInfo(
                found, user.Subscribe == 1, Present(user.Unionid), Present(user.Remark), user.TagidList ?? [], user.SubscribeTime,
                Present(user.SubscribeScene), user.QrScene, Present(user.QrSceneStr), Present(user.Language)))
            : ApiResult<UserInfo>.Failure(ApiCall.Answer.Unreadable);
    }

    private async Task<ApiCall.Answer> WithToken(AccountCredentials account, Func<string, HttpRequestMessage> request, CancellationToken cancellation)
    {
        for (var renewed = false; ; renewed = true)
        {
            var token = await tokens.Get(account, cancellation).ConfigureAwait(false);
            // Whatever became of the token call, this one was never made.
            if (!token.Ok) return new ApiCall.Answer(token with { OutcomeUnknown = false }, true, []);
            using var message = request(Uri.EscapeDataString(token.Value!));
            var answer = await ApiCall.Send(http, options, message, cancellation).ConfigureAwait(false);
            if (!ApiErrors.IsTokenFault(answer.Status.ErrCode)) return answer;
            tokens.Invalidate(account.Account, token.Value!);
            if (renewed) return answer;
        }
    }

    private static CustomSendRequest Body(CustomMessage message) => message switch
    {
        CustomText text => new(message.ToUser, "text", new(text.Content), null),
        CustomNews { Article: var article } => new(message.ToUser, "news", null, new(
            [new(article.Title, article.Description, article.Url, article.PicUrl)])),
        _ => throw new ArgumentException($"No JSON form for {message?.GetType().Name ?? "null"}.", nameof(message)),
    };

    // Samples of the documentation show a blank before the unionid.
    private static string? Present(string? text) => text?.Trim() is { Length: > 0 } value ? value : null;
}
