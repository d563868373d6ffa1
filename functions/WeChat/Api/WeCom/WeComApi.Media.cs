namespace CrmServerless.WeChat.Api.WeCom;

public sealed partial class WeComApi
{
    /// <summary>
    /// <c>cgi-bin/media/upload</c>: for 3 days, for all applications of the company. The kind follows from the content, unless it is named.
    /// A repetition makes a second medium that nobody sees and that expires: it does no harm.
    /// Rule: developer.work.weixin.qq.com/document/path/90253.
    /// </summary>
    /// <exception cref="ArgumentException">Over a limit of its kind, or not of the kind named.</exception>
    public Task<ApiResult<UploadedMedia>> MediaUpload(AccountCredentials account, MediaFile file, MediaKind? kind = null, CancellationToken cancellation = default) =>
        Upload<UploadedMedia>(account, "cgi-bin/media/upload", file, [("type", Named(file, kind))], repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/media/upload_attachment</c>: a picture or a video for Moments, for 3 days.
    /// Rule: developer.work.weixin.qq.com/document/path/95098.
    /// </summary>
    public Task<ApiResult<UploadedMedia>> MediaUploadAttachment(AccountCredentials account, MediaFile file, CancellationToken cancellation = default) =>
        Upload<UploadedMedia>(
            account, "cgi-bin/media/upload_attachment", file, [("media_type", Named(file, kind: null)), ("attachment_type", "1")], repeatable: true, cancellation);

    /// <summary>
    /// <c>cgi-bin/media/uploadimg</c>: a picture of up to 2 MB for ever, by an address that WeCom's messages show; 3000 a month and 1000 a day.
    /// Rule: developer.work.weixin.qq.com/document/path/90256.
    /// </summary>
    public Task<ApiResult<UploadedImage>> MediaUploadImg(AccountCredentials account, MediaFile file, CancellationToken cancellation = default)
    {
        file.Check(MediaKind.Image, most: 2 * 1024 * 1024);
        return Upload<UploadedImage>(account, "cgi-bin/media/uploadimg", file, [], repeatable: false, cancellation);
    }

    /// <summary>
    /// <c>cgi-bin/media/get</c>: what was uploaded, or what a customer or colleague sent, for 3 days. 40007: no such id (any more).
    /// Rule: developer.work.weixin.qq.com/document/path/90254.
    /// </summary>
    public async Task<ApiResult<MediaContent>> MediaGet(AccountCredentials account, string mediaId, CancellationToken cancellation = default)
    {
        var answer = await Send(
            account, new ApiRequest("cgi-bin/media/get", new[] { ("media_id", (string?)mediaId) }, Repeatable: true, Media: true), cancellation).ConfigureAwait(false);
        if (!answer.Status.Ok) return ApiResult<MediaContent>.Failure(answer.Status);
        // An error is JSON; a success that is JSON is no medium.
        return answer.Media is { } headers
            ? ApiResult<MediaContent>.Success(new MediaContent(answer.Body, headers.ContentType, headers.FileName))
            : ApiResult<MediaContent>.Failure(ApiCall.Answer.Unreadable);
    }

    private static string Named(MediaFile file, MediaKind? kind)
    {
        var type = kind ?? file.Kind;
        file.Check(type);
        return MediaFile.Name(type);
    }

    private Task<ApiResult<T>> Upload<T>(
        AccountCredentials account, string path, MediaFile file, (string Name, string? Value)[] query, bool repeatable, CancellationToken ct)
        where T : class => Read<T>(Send(account, new ApiRequest(path, query, file.Multipart, repeatable, Media: true), ct));
}
