using System.Text.Json;
using System.Text.Json.Serialization;
using CrmServerless.Crm.Api;
using Microsoft.AspNetCore.Http;

namespace CrmServerless.Azure.Hosting;

/// <summary>
/// The operator is who App Service authentication (Entra) says, in a header that the platform takes off every call from
/// outside. The app roles <c>Viewer</c>, <c>Agent</c> and <c>Marketer</c> are the operator's roles.
/// https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities
/// </summary>
public sealed class AppServiceOperators(bool signIn)
{
    private const string Header = "X-MS-CLIENT-PRINCIPAL";
    private const int MaxHeader = 32 * 1024;

    /// <summary>Entra's own names of the role claim, before and after App Service has mapped it.</summary>
    private static readonly string[] RoleClaims = ["roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"];

    private static readonly string[] NameClaims = ["preferred_username", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", "name"];

    public Operator? Resolve(HttpContext http)
    {
        // A cookie comes along with what another site makes a browser send.
        if (!signIn || http.Request.Headers["Sec-Fetch-Site"] is ["cross-site", ..]) return null;
        if (http.Request.Headers[Header] is not [{ Length: > 0 and <= MaxHeader } header] || Read(header) is not { AuthType: "aad", Claims: { } claims } principal)
            return null;
        var name = NameClaims.Prepend(principal.NameType).Select(type => claims.FirstOrDefault(c => c.Type == type)?.Value).FirstOrDefault(v => v is { Length: > 0 });
        var roles = claims.Where(c => c.Type == principal.RoleType || RoleClaims.Contains(c.Type, StringComparer.Ordinal))
            .Where(c => Enum.GetNames<Role>().Contains(c.Value, StringComparer.Ordinal)).Select(c => Enum.Parse<Role>(c.Value!));
        return name is null ? null : new Operator(name, roles.ToHashSet());
    }

    private static Principal? Read(string header)
    {
        try
        {
            return JsonSerializer.Deserialize(Convert.FromBase64String(header), PrincipalJson.Default.Principal);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null; // nobody
        }
    }
}

internal sealed record Principal(
    [property: JsonPropertyName("auth_typ")] string? AuthType, [property: JsonPropertyName("name_typ")] string? NameType,
    [property: JsonPropertyName("role_typ")] string? RoleType, [property: JsonPropertyName("claims")] IReadOnlyList<PrincipalClaim>? Claims);

internal sealed record PrincipalClaim([property: JsonPropertyName("typ")] string? Type, [property: JsonPropertyName("val")] string? Value);

[JsonSerializable(typeof(Principal))]
internal sealed partial class PrincipalJson : JsonSerializerContext;
