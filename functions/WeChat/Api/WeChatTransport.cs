using System.Text.Json.Serialization.Metadata;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.WeChat.Api;

/// <summary>
/// The way to WeChat, common to all typed clients: the token, what is closed or limited, the one repetition after a
/// faulty token, a few tries of what may be repeated, a measurement. Answers, network errors and timeouts come back as
/// results; only the caller's own cancellation is thrown. No token or secret is in a result, a metric or a span.
/// </summary>
public sealed class WeChatTransport(HttpClient http, TokenCentre tokens, ApiGates gates, WeChatApiOptions options, TimeProvider time)
{
    /// <summary>
    /// Asked before a message tries an open circuit: both platforms have it, it changes nothing, needs no permission, and
    /// neither names a limit below that of any API.
    /// Rules: developers.weixin.qq.com/doc/service/api/base/api_getapidomainip.html, developer.work.weixin.qq.com/document/path/92520.
    /// </summary>
    private static readonly ApiRequest Question = new("cgi-bin/get_api_domain_ip", Repeatable: true);

    /// <summary>A call for its status. <paramref name="repeatable"/>: doing it twice does no harm, so a passing fault is tried again here.</summary>
    internal async Task<ApiResult> Post<TRequest>(
        AccountCredentials account, string path, TRequest body, JsonTypeInfo<TRequest> type, bool repeatable, CancellationToken cancellation)
    {
        var answer = await Call(account, new(path, Body: () => ApiCall.Json(body, type), Repeatable: repeatable), cancellation).ConfigureAwait(false);
        // A JSON body that does not say "errcode":0 is not WeChat's answer to such a call.
        return answer.Status.Ok && !answer.HasErrCode ? ApiCall.Answer.Unreadable : answer.Status;
    }

    /// <summary>A call for what it answers.</summary>
    internal async Task<ApiResult<T>> Post<TRequest, T>(
        AccountCredentials account, string path, TRequest body, JsonTypeInfo<TRequest> type, JsonTypeInfo<T> answered, bool repeatable, CancellationToken cancellation)
        where T : class =>
        Read(await Call(account, new(path, Body: () => ApiCall.Json(body, type), Repeatable: repeatable), cancellation).ConfigureAwait(false), answered);

    /// <summary>A question; it may always be repeated.</summary>
    internal async Task<ApiResult<T>> Get<T>(
        AccountCredentials account, string path, ReadOnlyMemory<(string Name, string? Value)> query, JsonTypeInfo<T> answered, CancellationToken cancellation)
        where T : class =>
        Read(await Call(account, new(path, query, Repeatable: true), cancellation).ConfigureAwait(false), answered);

    /// <summary>Opens what quotas closed, see <see cref="ApiGates.Reopen"/>.</summary>
    internal Task Reopen(string account, CancellationToken cancellation) => gates.Reopen(account, cancellation);

    /// <summary>A call of any other form.</summary>
    internal async Task<ApiCall.Answer> Call(AccountCredentials account, ApiRequest request, CancellationToken cancellation)
    {
        for (var (tries, delay) = (0, options.RetryDelay); ; tries++, delay *= 2)
        {
            var answer = await WithToken(account, request, cancellation).ConfigureAwait(false);
            // What was not made says itself when to come back, or has waited for its token with all patience there is.
            var again = request.Repeatable && tries < options.Retries
                && answer is { NotMade: false, Status: { Fault: ApiFault.Transient, NotBefore: null } };
            if (!again) return answer;
            await Task.Delay(delay * (1 + (Random.Shared.NextDouble() / 2)), time, cancellation).ConfigureAwait(false);
        }
    }

    internal static ApiResult<T> Read<T>(ApiCall.Answer answer, JsonTypeInfo<T> type)
        where T : class
    {
        if (!answer.Status.Ok) return ApiResult<T>.Failure(answer.Status);
        return WeChatJson.Read(answer.Body, type) is { } value ? ApiResult<T>.Success(value) : ApiResult<T>.Failure(ApiCall.Answer.Unreadable);
    }

