using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CrmServerless.WeChat.Api;

/// <summary>One HTTP call. WeChat answers 200 to almost everything: the errcode in the body decides.</summary>
internal static class ApiCall
{
    private const int MaxBody = 1024 * 1024;

    private static readonly Meter Meter = new("CrmServerless");

    /// <summary>Calls by API path, without the query, which holds tokens, and by errcode; -1 also where nothing was answered.</summary>
    private static readonly Counter<long> Calls = Meter.CreateCounter<long>("crm.wechat.calls", "{call}");

    private static readonly MediaTypeHeaderValue JsonType = new("application/json", "utf-8");

    /// <summary>What came back: the status, and the body for those who expect more than a status.</summary>
    public readonly record struct Answer(ApiResult Status, bool HasErrCode, byte[] Body)
    {
        /// <summary>A success whose body is not what the API promises.</summary>
        public static ApiResult Unreadable { get; } = ApiResult.Unanswered("unreadable answer", outcomeUnknown: true);
    }

    public static HttpRequestMessage Get(WeChatApiOptions options, string pathAndQuery) =>
        new(HttpMethod.Get, Address(options, pathAndQuery));

    public static HttpRequestMessage Post<T>(WeChatApiOptions options, string pathAndQuery, T body, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = JsonType;
        return new HttpRequestMessage(HttpMethod.Post, Address(options, pathAndQuery)) { Content = content };
    }

    /// <summary>Sends and reads; only the caller's own cancellation is thrown.</summary>
    public static async Task<Answer> Send(HttpClient http, WeChatApiOptions options, HttpRequestMessage request, CancellationToken cancellation)
    {
        var api = Path(options, request.RequestUri!); // before: a handler on the way may send it elsewhere
        var answer = await SendUncounted(http, options, request, cancellation).ConfigureAwait(false);
        Calls.Add(1, new("api", api), new("code", answer.Status.ErrCode));
        return answer;
    }

    private static async Task<Answer> SendUncounted(HttpClient http, WeChatApiOptions options, HttpRequestMessage request, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.Timeout);
        try
        {
            // Headers first: the body is read under our own limit of size.
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.TooManyRequests) return Failed("HTTP 429", outcomeUnknown: false);
            if ((int)response.StatusCode >= 500) return Failed($"HTTP {(int)response.StatusCode}", outcomeUnknown: true);
            var body = await ReadBounded(response.Content, limit.Token).ConfigureAwait(false);
            return body is null ? Failed("answer over 1 MiB", outcomeUnknown: true) : Judge(body);
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

    private static Answer Judge(byte[] body)
    {
        if (WeChatJson.Read(body, WeChatJson.Types.StatusBody) is not { } status) return new Answer(Answer.Unreadable, false, body);
        var code = status.Errcode ?? 0;
        return new Answer(new ApiResult(code, status.Errmsg ?? "", ApiErrors.Classify(code)), status.Errcode is not null, body);
    }

    private static Answer Failed(string reason, bool outcomeUnknown) => new(ApiResult.Unanswered(reason, outcomeUnknown), false, []);

    private static bool NeverConnected(HttpRequestException error) =>
        error.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
        || error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound };

    private static async Task<byte[]?> ReadBounded(HttpContent content, CancellationToken cancellation)
    {
        var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var body = new MemoryStream();
            var buffer = new byte[8 * 1024];
            while (await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false) is var read and > 0)
            {
                if (body.Length + read > MaxBody) return null;
                body.Write(buffer, 0, read);
            }

            return body.ToArray();
        }
    }

    private static string Path(WeChatApiOptions options, Uri address) =>
        address.AbsolutePath[options.OfficialAccountBase.AbsolutePath.TrimEnd('/').Length..].TrimStart('/');

    private static Uri Address(WeChatApiOptions options, string pathAndQuery) =>
        // Uri drops the last segment of a base without a trailing slash.
        new(options.OfficialAccountBase.AbsoluteUri.TrimEnd('/') + "/" + pathAndQuery);
}
