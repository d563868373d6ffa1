using CrmServerless.Crm.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace CrmServerless.Azure.Hosting;

/// <summary>Hands a call that an HTTP trigger got to the endpoints that every host shares.</summary>
public sealed class HttpHandOver
{
    private readonly RequestDelegate endpoints;

    public HttpHandOver(IServiceProvider services)
    {
        var app = new ApplicationBuilder(services);
        app.UseRouting();
        app.UseEndpoints(routes => routes.MapCrm());
        endpoints = app.Build();
    }

    public async Task<IActionResult> Answer(HttpContext http)
    {
        // The call has been routed once, to the function. With that endpoint still on it the second routing would look no
        // further, and run the function again, for ever.
        http.SetEndpoint(null);
        http.Request.RouteValues.Clear();
        await endpoints(http);
        return new EmptyResult(); // the answer is written
    }
}
