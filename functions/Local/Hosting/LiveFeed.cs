using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using CrmServerless.Crm.Api;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;

namespace CrmServerless.Local.Hosting;

public sealed record LiveAck(string? Account, string? Kind, string? Key, double Ms, string Result, DateTimeOffset At);

public sealed record LiveStage(string Stage, string Subject, string Kind, string Key, double Ms, DateTimeOffset At, bool Ok);

public sealed record LiveQueues(IReadOnlyList<StageHealth> Stages, int Spill, int DeadLetters, IReadOnlyList<WeChatTrouble> WeChat, DateTimeOffset Clock);

public sealed record LiveNotice(string Subject, string Account, string Line);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LiveAck))]
[JsonSerializable(typeof(LiveStage))]
[JsonSerializable(typeof(LiveQueues))]
[JsonSerializable(typeof(LiveNotice))]
public sealed partial class LiveJson : JsonSerializerContext
{
    /// <summary>These types, written with Chinese as it is instead of <c>\uXXXX</c>.</summary>
    public static LiveJson Types => types ??= new(Crm.Plain.Options(Default!.Options));

    // Made on first use: the generated half's static fields may be initialised after ours.
    private static LiveJson? types;
}

/// <summary><c>GET /api/live</c>: what happens, as server-sent events. Costs nothing while nobody watches.</summary>
public sealed class LiveFeed : IDisposable
{
    /// <summary>A watcher that cannot keep up loses the oldest events: the page shows the moment, not the history.</summary>
    private const int Backlog = 500;

    private const int MaxWatchers = 20;
    private static readonly TimeSpan QueuesEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Channel<string>, byte> watchers = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly TimeProvider clock;
    private readonly HealthApi health;

    public LiveFeed(Progress progress, HealthApi health, TimeProvider clock, IHostApplicationLifetime lifetime)
    {
        (this.clock, this.health) = (clock, health);
        lifetime.ApplicationStopping.Register(stopping.Cancel); // else open streams would hold up the stop
        progress.Answered += ack =>
            Send("ack", new LiveAck(ack.Account, ack.Kind, ack.Key, ack.Elapsed.TotalMilliseconds, ack.Result, clock.GetUtcNow()), LiveJson.Types.LiveAck);
        progress.StageFinished += run => Send("stage",
            new LiveStage(run.Stage, run.Fact.Subject, run.Fact.Kind, run.Fact.Key, run.Elapsed.TotalMilliseconds, clock.GetUtcNow(), run.Ok), LiveJson.Types.LiveStage);
    }

    public void Send<T>(string name, T value, JsonTypeInfo<T> type)
    {
        if (watchers.IsEmpty) return;
        var line = $"event: {name}\ndata: {JsonSerializer.Serialize(value, type)}\n\n";
        foreach (var watcher in watchers.Keys) watcher.Writer.TryWrite(line);
    }

    public void Map(OperatorRoutes api) => api.Get("/api/live", Role.Viewer, Stream);

    public void Dispose() => stopping.Dispose();

    private async Task Stream(HttpContext http, Operator caller)
    {
        if (watchers.Count >= MaxWatchers)
        {
            await http.Problem(503, $"At most {MaxWatchers} pages can watch at once.");
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping.Token);
        var channel = Channel.CreateBounded<string>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest });
        http.Response.ContentType = "text/event-stream";
        watchers[channel] = 0;
        try
        {
            await http.Response.WriteAsync(": hello\n\n", ended.Token);
            await http.Response.Body.FlushAsync(ended.Token);
            var queues = SendQueues(channel, ended.Token);
            await foreach (var line in channel.Reader.ReadAllAsync(ended.Token))
            {
                await http.Response.WriteAsync(line, ended.Token);
                if (!channel.Reader.TryPeek(out _)) await http.Response.Body.FlushAsync(ended.Token);
            }

            await queues;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The page was closed, or the host stops.
        }
        finally
        {
            watchers.TryRemove(channel, out _);
        }
    }

    private async Task SendQueues(Channel<string> channel, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(QueuesEvery);
        do
        {
            try
            {
                var now = await health.Check(ct);
                var queues = new LiveQueues(now.Stages, now.Spill, now.DeadLetters, now.WeChat, clock.GetUtcNow());
                channel.Writer.TryWrite($"event: queues\ndata: {JsonSerializer.Serialize(queues, LiveJson.Types.LiveQueues)}\n\n");
            }
            catch (TransientException)
            {
                // A store does not answer; the page shows what it knew until one does.
            }
        }
        while (await timer.WaitForNextTickAsync(ct));
    }
}
