using System.Collections.Concurrent;
using System.Net;
using CrmServerless.Crm;
using CrmServerless.Crm.Storage;
using CrmServerless.Local.Hosting;
using CrmServerless.Local.Sqlite;
using CrmServerless.Tests.Local;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace CrmServerless.Tests.Pipeline;

/// <summary>A stop in good order loses nothing and leaves nothing half done.</summary>
public sealed class StopTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_stop_while_callbacks_are_in_flight_loses_none_that_was_acknowledged()
    {
        var (offered, acknowledged) = (new ConcurrentDictionary<string, int>(), new ConcurrentDictionary<string, int>());
        await using (var host = await TestHost.Start(folder.File("data")))
        {
            using var warm = new CountdownEvent(32);
            var senders = Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
            {
                var customer = TestHost.NewOpenId();
                for (var n = 0; ; n++)
                {
                    offered[customer] = n + 1;
                    try
                    {
                        using var response = await host.Deliver(Xml.Text(customer, $"第 {n} 条", TestHost.NewMsgId(), host.Now));
                        if (response.StatusCode == HttpStatusCode.OK) acknowledged.AddOrUpdate(customer, 1, (_, known) => known + 1);
                        else return;
                    }
                    catch (HttpRequestException)
                    {
                        return; // it does not listen any more
                    }

                    if (n == 0) warm.Signal();
                }
            })).ToList();
            await Task.Run(() => warm.Wait(Patience.Limit));
            await host.Stop().InTime();
            await Task.WhenAll(senders).InTime();
        }

        Assert.Equal(32, acknowledged.Count);
        await using var next = await TestHost.Start(folder.File("data"));
        await next.Idle();
        foreach (var (customer, count) in acknowledged)
            Assert.InRange((await next.Customer(customer)).In["oa.message.text"], count, offered[customer]);
    }

    [Fact]
    public async Task What_a_stage_is_doing_at_the_stop_is_finished()
    {
        var (calling, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        var phone = new FakePhone();
        var customer = TestHost.NewOpenId();
        await using (var host = await TestHost.Start(folder.File("data"), configure: services =>
            services.Replace(ServiceDescriptor.Singleton(new HttpClient(new Slow(calling, answer, phone.Line(new Fate())))))))
        {
            await host.Text(customer, "我要投诉");
            await calling.Task.InTime();
            // The stages are told to stop while WeChat has not answered yet.
            var stopping = host.Get<IEnumerable<IHostedService>>().OfType<StageWorkers>().Single().StopAsync(default);
            answer.SetResult();
            await stopping.InTime();
            await host.Stop().InTime();
        }

        Assert.Single(phone.Arrived);
        await using var next = await TestHost.Start(folder.File("data"));
        await next.Idle();
        Assert.Empty(await next.Outbox(customer)); // nothing is sent again
        Assert.Equal(1, (await next.Customer(customer)).Out["sent"]);
    }

    [Fact]
    public async Task A_timer_that_meets_a_fault_tries_again_at_its_next_time()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var fate = new Fate().Fail("list spill", new InvalidOperationException("broken"));
        await using var host = await TestHost.Start(folder.File("data"), clock, services =>
            services.Replace(ServiceDescriptor.KeyedSingleton<IDocuments>(CrmServices.SpillStore,
                (_, _) => new CrashingDocuments(new SqliteDocuments(folder.File("spill.db"), [Collections.Spill]), fate))));
        await Until(() => fate.Acts.Count(a => a == "list spill") == 1);
        await Until(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(15));
            return fate.Acts.Count(a => a == "list spill") > 1;
        });
        Assert.False(host.Get<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!condition()) await Task.Delay(5, limit.Token);
    }

    /// <summary>WeChat takes its time over a message.</summary>
    private sealed class Slow(TaskCompletionSource calling, TaskCompletionSource answer, HttpClient wire) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath.EndsWith("custom/send", StringComparison.Ordinal))
            {
                calling.TrySetResult();
                await answer.Task.WaitAsync(cancellationToken);
            }

            var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = request.Content };
            return await wire.SendAsync(copy, cancellationToken);
        }
    }
}
