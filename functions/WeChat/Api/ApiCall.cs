using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CrmServerless.WeChat.Callbacks;

namespace CrmServerless.WeChat.Api;

/// <summary>One HTTP exchange. WeChat answers 200 to almost everything: the errcode in the body decides.</summary>
internal static class ApiCall
{
    /// <summary>Longest JSON answer that is read, in bytes: ten thousand openids take 0.4 MB, a large address book some MB.</summary>
    public const int MaxJson = 8 * 1024 * 1024;

    /// <summary>Longest medium that is read, in bytes: twice the largest that WeChat takes.</summary>
    public const int MaxMedia = 20 * 1024 * 1024;

    private static readonly MediaTypeHeaderValue JsonType = new("application/json", "utf-8");

    /// <summary>What came back: the status, and the body for those who expect more than a status.</summary>
    /// <param name="Status">Success, or why not.</param>
    /// <param name="HasErrCode">The body named an errcode itself.</param>
    /// <param name="Body">The body; empty where there is none of use.</param>
    /// <param name="Media">What the body is, where it is no JSON.</param>
    public readonly record struct Answer(ApiResult Status, bool HasErrCode, byte[] Body, MediaHeaders? Media = null)
    {
        /// <summary>There was no call, but a reason against it: closed for the moment, no token.</summary>
        public bool NotMade { get; private init; }

        /// <summary>A success whose body is not what the API promises.</summary>
        public static ApiResult Unreadable { get; } = ApiResult.Unanswered("unreadable answer", outcomeUnknown: true);

        /// <summary>The call is not made; whatever the reason's own outcome, this one has none.</summary>
        public static Answer Without(ApiResult reason) => new(reason with { OutcomeUnknown = false }, true, []) { NotMade = true };
    }

    /// <param name="ContentType">As sent.</param>
    /// <param name="FileName">Of Content-Disposition; null when absent.</param>
    public sealed record MediaHeaders(string ContentType, string? FileName);

    public static HttpContent Json<T>(T body, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = JsonType;
        return content;
    }

    /// <summary>Sends and reads; only the caller's own cancellation is thrown.</summary>
    /// <param name="http">The client.</param>
    /// <param name="request">The request.</param>
    /// <param name="channel">Whose codes they are.</param>
    /// <param name="timeout">For connecting, sending and reading together.</param>
    /// <param name="media">A body that is no JSON is a medium, and no fault.</param>
    /// <param name="cancellation">The caller's.</param>
    public static async Task<Answer> Send(
        HttpClient http, HttpRequestMessage request, Channel channel, TimeSpan timeout, bool media, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            // Headers first: the body is read under our own limit of size.
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            // Not taken: so say those who have too much to do, and those who have nobody behind them.
            if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) return Failed($"HTTP {(int)response.StatusCode}", outcomeUnknown: false);
            if ((int)response.StatusCode >= 500) return Failed($"HTTP {(int)response.StatusCode}", outcomeUnknown: true);
            if ((int)response.StatusCode >= 300) return await Refused(response, channel, limit.Token).ConfigureAwait(false);
            // WeChat sends errors of media calls as JSON under 200.
            var type = response.Content.Headers.ContentType?.MediaType;
            var isMedia = media && type is not null && !type.Contains("json", StringComparison.OrdinalIgnoreCase);
            var most = isMedia ? MaxMedia : MaxJson;
            if (await ReadBounded(response.Content, most, limit.Token).ConfigureAwait(false) is not { } body)
                return Failed($"answer over {most / 1024 / 1024} MiB", outcomeUnknown: true);
            if (!isMedia) return Judge(body, channel);
            // Sometimes it calls them text/plain. So is a text file: that one names no errcode.
            var said = type == "text/plain" ? Judge(body, channel) : default;
            if (said is { HasErrCode: true, Status.Ok: false }) return said;
            var disposition = response.Content.Headers.ContentDisposition;
            var headers = new MediaHeaders(response.Content.Headers.ContentType!.ToString(), (disposition?.FileNameStar ?? disposition?.FileName)?.Trim('"'));
            return new Answer(new ApiResult(0, "ok", ApiFault.None), said.HasErrCode, body, headers);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed("timeout", outcomeUnknown: true);
        }
        catch (HttpRequestException error)
        {
            return Failed($"network: {error.HttpRequestError}", outcomeUnknown: !NeverConnected(error));
        }
        catch (IOException)
        {
            return Failed("connection lost", outcomeUnknown: true);
        }
    }

    /// <summary>
    /// A status of 300 to 499. WeChat answers 200 to almost everything, so this is a proxy's or a sign-in page's: the call
    /// did not reach WeChat, and what stands in the way may pass. An errcode counts all the same, and what only the
    /// request can be blamed for (its form, its size) does not pass. A redirect is not followed: the address holds the token.
    /// </summary>
    private static async Task<Answer> Refused(HttpResponseMessage response, Channel channel, CancellationToken cancellation)
    {
        var reason = $"HTTP {(int)response.StatusCode}";
        if (await ReadBounded(response.Content, MaxJson, cancellation).ConfigureAwait(false) is { } body
            && Judge(body, channel) is { HasErrCode: true, Status.Ok: false } said) return said;
        return (int)response.StatusCode is 400 or 405 or (>= 411 and <= 417) or 422 or 431
            ? new Answer(new ApiResult(-1, reason, ApiFault.Request), false, [])
            : Failed(reason, outcomeUnknown: false);
    }

    private static Answer Judge(byte[] body, Channel channel)
    {
        if (WeChatJson.Read(body, WeChatJson.Types.StatusBody) is not { } status) return new Answer(Answer.Unreadable, false, body);
        var code = status.Errcode ?? 0;
        return new Answer(new ApiResult(code, status.Errmsg ?? "", ApiErrors.Classify(code, channel)), status.Errcode is not null, body);
    }

    private static Answer Failed(string reason, bool outcomeUnknown) => new(ApiResult.Unanswered(reason, outcomeUnknown), false, []);

    private static bool NeverConnected(HttpRequestException error) =>
        error.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
        || error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound };

    private static async Task<byte[]?> ReadBounded(HttpContent content, int most, CancellationToken cancellation)
    {
        // Who announces too much need not be read at all.
        if (content.Headers.ContentLength > most) return null;
        var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var body = new MemoryStream();
            var buffer = new byte[8 * 1024];
            while (await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false) is var read and > 0)
            {
                if (body.Length + read > most) return null;
                body.Write(buffer, 0, read);
            }

            return body.ToArray();
        }
    }
}
