using System.Text;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Replies;
using CrmServerless.WeChat.Callbacks;
using CrmServerless.WeChat.Callbacks.WeCom;
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
    AccountBook accounts, PassiveAnswers answers, DurablePublisher publisher, FloodGate flood, UnfinishedBodies unfinished, Progress progress,
    ReceiveOptions options, TimeProvider clock, ILogger<ReceiveEndpoint> log)
{
    /// <summary>The one body of all refusals: no oracle, no echo.</summary>
    private const string Refused = "refused";

    private int held;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/wechat/{account}", Verify);
        endpoints.MapPost("/api/wechat/{account}", Receive);
        var open = accounts.All.Where(a => a.Mode == CallbackMode.Plaintext).Select(a => a.Name).ToList();
        if (open.Count > 0)
            log.LogWarning("Callbacks of {Accounts} come as plain text, which is not signed: whoever has once seen a query can send any body with it. Choose 安全模式 in the console", string.Join(", ", open));
    }

    private Task Verify(HttpContext http)
    {
        var arrived = clock.GetTimestamp();
        var account = Account(http);
        if (account is null) return Refuse(http, null, 404, arrived);
        var admission = CallbackDoor.Verify(account, Query(http), clock.GetUtcNow(), options.ClockSkew);
        Explain(account, admission);
        return admission.Status == 200 ? Answer(http, 200, admission.Payload) : Refuse(http, account, admission.Status, arrived);
    }

    // Whatever goes wrong, such as a host short of memory, must not be a 500: an error that comes at once may be taken for
    // an answer and never delivered again.
    private async Task Receive(HttpContext http)
    {
        var arrived = clock.GetTimestamp();
        try
        {
            await Receive(http, arrived);
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            log.LogError(e, "A callback failed in a way that it should not, and is left to be delivered again");
            await HoldBack(http, arrived);
        }
    }

    private async Task Receive(HttpContext http, long arrived)
    {
        if (Account(http) is not { } account)
        {
            await Refuse(http, null, 404, arrived);
            return;
        }

        // The body is given back before the bus is waited for: many calls may wait, few are being read.
        var now = clock.GetUtcNow();
        var query = Query(http);
        var admission = await Admit(http, account, query, now);
        if (admission.Status != 200)
        {
            Explain(account, admission);
            await Refuse(http, account, admission.Status, arrived);
            return;
        }

        var fact = admission.Callback is { } callback
            ? ReceivedEvents.Of(account, callback, admission.Payload, now)
            : ReceivedEvents.Quarantined(account, admission.Payload, now);
        // Before publishing: what is answered travels with the event, and what is not durable is not answered.
        PassiveResponse? response = null;
        if (account.Reply == ReplyWay.Passive) (fact, response) = answers.Answer(account, admission, query, fact, now);
        var taken = await publisher.Publish(fact);
        if (taken == Taken.ByNothing) await HoldBack(http, arrived);
        else if (response is not null) await Answer(http, 200, response.Body, response.ContentType);
        else await Answer(http, 200, Ack(account, admission.Callback));
        progress.Ack(new AckProgress(account.Name, fact.Kind, fact.Key, clock.GetElapsedTime(arrived), taken switch
        {
            Taken.ByBus => "accepted",
            Taken.BySpill => "spilled",
            _ => "failed",
        }));
    }

    private async ValueTask<Admission> Admit(HttpContext http, Account account, CallbackQuery query, DateTimeOffset now)
    {
        using var body = await CallbackBody.Read(http, unfinished);
        if (body.Status == 200) return CallbackDoor.Admit(account, query, body.Bytes, now, options.ClockSkew);
        // Where the next call would begin is not known.
        http.Response.Headers.Connection = "close";
        return Admission.Refuse(body.Status, "body");
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

    private async Task Refuse(HttpContext http, Account? account, int status, long arrived)
    {
        var answer = flood.Refuse(http.Connection.RemoteIpAddress, status);
        if (answer == 429) http.Response.Headers.RetryAfter = flood.RetryAfter;
        progress.Refused(answer);
        progress.Ack(new AckProgress(account?.Name, null, null, clock.GetElapsedTime(arrived), answer == 429 ? "flooded" : "refused"));
        await Answer(http, answer, Refused);
        if (status is not 408) return;
        // Cut: the server would wait for the rest of the body.
        await http.Response.CompleteAsync();
        http.Abort();
    }

    // WeCom wants nothing, but for what comes to a suite's command address: there anything but this word is an error.
    // Rule: developer.work.weixin.qq.com/document/path/97172.
    private static string Ack(Account account, Callback? callback) =>
        account.IsWeCom && callback is not WeComCallback { SuiteId: not null } ? "" : "success";

    private Account? Account(HttpContext http) => accounts.Find((string)http.Request.RouteValues["account"]!);

    private static CallbackQuery Query(HttpContext http) => CallbackQuery.Read(http.Request.QueryString.Value);

    private void Explain(Account account, Admission admission)
    {
        if (admission.Reason == CallbackDoor.WrongKey)
            log.LogWarning("A callback of {Account} is signed rightly but does not decrypt: check EncodingAesKey and AppId", account.Name);
    }

    private static Task Answer(HttpContext http, int status, string text, string contentType = "text/plain; charset=utf-8")
    {
        var body = Encoding.UTF8.GetBytes(text);
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return http.Response.Body.WriteAsync(body).AsTask();
    }
}
