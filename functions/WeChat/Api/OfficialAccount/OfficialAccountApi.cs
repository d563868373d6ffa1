using System.Text.Json.Serialization.Metadata;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>
/// The server API of the Official Account (公众号, 服务号), method names after the API paths, one file a family.
/// Answers, network errors and timeouts come back as results; only the caller's own cancellation is thrown, and an
/// <see cref="ArgumentException"/> for what WeChat documents as over a limit: such a request is not sent at all.
/// Questions and writes that may be done twice are tried again after a passing fault; sends and creations never are.
/// </summary>
public sealed partial class OfficialAccountApi(WeChatTransport transport)
{
    private static OfficialAccountJson Types => OfficialAccountJson.Types;

    // Most calls: JSON there, and back only whether it went well.
    private Task<ApiResult> Do<TRequest>(
        AccountCredentials account, string path, TRequest body, JsonTypeInfo<TRequest> type, bool repeatable, CancellationToken ct) =>
        transport.Post(account, path, body, type, repeatable, ct);

    // A question that is a POST.
    private Task<ApiResult<T>> Ask<TRequest, T>(
        AccountCredentials account, string path, TRequest body, JsonTypeInfo<TRequest> type, JsonTypeInfo<T> answered, CancellationToken ct)
        where T : class =>
        transport.Post(account, path, body, type, answered, repeatable: true, ct);

    private Task<ApiResult<T>> Get<T>(AccountCredentials account, string path, JsonTypeInfo<T> answered, CancellationToken ct)
        where T : class =>
        transport.Get(account, path, default, answered, ct);

    // A call that is no JSON POST, of which only the status counts.
    private static ApiResult Status(ApiCall.Answer answer) =>
        answer.Status.Ok && !answer.HasErrCode ? ApiCall.Answer.Unreadable : answer.Status;
}
