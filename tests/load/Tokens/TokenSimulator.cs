using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CrmServerless.Load;

/// <summary>What the simulator has seen.</summary>
/// <param name="Fetches">Token calls.</param>
/// <param name="Voids">Tokens that it voided by itself.</param>
/// <param name="Calls">Calls of the API that got through.</param>
/// <param name="Refused">Calls of the API that met 40001.</param>
internal sealed record TokenCounts(int Fetches, int Voids, int Calls, int Refused);

/// <summary>
/// WeChat's token call and one API on loopback, as strict as <c>cgi-bin/token</c>: each new token voids the one before,
/// so that two who ask by turns void each other's for ever. And after so many calls the token is void for no reason.
/// </summary>
internal sealed class TokenSimulator : IAsyncDisposable
{
    /// <summary>The header by which a process says which it is.</summary>
    public const string Process = "X-Process";

    private readonly Lock gate = new();
    private readonly WebApplication app;
    private readonly int voidEvery;
    private TaskCompletionSource<string>? caught;
    private TaskCompletionSource? held;
    private int token;
    private bool valid;
    private int fetches, voids, calls, refused;

    private TokenSimulator(int voidEvery)
    {
        this.voidEvery = voidEvery;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/cgi-bin/stable_token", Fetch);
        app.MapGet("/cgi-bin/user/info", Call);
    }

    public Uri Uri => new(app.Urls.First());

    public TokenCounts Counts
    {
        get
        {
            lock (gate) return new TokenCounts(fetches, voids, calls, refused);
        }
    }

    public static async Task<TokenSimulator> Start(int voidEvery)
    {
        var simulator = new TokenSimulator(voidEvery);
        await simulator.app.StartAsync();
        return simulator;
    }

    /// <summary>Leaves the next token call without an answer until <see cref="Release"/>; which process made it.</summary>
    public Task<string> Catch()
    {
        lock (gate) (caught, held) = (new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously));
        return caught.Task;
    }

    public void Release()
    {
        lock (gate) held?.TrySetResult();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task Fetch(HttpContext http)
    {
        Task waits;
        lock (gate)
        {
            fetches++;
            waits = caught is { Task.IsCompleted: false } ? held!.Task : Task.CompletedTask;
            if (!waits.IsCompleted) caught!.TrySetResult(http.Request.Headers[Process].ToString());
        }

        await waits;
        if (http.RequestAborted.IsCancellationRequested) return;
        int given;
        lock (gate) (given, valid) = (++token, true);
        await Answer(http, string.Create(CultureInfo.InvariantCulture, $$"""{"access_token":"token-{{given}}","expires_in":7200}"""));
    }

    private Task Call(HttpContext http)
    {
        lock (gate)
        {
            if (!valid || http.Request.Query["access_token"] != string.Create(CultureInfo.InvariantCulture, $"token-{token}"))
            {
                refused++;
                return Answer(http, """{"errcode":40001,"errmsg":"invalid credential, access_token is invalid or not latest"}""");
            }

            if (++calls % voidEvery == 0)
            {
                valid = false;
                voids++;
            }
        }

        return Answer(http, """{"subscribe":1,"openid":"o1"}""");
    }

    private static Task Answer(HttpContext http, string json)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json, http.RequestAborted);
    }
}
