namespace CrmServerless.WeChat.Api.OfficialAccount;

public sealed partial class OfficialAccountApi
{
    // The largest second that a DateTimeOffset holds.
    private const long LastSecond = 253402300799;

    /// <summary>
    /// <c>cgi-bin/media/upload</c>: a picture, a voice recording or a video, told apart by its bytes; kept for 3 days.
    /// Rule: developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia.html.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="content">All of it; see <see cref="MediaKind"/> for what it may be and how large.</param>
    /// <param name="thumb">A cover for a video, for music or for a mini program's page: a JPG of 64 KB.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="ArgumentException">WeChat does not take it.</exception>
    public async Task<ApiResult<UploadedMedia>> MediaUpload(
        AccountCredentials account, ReadOnlyMemory<byte> content, bool thumb = false, CancellationToken cancellation = default)
    {
        var kind = MediaKind.Required(content.Span, thumb);
        var request = new ApiRequest("cgi-bin/media/upload", new[] { ("type", (string?)kind.Type) }, () => MediaForm.Of(content, kind), Media: true);
        var answer = WeChatTransport.Read(await transport.Call(account, request, cancellation).ConfigureAwait(false), Types.UploadAnswer);
        if (!answer.Ok) return ApiResult<UploadedMedia>.Failure(answer);
        return answer.Required is { CreatedAt: > 0 and <= LastSecond and var at } made && (made.MediaId ?? made.ThumbMediaId) is { } id
            ? ApiResult<UploadedMedia>.Success(new UploadedMedia(made.Type, id, DateTimeOffset.FromUnixTimeSeconds(at)))
            : ApiResult<UploadedMedia>.Failure(ApiCall.Answer.Unreadable);
    }

    /// <summary>
    /// <c>cgi-bin/media/get</c>: a medium that we uploaded or a customer sent, within 3 days, up to 20 MiB.
    /// Rule: developers.weixin.qq.com/doc/service/api/material/temporary/api_getmedia.html.
    /// </summary>
    public async Task<ApiResult<MediaContent>> MediaGet(AccountCredentials account, string mediaId, CancellationToken cancellation = default)
    {
        var request = new ApiRequest("cgi-bin/media/get", new[] { ("media_id", (string?)Limits.Filled(mediaId)) }, Repeatable: true, Media: true);
        var answer = await transport.Call(account, request, cancellation).ConfigureAwait(false);
        // A video comes as its address, in JSON, whatever that is said to be.
        var video = WeChatTransport.Read(answer, Types.VideoAnswer);
        if (video.Ok) return ApiResult<MediaContent>.Success(new MediaContent { VideoUrl = video.Required.VideoUrl.Trim() });
        if (answer is not { Status.Ok: true, Media: { } medium }) return ApiResult<MediaContent>.Failure(video);
        return answer.Body.Length == 0 || IsPage(medium.ContentType)
            ? ApiResult<MediaContent>.Failure(ApiCall.Answer.Unreadable)
            : ApiResult<MediaContent>.Success(new MediaContent { Bytes = answer.Body, ContentType = medium.ContentType, FileName = medium.FileName });
    }

    // A page of a proxy is no medium.
    private static bool IsPage(string contentType) =>
        contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) && !contentType.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase);
}
