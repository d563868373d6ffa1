using CrmServerless.Azure.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CrmServerless.Functions;

/// <summary>
/// Three triggers, so that each scales and is watched by itself; <c>host.json</c> puts <c>api</c> before their routes.
/// All are anonymous to Functions: WeChat signs, and the endpoints ask for the operator.
/// </summary>
public sealed class HttpTriggers(HttpHandOver endpoints)
{
    [Function("receive")]
    public Task<IActionResult> Receive([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "wechat/{account}")] HttpRequest request) =>
        endpoints.Answer(request.HttpContext);

    [Function("open")]
    public Task<IActionResult> Open([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "open/{*path}")] HttpRequest request) =>
        endpoints.Answer(request.HttpContext);

    [Function("api")]
    public Task<IActionResult> Api([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", "delete", Route = "{*path}")] HttpRequest request) =>
        endpoints.Answer(request.HttpContext);
}
