using System.Net;
using CrmServerless.Crm.Api;

namespace CrmServerless.Local.Hosting;

/// <summary>
/// The operator on a laptop is whoever sits at it: the request must come from this machine, be meant for it, and not
/// have been sent by a foreign page or come through a tunnel, which is opened for WeChat's callbacks only.
/// </summary>
public static class LocalOperators
{
    private static readonly Operator Local = new("local", Enum.GetValues<Role>().ToHashSet());

    public static Operator? Resolve(HttpContext http)
    {
        var request = http.Request;
        return http.Connection.RemoteIpAddress is { } ip && IPAddress.IsLoopback(ip)
            && IsLoopback(request.Host.Host)
            && !request.Headers.Keys.Any(IsFromProxy)
            && IsOwnPage(request)
            ? Local
            : null;
    }

    private static bool IsFromProxy(string header) =>
        header.Equals("Forwarded", StringComparison.OrdinalIgnoreCase) || header.Equals("Via", StringComparison.OrdinalIgnoreCase)
        || header.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase) || header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
        || header.StartsWith("CF-", StringComparison.OrdinalIgnoreCase);

    private static bool IsOwnPage(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ } site, ..] && site is not ("same-origin" or "none")) return false;
        return request.Headers.Origin is not [{ Length: > 0 } origin, ..]
            || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && IsLoopback(uri.Host) && uri.Authority == request.Host.Value);
    }

    // A foreign name that resolves to 127.0.0.1 (DNS rebinding) is not ours.
    private static bool IsLoopback(string host) => host is "localhost" or "127.0.0.1" or "[::1]" or "::1";
}
