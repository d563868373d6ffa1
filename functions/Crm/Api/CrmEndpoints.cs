using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CrmServerless.Crm.Api;

/// <summary>All endpoints, defined once and mapped by every host.</summary>
public static class CrmEndpoints
{
    public static void MapCrm(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        services.GetRequiredService<ReceiveEndpoint>().Map(endpoints);
        var api = new OperatorRoutes(endpoints, services.GetRequiredService<OperatorResolver>());
        services.GetRequiredService<HealthApi>().Map(api);
        services.GetRequiredService<CustomersApi>().Map(api);
        services.GetRequiredService<AlertsApi>().Map(api);
        services.GetRequiredService<ReportsApi>().Map(api);
        services.GetRequiredService<RulesApi>().Map(api);
        services.GetRequiredService<MediaApi>().Map(api);
        services.GetRequiredService<AccountsApi>().Map(api);
        services.GetRequiredService<DeadLettersApi>().Map(api);
        services.GetRequiredService<AuditTrail>().Map(api);
    }
}

/// <summary>Maps operators' endpoints: each states the role it needs, and gets the operator.</summary>
public sealed class OperatorRoutes(IEndpointRouteBuilder endpoints, OperatorResolver resolve)
{
    public void Get(string pattern, Role role, Func<HttpContext, Operator, Task> handle) => Map("GET", pattern, role, handle);

    public void Post(string pattern, Role role, Func<HttpContext, Operator, Task> handle) => Map("POST", pattern, role, handle);

    public void Put(string pattern, Role role, Func<HttpContext, Operator, Task> handle) => Map("PUT", pattern, role, handle);

    public void Delete(string pattern, Role role, Func<HttpContext, Operator, Task> handle) => Map("DELETE", pattern, role, handle);

    private void Map(string method, string pattern, Role role, Func<HttpContext, Operator, Task> handle) =>
        endpoints.MapMethods(pattern, [method], (RequestDelegate)(http => Guard(http, role, handle)));

    private async Task Guard(HttpContext http, Role role, Func<HttpContext, Operator, Task> handle)
    {
        // Personal data: no cache keeps it, no other page reads it.
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (resolve(http) is not { } caller)
        {
            await http.Problem(401, "This address is for operators.");
            return;
        }

        if (!caller.Roles.Contains(role))
        {
            await http.Problem(403, $"This needs the role {role}.");
            return;
        }

        try
        {
            await handle(http, caller);
        }
        catch (ArgumentException e) when (!http.Response.HasStarted)
        {
            await http.Problem(400, e.Message); // the stores' word for a cursor or an id that is none
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await http.Problem(e.StatusCode, "The request could not be read.");
        }
        catch (TransientException) when (!http.Response.HasStarted)
        {
            await http.Problem(503, "A store does not answer at the moment; try again.");
        }
    }
}
