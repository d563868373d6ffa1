using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Delivery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace CrmServerless.Crm.Receive;

/// <summary>
/// The stage <c>receive</c>: <c>GET|POST /api/wechat/{account}</c>. WeChat waits 5 seconds; the answer here means that
/// the event is durable, and nothing else is done on the way. Anonymous: the signature is the authentication.
/// </summary>
public sealed class ReceiveEndpoint(
    AccountBook accounts, DurablePublisher publisher, FloodGate flood, UnfinishedBodies unfinished, Progress progress, ReceiveOptions options,
    TimeProvider clock, ILogger<ReceiveEndpoint> log)
{
    /// <summary>The one body of all refusals: no oracle, no echo.</summary>
    private const string Refused = "refused";

    private int held;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/wechat/{account}", Verify);
        endpoints.MapPost("/api/wechat/{account}", Receive);
    }

    private Task Verify(HttpContext http)
    {
        var account = Account(http);
        if (account is null) return Refuse(http, 404);
        return CallbackDoor.Verify(account, Query(http), clock.GetUtcNow(), options.ClockSkew) is { } echo
            ? Answer(http, 200, echo)
            : Refuse(http, 403);
    }

    private async Task Receive(HttpContext http)
    {
        var arrived = clock.GetTimestamp();
        if (Account(http) is not { } account)
        {
            await Refuse(http, null, 404, arrived);
            return;
        }

        // The body is given back before the bus is waited for: many calls may wait, few are being read.
        var now = clock.GetUtcNow();
        var admission = await Admit(http, account, now);
        if (admission.Status != 200)
        {
            if (admission.Reason == "decrypt")
                log.LogWarning("A callback of {Account} is signed rightly but does not decrypt: check EncodingAesKey and AppId", account.Name);
            await Refuse(http, account, admission.Status, arrived);
            return;
        }

        var fact = admission.Callback is { } callback
            ? ReceivedEvents.Of(account, callback, admission.Payload, now)
            : ReceivedEvents.Quarantined(account, admission.Payload, now);
        var taken = await publisher.Publish(fact);
        if (taken == Taken.ByNothing) await HoldBack(http, arrived);
        else await Answer(http, 200, "success");
        progress.Ack(new AckProgress(account.Name, fact.Kind, fact.Key, clock.GetElapsedTime(arrived), taken switch
        {
            Taken.ByBus => "accepted",
            Taken.BySpill => "spilled",
            _ => "failed",
        }));
    }

    private async ValueTask<Admission> Admit(HttpContext http, Account account, DateTimeOffset now)
    {
        using var body = await CallbackBody.Read(http, unfinished);
        return body.Status == 200
            ? CallbackDoor.Admit(account, Query(http), body.Bytes, now, options.ClockSkew)
            : Admission.Refuse(body.Status, "body");
    }

    // WeChat delivers again when it hears nothing for 5 s; sources disagree whether an error answer alone makes it do so.
    private async Task HoldBack(HttpContext http, long arrived)
    {
        if (Interlocked.Increment(ref held) <= options.MaxHeld)
        {
            var rest = options.HoldUntil - clock.GetElapsedTime(arrived);
            if (rest > TimeSpan.Zero) await Task.Delay(rest, clock, CancellationToken.None);
        }

        Interlocked.Decrement(ref held);
        await Answer(http, 503, Refused);
    }

    private Task Refuse(HttpContext http, Account? account, int status, long arrived)
    {
        progress.Ack(new AckProgress(account?.Name, null, null, clock.GetElapsedTime(arrived), "refused"));
        return Refuse(http, status);
    }

    private async Task Refuse(HttpContext http, int status)
    {
        var answer = flood.Refuse(http.Connection.RemoteIpAddress, status);
        if (answer == 429) http.Response.Headers.RetryAfter = flood.RetryAfter;
        // The rest of its body is not worth waiting for.
        if (status is 408 or 413) http.Response.Headers.Connection = "close";
        await Answer(http, answer, Refused);
        if (status is not 408) return;
        await http.Response.CompleteAsync();
        http.Abort();
    }

    private Account? Account(HttpContext http) => accounts.Find((string)http.Request.RouteValues["account"]!);

    private static CallbackQuery Query(HttpContext http)
    {
        var query = http.Request.Query;
        return new CallbackQuery(query["signature"], query["msg_signature"], query["timestamp"], query["nonce"], query["echostr"]);
    }

    private static Task Answer(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return http.Response.WriteAsync(text);
    }
}
