using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CrmServerless.Local.Simulator.Front;

/// <summary>How answers, and the lack of one, look on the wire.</summary>
public static class Answers
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task Write(HttpContext http, Platform platform, Reply reply, DateTimeOffset now)
    {
        if (reply is { Code: 0, Blob: { } blob })
        {
            http.Response.ContentType = blob.ContentType;
            http.Response.Headers.ContentDisposition = $"attachment; filename=\"{blob.FileName}\"";
            await http.Response.Body.WriteAsync(blob.Bytes, http.RequestAborted);
            return;
        }

        http.Response.ContentType = "application/json; encoding=utf-8"; // as WeChat spells it
        var errmsg = reply.Bare ? "" : platform.Errmsg(reply, http.Request.Path.Value![platform.Root.Length..], ApiFront.Address(http), now);
        await http.Response.Body.WriteAsync(Json(reply, errmsg), http.RequestAborted);
    }

    /// <summary>True if the call ends here.</summary>
    public static async Task<bool> Befall(HttpContext http, Platform platform, FaultKind kind, DateTimeOffset now)
    {
        switch (kind)
        {
            case FaultKind.Busy:
                await Write(http, platform, Platform.Busy, now);
                return true;
            case FaultKind.BadGateway:
                await Html(http, 502, "502 Bad Gateway");
                return true;
            case FaultKind.Unavailable:
                await Html(http, 503, "503 Service Temporarily Unavailable");
                return true;
            case FaultKind.CutBefore:
                http.Abort();
                return true;
            default:
                return false;
        }
    }

    private static ReadOnlyMemory<byte> Json(Reply reply, string errmsg)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            if (!reply.Bare)
            {
                json.WriteNumber("errcode", reply.Code);
                json.WriteString("errmsg", errmsg);
            }

            foreach (var (name, value) in reply.Fields)
            {
                json.WritePropertyName(name);
                if (value is null) json.WriteNullValue();
                else value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return bytes.WrittenMemory;
    }

    private static Task Html(HttpContext http, int status, string title)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html";
        return http.Response.WriteAsync($"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>stgw</center>\r\n</body>\r\n</html>\r\n", http.RequestAborted);
    }
}
