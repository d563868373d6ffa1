using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace CrmServerless.Crm.Api;

/// <summary>JSON in and out, and problems as RFC 9457 has them.</summary>
public static class HttpJson
{
    /// <summary>Largest body of an ops request, in bytes.</summary>
    public const int MaxBody = 256 * 1024;

    public static Task Write<T>(this HttpContext http, T value, JsonTypeInfo<T> type) =>
        http.Response.WriteAsJsonAsync(value, type, cancellationToken: http.RequestAborted);

    public static Task Problem(this HttpContext http, int status, string detail, IReadOnlyList<string>? errors = null)
    {
        http.Response.StatusCode = status;
        var problem = new Problem("about:blank", Title(status), status, detail, errors);
        return http.Response.WriteAsJsonAsync(problem, ApiJson.Types.Problem, "application/problem+json", http.RequestAborted);
    }

    public static Task Missing(this HttpContext http, string what) => http.Problem(404, $"There is no such {what}.");

    /// <summary>Reads the body; null if it is too large.</summary>
    public static async Task<byte[]?> ReadBody(this HttpContext http, int most = MaxBody)
    {
        if (http.Request.ContentLength > most) return null;
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        while (await http.Request.Body.ReadAsync(buffer, http.RequestAborted) is var read and > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > most) return null;
        }

        var bytes = body.GetBuffer().AsSpan(0, (int)body.Length);
        return (bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes).ToArray(); // some editors write a mark
    }

    /// <summary>Reads a JSON body; answers a problem and gives null if it is none. An empty body is an empty object.</summary>
    public static async Task<T?> ReadJson<T>(this HttpContext http, JsonTypeInfo<T> type) where T : class
    {
        if (await http.ReadBody() is not { } body)
        {
            await http.Problem(413, $"The body is larger than {MaxBody} bytes.");
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(body.Length == 0 ? "{}"u8 : body, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            await http.Problem(400, $"The body is not what is expected here, at {e.Path ?? "$"}.");
            return null;
        }
    }

    public static string Route(this HttpContext http, string name) => (string)http.Request.RouteValues[name]!;

    public static string? Query(this HttpContext http, string name) =>
        http.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>The page size asked for, kept between 1 and 200.</summary>
    public static int Take(this HttpContext http, int standard = 50) =>
        int.TryParse(http.Query("take"), NumberStyles.None, CultureInfo.InvariantCulture, out var take) ? Math.Clamp(take, 1, 200) : standard;

    private static string Title(int status) => status switch
    {
        400 => "Bad request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not found",
        409 => "Conflict",
        413 => "Too large",
        422 => "Not acceptable as it is",
        _ => "Error",
    };
}

public sealed record Problem(string Type, string Title, int Status, string Detail, IReadOnlyList<string>? Errors);
