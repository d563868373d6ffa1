using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace CrmServerless.Tests.WeChat;

/// <summary>
/// The files of samples/api/wecom: one pair of request and response for each call, after the official pages, named after the API's path
/// (<c>path~variant</c> where there are several).
/// </summary>
internal sealed record WeComApiSample(string Method, string Path, IReadOnlyDictionary<string, string> Query, JsonNode? Request, WeComApiSample.Part? Multipart, byte[] Response, WeComApiSample.Medium? Media)
{
    public static readonly string Folder = System.IO.Path.Combine(AppContext.BaseDirectory, "samples", "api", "wecom");

    public static readonly string[] OnDisk =
        [.. Directory.EnumerateFiles(Folder).Select(file => System.IO.Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <param name="FileName">Of the part.</param>
    /// <param name="Content">Its bytes.</param>
    public sealed record Part(string FileName, byte[] Content);

    public sealed record Medium(string ContentType, string FileName);

    public static WeComApiSample Read(string name)
    {
        var file = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(Folder, name + ".json")))!.AsObject();
        var part = file["multipart"] is { } sent ? new Part((string)sent["filename"]!, Bytes(sent)) : null;
        var medium = file["media"] is { } answered ? new Medium((string)answered["contentType"]!, (string)answered["fileName"]!) : null;
        return new WeComApiSample(
            (string)file["method"]!, (string)file["path"]!, file["query"]!.AsObject().ToDictionary(q => q.Key, q => (string)q.Value!), file["request"]?.DeepClone(), part,
            medium is null ? Encoding.UTF8.GetBytes(file["response"]!.ToJsonString()) : Bytes(file["media"]!), medium);
    }

    /// <summary>The name of the client's method that makes this call, without its capitals.</summary>
    public static string MethodOf(string name) => string.Concat(name.Split('~')[0].Where(char.IsLetterOrDigit));

    public HttpResponseMessage Answer()
    {
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Response) };
        answer.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(Media?.ContentType ?? "application/json; charset=UTF-8");
        if (Media is not null) answer.Content.Headers.ContentDisposition = new("attachment") { FileName = $"\"{Media.FileName}\"" };
        return answer;
    }

    private static byte[] Bytes(JsonNode node) => node["base64"] is { } coded ? Convert.FromBase64String((string)coded!) : Encoding.UTF8.GetBytes((string)node["content"]!);
}
