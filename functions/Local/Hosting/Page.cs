using System.Security.Cryptography;
using System.Text;
using CrmServerless.Crm.Api;

namespace CrmServerless.Local.Hosting;

/// <summary>The page, <c>/</c>: one file inside the program.</summary>
public static class Page
{
    public static void Map(OperatorRoutes api)
    {
        var html = Read();
        var policy = $"default-src 'none'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + $"script-src {Hash(html, "script")}; style-src {Hash(html, "style")} 'unsafe-inline'";
        api.Get("/", Role.Viewer, (http, _) =>
        {
            http.Response.ContentType = "text/html; charset=utf-8";
            http.Response.Headers.ContentSecurityPolicy = policy;
            return http.Response.WriteAsync(html, http.RequestAborted);
        });
    }

    private static string Read()
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream("index.html")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    // The one script is allowed by what it is, so no other can run, whatever a customer writes.
    private static string Hash(string html, string tag)
    {
        var start = html.IndexOf('>', html.IndexOf($"<{tag}", StringComparison.Ordinal)) + 1;
        var inner = html[start..html.IndexOf($"</{tag}>", start, StringComparison.Ordinal)];
        return $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(inner)))}'";
    }
}
