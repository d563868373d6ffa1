using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace CrmServerless.WeChat.Api.OfficialAccount;

/// <summary>
/// A form with one file, as curl writes it: names in quotes and the boundary without. WeChat finds no medium (41005) in
/// the form that .NET writes by itself. The file's name is ours, so that it is ASCII and nobody's.
/// </summary>
internal static class MediaForm
{
    public static HttpContent Of(ReadOnlyMemory<byte> content, MediaKind kind)
    {
        var boundary = "crm" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var file = new ReadOnlyMemoryContent(content);
        file.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"media\"; filename=\"media.{kind.Extension}\"");
        file.Headers.ContentType = new MediaTypeHeaderValue(kind.ContentType);
        var form = new MultipartFormDataContent(boundary) { file };
        form.Headers.Remove("Content-Type");
        form.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={boundary}");
        return form;
    }
}
