using Microsoft.AspNetCore.Http;

namespace CrmServerless.Crm.Api;

/// <summary>Who calls the ops API.</summary>
/// <param name="Name">The name that changes are attributed to.</param>
/// <param name="Roles">What the operator may do.</param>
public sealed record Operator(string Name, IReadOnlySet<Role> Roles);

public enum Role
{
    /// <summary>May look.</summary>
    Viewer,

    /// <summary>May handle alerts, customers and dead letters.</summary>
    Agent,

    /// <summary>May change rules.</summary>
    Marketer,
}

/// <summary>Finds the operator of a request; null if it is nobody's. App Service authentication in Azure, loopback on a laptop.</summary>
public delegate Operator? OperatorResolver(HttpContext http);