    private async Task<ApiCall.Answer> WithToken(AccountCredentials account, ApiRequest request, CancellationToken cancellation)
    {
        var entry = await gates.Enter(account, request.Path, cancellation).ConfigureAwait(false);
        if (entry.Refused is { } closed) return Withheld(request, closed);
        try
        {
            for (var renewed = false; ; renewed = true)
            {
                var token = await tokens.Get(account, cancellation).ConfigureAwait(false);
                if (!token.Ok) return ApiCall.Answer.Without(token);
                if (entry.IsTrial && !request.Repeatable && !renewed
                    && await Ask(account, request.Path, entry, token.Value!, cancellation).ConfigureAwait(false) is { } obstacle) return Withheld(request, obstacle);
                var answer = await Send(account, request, token.Value!, cancellation).ConfigureAwait(false);
                if (ApiErrors.IsTokenFault(answer.Status.ErrCode, account.Channel))
                {
                    tokens.Invalidate(account.Account, token.Value!);
                    if (!renewed) continue;
                }

                return answer with { Status = await gates.Learn(account, request.Path, answer.Status, entry).ConfigureAwait(false) };
            }
        }
        finally
        {
            // Cancelled, or without a token: had it been the trial of a broken circuit, nobody else would ever be let in.
            gates.Leave(account, request.Path, entry);
        }
    }

    /// <summary>
    /// Before something that must not be done twice tries a circuit: on a line that is cut, each trial would cost one
    /// customer's answer, since nobody knows whether it got there. Null: WeChat answers, whatever it says, and the call is
    /// the trial. Else the trial has failed, without the call.
    /// </summary>
    private async Task<ApiResult?> Ask(AccountCredentials account, string api, GateEntry entry, string token, CancellationToken cancellation)
    {
        if (await gates.Count(account, Question.Path, cancellation).ConfigureAwait(false) is { } full) return full;
        var answer = await Send(account, Question, token, cancellation).ConfigureAwait(false);
        if (!answer.Status.IsSilence) return null;
        var failed = await gates.Learn(account, api, answer.Status, entry).ConfigureAwait(false);
        return ApiResult.Withheld(-1, ApiFault.Transient, failed.NotBefore ?? time.GetUtcNow());
    }

    private static ApiCall.Answer Withheld(ApiRequest request, ApiResult why)
    {
        ApiMeter.Withheld(request.Path, why.ErrCode);
        return ApiCall.Answer.Without(why);
    }

    private async Task<ApiCall.Answer> Send(AccountCredentials account, ApiRequest request, string token, CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(request.Body is null ? HttpMethod.Get : HttpMethod.Post, Address(account, request, token));
        message.Content = request.Body?.Invoke();
        using var measured = ApiMeter.Begin(account, request.Path);
        var answer = await ApiCall.Send(
            http, message, account.Channel, request.Media ? options.MediaTimeout : options.Timeout, request.Media, cancellation).ConfigureAwait(false);
        measured.End(answer.Status);
        return answer.Status.Ok ? answer : answer with { Status = answer.Status.Without(token).Without(account.Secret) };
    }

    private Uri Address(AccountCredentials account, ApiRequest request, string token)
    {
        var address = new System.Text.StringBuilder(Base(account.Channel).AbsoluteUri.TrimEnd('/'))
            .Append('/').Append(request.Path).Append("?access_token=").Append(Uri.EscapeDataString(token));
        foreach (var (name, value) in request.Query.Span)
            if (value is not null) address.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return new Uri(address.ToString());
    }

    private Uri Base(Channel channel) => channel == Channel.WeCom ? options.WeComBase : options.OfficialAccountBase;
}

/// <param name="Path">The API's path without a leading slash: it names the API in limits, metrics and health.</param>
/// <param name="Query">Parameters beside the token; those that are null are left out.</param>
/// <param name="Body">Makes the body, anew for every try; null for a GET.</param>
/// <param name="Repeatable">Doing it twice does no harm.</param>
/// <param name="Media">The body or the answer is a medium: it may take longer, and the answer need not be JSON.</param>
internal sealed record ApiRequest(
    string Path, ReadOnlyMemory<(string Name, string? Value)> Query = default, Func<HttpContent>? Body = null, bool Repeatable = false, bool Media = false);
