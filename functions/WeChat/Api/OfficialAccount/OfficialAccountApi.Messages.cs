namespace CrmServerless.WeChat.Api.OfficialAccount;

public sealed partial class OfficialAccountApi
{
    /// <summary>
    /// <c>cgi-bin/message/custom/send</c>. Not idempotent: see <see cref="ApiResult.OutcomeUnknown"/>.
    /// Control characters, which JSON could only carry as <c>\uXXXX</c>, are left out.
    /// </summary>
    public Task<ApiResult> CustomSend(AccountCredentials account, CustomMessage message, CancellationToken cancellation = default) =>
        transport.Post(account, "cgi-bin/message/custom/send", Body(message), Types.CustomSendRequest, repeatable: false, cancellation);

    private static CustomSendRequest Body(CustomMessage message) => message switch
    {
        CustomText text => new(message.ToUser, "text", Text: new(text.Content)),
        CustomNews { Article: var article } => new(message.ToUser, "news", News: new(
            [new(article.Title, article.Description, article.Url, article.PicUrl)])),
        _ => throw new ArgumentException($"No JSON form for {message?.GetType().Name ?? "null"}.", nameof(message)),
    };
}
