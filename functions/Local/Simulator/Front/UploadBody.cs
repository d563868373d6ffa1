using Microsoft.AspNetCore.Http.Features;

namespace CrmServerless.Local.Simulator.Front;

/// <summary>The file of a multipart call.</summary>
public static class UploadBody
{
    /// <summary>The form field that both platforms read.</summary>
    private const string Field = "media";

    /// <summary>Null where there is none: another form, another field, too much of it.</summary>
    public static async Task<Upload?> Read(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return null;
        try
        {
            var form = await http.Request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = StrictBody.MaxUpload }, http.RequestAborted);
            // A part without a file name is a text field to a form reader, and nothing to the platforms.
            if (form.Files[Field] is not { } file) return null;
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, http.RequestAborted);
            return new Upload(file.FileName is { Length: > 0 } name ? name : null, bytes.ToArray());
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            return null; // the API answers that the medium is missing
        }
    }
}
