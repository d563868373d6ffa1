using System.Net;
using System.Text;
using CrmServerless.Local.Hosting;
using CrmServerless.Local.Simulator;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CrmServerless.Tests.Local;

/// <summary>Ctrl-C and SIGTERM: what is in flight is finished, what only waits is left for the next start.</summary>
public sealed class GracefulStopTests
{
    [Fact]
    public async Task An_answer_that_is_under_way_is_finished_and_known_as_sent()
    {
        using var folder = new TempFolder();
        var (wire, stop) = (new SlowWire(), new StopSignal());
        var customer = TestHost.NewOpenId();
        await using (var host = await TestHost.Start(folder.File("data"), configure: s => s.AddSingleton(new HttpClient(wire)).AddHostedService(_ => stop)))
        {
            await host.Text(customer, "我要投诉");
            await wire.Called.Task.InTime();
            var stopping = host.Stop();
            await stop.Begun.InTime();
            wire.Answer.SetResult();
            await stopping.InTime();
        }

        await using var next = await TestHost.Start(folder.File("data"), configure: s => s.AddSingleton(new HttpClient(wire)));
        await next.Idle();
        Assert.Equal(1, wire.Sends);
        Assert.Equal(1, (await next.Customer(customer)).Out["sent"]);
    }

    [Fact]
    public async Task The_stages_end_before_the_server_that_plays_WeChat_to_them()
    {
        using var folder = new TempFolder();
        var (way, stop) = (new LongWay(), new StopSignal());
        var customer = TestHost.NewOpenId();
        await using (var host = await TestHost.Start(folder.File("data"), configure: s => s.AddSingleton(p => way.To(p.GetRequiredService<OwnAddress>())).AddHostedService(_ => stop)))
        {
            await host.Text(customer, "我要投诉");
            await way.SetOut.Task.InTime();
            var stopping = host.Stop();
            await stop.Begun.InTime();
            for (var n = 0; n < 50; n++) await host.GetJson("/api/health"); // it still listens
            way.Open.SetResult();
            await stopping.InTime();
        }

        await using var next = await TestHost.Start(folder.File("data"), configure: s => s.AddSingleton(p => way.To(p.GetRequiredService<OwnAddress>())));
        await next.Idle();
        Assert.Single(await next.Outbox(customer));
        Assert.Equal(1, (await next.Customer(customer)).Out["sent"]);
        Assert.Equal(1, way.Sends);
    }

    [Fact]
    public async Task A_fact_in_back_off_does_not_hold_up_the_stop()
    {
        using var folder = new TempFolder();
        var (wire, clock) = (new SlowWire { Busy = true }, new ManualClock(new DateTimeOffset(2026, 6, 1, 2, 0, 0, TimeSpan.Zero)));
        await using var host = await TestHost.Start(folder.File("data"), clock, s => s.AddSingleton(new HttpClient(wire)));
        await host.Text(TestHost.NewOpenId(), "我要投诉");
        await clock.RunUntil(wire.Called.Task, TimeSpan.FromMilliseconds(1));

        // The clock stands: it would wait for ever, until the host loses its patience and leaves the stages as they are.
        var stages = host.Get<IEnumerable<IHostedService>>().OfType<StageWorkers>().Single();
        await host.Stop().InTime();
        Assert.True(stages.ExecuteTask!.IsCompletedSuccessfully);
    }

    /// <summary>The last service that was added is the first that is told; right after it come the stages.</summary>
    private sealed class StopSignal : IHostedLifecycleService
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => begun.Task;

        public Task StoppingAsync(CancellationToken cancellationToken)
        {
            begun.TrySetResult();
            return Task.CompletedTask;
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>A way to the simulator on which a message stays until it is let through.</summary>
    private sealed class LongWay
    {
        private int sends;

        public int Sends => sends;

        public TaskCompletionSource SetOut { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HttpClient To(OwnAddress simulator) => new(new Handler(this) { InnerHandler = new ToSimulator(simulator) });

        private sealed class Handler(LongWay way) : DelegatingHandler
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                if (request.RequestUri!.AbsolutePath.EndsWith("/send", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref way.sends);
                    way.SetOut.TrySetResult();
                    await way.Open.Task.WaitAsync(cancellationToken);
                }

                return await base.SendAsync(request, cancellationToken);
            }
        }
    }

    /// <summary>WeChat, slow to answer.</summary>
    private sealed class SlowWire : HttpMessageHandler
    {
        private int sends;

        public bool Busy { get; init; }

        public int Sends => sends;

        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            if (path.EndsWith("/stable_token", StringComparison.Ordinal)) return Json("""{"access_token":"t","expires_in":7200}""");
            // The tag of a complaint; only messages are slow.
            if (path.EndsWith("/tags/get", StringComparison.Ordinal)) return Json("""{"tags":[{"id":100,"name":"投诉风险","count":0}]}""");
            if (!path.EndsWith("/send", StringComparison.Ordinal)) return Json("""{"errcode":0,"errmsg":"ok"}""");
            Interlocked.Increment(ref sends);
            Called.TrySetResult();
            if (Busy) return Json("""{"errcode":-1,"errmsg":"system busy"}""");
            await Answer.Task.WaitAsync(cancellationToken);
            return Json("""{"errcode":0,"errmsg":"ok"}""");
        }

        private static HttpResponseMessage Json(string body) =>
            new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }
}
