using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>
/// The server API of WeCom (企业微信), method names after the API paths, one file a family. The token stands in the
/// address here, which is therefore never logged.
/// Answers, network errors and timeouts come back as results; only the caller's own cancellation is thrown, and an
/// <see cref="ArgumentException"/> where a request is over a documented limit: that call is not made.
/// </summary>
public sealed partial class WeComApi(WeChatTransport transport)
{
    /// <summary>No relation. Where only a colleague is named, it says that he has no customers.</summary>
    private const int NoRelation = 84061;

    private static readonly MediaTypeHeaderValue JsonType = new("application/json", "utf-8");

    private Task<ApiResult<T>> Get<T>(AccountCredentials account, string path, (string Name, string? Value)[] query, CancellationToken ct)
        where T : class => Read<T>(Send(account, new ApiRequest(path, query, Repeatable: true), ct));

    private Task<ApiResult<T>> Post<T>(AccountCredentials account, string path, WeComRequest body, bool repeatable, CancellationToken ct)
        where T : class => Read<T>(Send(account, With(path, body, repeatable), ct));

    private Task<ApiResult> Post(AccountCredentials account, string path, WeComRequest body, bool repeatable, CancellationToken ct) =>
        Status(Send(account, With(path, body, repeatable), ct));

    private Task<ApiCall.Answer> Send(AccountCredentials account, ApiRequest request, CancellationToken ct) => account.Channel == Channel.WeCom
        ? transport.Call(account, request, ct)
        : throw new ArgumentException($"The account {account} is no WeCom application.", nameof(account));

    private static ApiRequest With(string path, WeComRequest body, bool repeatable)
    {
        body.Check();
        var json = JsonSerializer.SerializeToUtf8Bytes(body, WeComJson.Requests.GetTypeInfo(body.GetType()));
        return new ApiRequest(path, Body: () => new ByteArrayContent(json) { Headers = { ContentType = JsonType } }, Repeatable: repeatable);
    }

    private static async Task<ApiResult> Status(Task<ApiCall.Answer> call) => Status(await call.ConfigureAwait(false));

    private static async Task<ApiResult<T>> Read<T>(Task<ApiCall.Answer> call)
        where T : class
    {
        var answer = await call.ConfigureAwait(false);
        var status = Status(answer);
        return status.Ok ? WeChatTransport.Read(answer, WeComJson.Answer<T>()) : ApiResult<T>.Failure(status);
    }

    // WeCom names an errcode in every answer. Without it "{}" would be a colleague without customers.
    private static ApiResult Status(ApiCall.Answer answer) => answer.Status.Ok && !answer.HasErrCode ? ApiCall.Answer.Unreadable : answer.Status;

    private static async Task<ApiResult<T>> NobodyIsEmpty<T>(Task<ApiResult<T>> call)
        where T : class, new()
    {
        var result = await call.ConfigureAwait(false);
        return result.ErrCode == NoRelation ? ApiResult<T>.Success(new T()) : result;
    }

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
