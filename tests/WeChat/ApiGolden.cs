using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CrmServerless.Tests.WeChat;

/// <summary>One documented call, a file of samples/api: what is asked and what comes back.</summary>
internal sealed class ApiGolden
{
    private readonly JsonNode golden;

    private ApiGolden(JsonNode golden) => this.golden = golden;

    public string Method => (string)golden["method"]!;

    public string Path => (string)golden["path"]!;

    public bool Repeatable => (bool)golden["repeatable"]!;

    /// <summary>The JSON body; null: none.</summary>
    public JsonNode? Request => golden["request"];

    /// <summary>The file of a form; null: no form.</summary>
    public JsonNode? Form => golden["form"];

    /// <summary>The JSON that comes back; null: a medium does.</summary>
    public JsonNode? Answer => golden["response"];

    /// <summary>Beside the token, decoded.</summary>
    public Dictionary<string, string> Query =>
        golden["query"] is JsonObject query ? query.ToDictionary(q => q.Key, q => (string)q.Value!) : [];

    public static string Folder(string api) => System.IO.Path.Combine(AppContext.BaseDirectory, "samples", "api", api);

    /// <summary>The names of an API's files, without <c>.json</c>.</summary>
    public static IEnumerable<string> Names(string api) =>
        Directory.EnumerateFiles(Folder(api)).Select(f => System.IO.Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal);

    public static ApiGolden Read(string api, string name) => new(JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(Folder(api), name + ".json")))!);

    public HttpResponseMessage Response()
    {
        if (Answer is { } answer) return FakeWeChat.Json(answer.ToJsonString());
        var medium = golden["media"]!;
        var content = new ByteArrayContent(Convert.FromBase64String((string)medium["base64"]!));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse((string)medium["contentType"]!);
        content.Headers.ContentDisposition = ContentDispositionHeaderValue.Parse((string)medium["disposition"]!);
        return new HttpResponseMessage { Content = content };
    }

    /// <summary>Fails unless <paramref name="made"/> is the documented call.</summary>
    public void AssertMade(MadeCall made)
    {
        Assert.Equal((Method, "/" + Path), (made.Method, made.Path));
        Assert.Equal(Query.OrderBy(q => q.Key, StringComparer.Ordinal), made.Query.Where(q => q.Key != "access_token").OrderBy(q => q.Key, StringComparer.Ordinal));
        Assert.Equal("t1", made.Query["access_token"]);
        if (Form is { } form)
        {
            AssertForm(form, made);
            return;
        }

        Assert.Equal(Request is not null, made.Body is not null);
        if (Request is null) return;
        Assert.Equal("application/json; charset=utf-8", made.ContentType);
        var body = Encoding.UTF8.GetString(made.Body!);
        Assert.True(JsonNode.DeepEquals(Request, JsonNode.Parse(body)), body);
        // WeChat takes no escapes (40033).
        Assert.DoesNotContain("\\u", body, StringComparison.Ordinal);
    }

    // The form as curl writes it, byte by byte.
    private static void AssertForm(JsonNode form, MadeCall made)
    {
        const string Type = "multipart/form-data; boundary=";
        Assert.StartsWith(Type, made.ContentType, StringComparison.Ordinal);
        var boundary = made.ContentType![Type.Length..];
        Assert.DoesNotContain('"', boundary);
        byte[] expected =
        [
            .. Encoding.ASCII.GetBytes(
                $"--{boundary}\r\nContent-Disposition: form-data; name=\"{form["name"]}\"; filename=\"{form["fileName"]}\"\r\nContent-Type: {form["contentType"]}\r\n\r\n"),
            .. Convert.FromBase64String((string)form["base64"]!),
            .. Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n"),
        ];
        Assert.Equal(Encoding.Latin1.GetString(expected), Encoding.Latin1.GetString(made.Body!));
    }
}

/// <summary>A call as it left.</summary>
internal sealed record MadeCall(string Method, string Path, Dictionary<string, string> Query, string? ContentType, byte[]? Body)
{
    public static async Task<MadeCall> Of(HttpRequestMessage request) => new(
        request.Method.Method,
        request.RequestUri!.AbsolutePath,
        request.RequestUri.Query.TrimStart('?').Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1])),
        request.Content?.Headers.ContentType?.ToString(),
        request.Content is null ? null : await request.Content.ReadAsByteArrayAsync());
}
