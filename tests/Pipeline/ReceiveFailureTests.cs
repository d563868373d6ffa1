using System.Diagnostics;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Crm.Storage;
using CrmServerless.Crm.Upkeep;
using CrmServerless.Local.Hosting;
using CrmServerless.Local.Simulator;
using CrmServerless.Local.Sqlite;
using CrmServerless.Tests.Local;
using CrmServerless.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using CrmPipeline = CrmServerless.Crm.Pipeline;

namespace CrmServerless.Tests.Pipeline;

/// <summary>Receive in every failure, over HTTP on the real host: what WeChat was told is true, and nothing is lost.</summary>
public sealed class ReceiveFailureTests : IDisposable
{
    private static readonly TimeSpan Moments = TimeSpan.FromMilliseconds(100);

    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 6, 1, 2, 0, 0, TimeSpan.Zero));
    private FaultyBus bus = null!;
    private FaultySpill spill = null!;

    /// <summary>What a store may throw, whatever it promises.</summary>
    public static TheoryData<Func<Exception>> Faults =>
    [
        () => new TransientException(), () => new TimeoutException(), () => new IOException(), () => new OperationCanceledException(),
        () => new SqliteException("disk image is malformed", 11), () => new ObjectDisposedException("bus"), () => new InvalidOperationException(),
        () => new HttpRequestException(), () => new UnauthorizedAccessException(), () => new ArgumentException("id"), () => new AggregateException(new IOException()),
    ];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_bus_that_takes_over_two_seconds_is_left_for_the_spill_and_the_event_has_one_effect()
    {
        await using var host = await Start();
        var stalled = new TaskCompletionSource();
        bus.Before = _ => stalled.Task; // and looks at no token
        var customer = TestHost.NewOpenId();
        var began = clock.GetUtcNow();
        var answer = host.Text(customer, "慢");
        await clock.RunUntil(answer, Moments);
        Assert.InRange(clock.GetUtcNow() - began, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3.5));
        Assert.Equal(1, await host.Get<Spill>().Count(default));

        stalled.SetResult(); // the bus takes it after all
        bus.Before = _ => Task.CompletedTask;
        await Drain(host);
        Assert.Equal(1, (await host.Customer(customer)).In["oa.message.text"]);
        Assert.Equal(0, await host.Get<Spill>().Count(default));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_bus_that_throws_whatever_is_left_for_the_spill(Func<Exception> fault)
    {
        await using var host = await Start();
        bus.Before = _ => throw fault();
        var customer = TestHost.NewOpenId();
        await host.Text(customer, "坏"); // answered at once: no time passes
        bus.Before = _ => Task.CompletedTask;
        await Drain(host);
        Assert.Equal(1, (await host.Customer(customer)).In["oa.message.text"]);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task When_both_fail_the_call_is_held_for_five_and_a_half_seconds_and_refused(Func<Exception> fault)
    {
        await using var host = await Start();
        bus.Before = spill.Before = _ => throw fault();
        var payload = Xml.Text(TestHost.NewOpenId(), "都坏", TestHost.NewMsgId(), host.Now);
        var began = clock.GetUtcNow();
        using var answer = await clock.RunUntil(host.Deliver(payload), Moments);
        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Equal("refused", await answer.Content.ReadAsStringAsync());
        Assert.InRange(clock.GetUtcNow() - began, TimeSpan.FromSeconds(5.5), TimeSpan.FromSeconds(7));

        bus.Before = spill.Before = _ => Task.CompletedTask;
        await host.Accept(payload); // WeChat's retry
    }

    [Fact]
    public async Task When_both_hang_the_call_is_refused_no_later()
    {
        await using var host = await Start();
        bus.Before = spill.Before = _ => new TaskCompletionSource().Task;
        var began = clock.GetUtcNow();
        using var answer = await clock.RunUntil(host.Deliver(Xml.Text(TestHost.NewOpenId(), "都挂", TestHost.NewMsgId(), host.Now)), Moments);
        Assert.Equal(503, (int)answer.StatusCode);
        Assert.InRange(clock.GetUtcNow() - began, TimeSpan.FromSeconds(5.5), TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task Two_hundred_calls_are_held_and_the_next_is_refused_at_once()
    {
        await using var host = await Start();
        bus.Before = spill.Before = _ => throw new TransientException();
        var calls = Enumerable.Range(0, 201).Select(_ => host.Deliver(Xml.Text(TestHost.NewOpenId(), "满", TestHost.NewMsgId(), host.Now))).ToList();
        var first = await Task.WhenAny(calls).InTime(); // the clock stands
        Assert.Equal(503, (int)(await first).StatusCode);
        Assert.Equal(1, calls.Count(c => c.IsCompleted));
        await clock.RunUntil(Task.WhenAll(calls), Moments);
        Assert.All(calls, c => Assert.Equal(503, (int)c.Result.StatusCode));

        // Their places are free again.
        var next = host.Deliver(Xml.Text(TestHost.NewOpenId(), "后", TestHost.NewMsgId(), host.Now));
        var began = clock.GetUtcNow();
        await clock.RunUntil(next, Moments);
        Assert.True(clock.GetUtcNow() - began >= TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task After_five_failures_in_a_row_the_bus_is_left_alone_for_ten_seconds()
    {
        await using var host = await Start(timers: false);
        bus.Before = _ => throw new TransientException();
        for (var n = 1; n <= 8; n++)
        {
            await host.Text(TestHost.NewOpenId(), "断");
            Assert.Equal(Math.Min(n, 5), bus.Calls);
        }

        clock.Advance(TimeSpan.FromSeconds(9));
        await host.Text(TestHost.NewOpenId(), "断");
        Assert.Equal(5, bus.Calls);

        clock.Advance(TimeSpan.FromSeconds(2));
        await host.Text(TestHost.NewOpenId(), "断"); // one try, and open again
        await host.Text(TestHost.NewOpenId(), "断");
        Assert.Equal(6, bus.Calls);

        bus.Before = _ => Task.CompletedTask;
        clock.Advance(TimeSpan.FromSeconds(11));
        await host.Text(TestHost.NewOpenId(), "通");
        await host.Text(TestHost.NewOpenId(), "通");
        Assert.Equal(8, bus.Calls);
        bus.Before = _ => throw new TransientException(); // counted from the start again
        for (var n = 1; n <= 5; n++) await host.Text(TestHost.NewOpenId(), "断");
        Assert.Equal(13, bus.Calls);
    }

    [Fact]
    public async Task A_failing_spill_does_not_open_the_breaker_of_the_bus()
    {
        await using var host = await Start(new ReceiveOptions { BusLimit = TimeSpan.FromSeconds(1), SpillLimit = TimeSpan.FromSeconds(1), HoldUntil = TimeSpan.Zero });
        spill.Before = _ => throw new TransientException();
        bus.Before = _ => throw new TransientException();
        for (var n = 0; n < 3; n++)
            using (await host.Deliver(Xml.Text(TestHost.NewOpenId(), "断", TestHost.NewMsgId(), host.Now))) { }
        Assert.False(host.Get<DurablePublisher>().Open); // three failures, not six
    }

    [Fact]
    public async Task The_spill_is_drained_by_the_timer_and_late_events_fit_in()
    {
        await using var host = await Start();
        var customer = TestHost.NewOpenId();
        bus.Before = _ => throw new TransientException();
        await host.Accept(Xml.Event(customer, "subscribe", host.Now, "qrscene_store-1"));
        await host.Accept(Xml.Text(customer, "多少钱", TestHost.NewMsgId(), host.Now.AddSeconds(1)));
        bus.Before = _ => Task.CompletedTask;
        clock.Advance(TimeSpan.FromSeconds(2));
        // Later ones overtake the spill.
        await host.Accept(Xml.Event(customer, "unsubscribe", host.Now));
        await host.Idle();
        Assert.False((await host.Customer(customer)).Subscribed);

        clock.Advance(TimeSpan.FromSeconds(15)); // the timer's
        await Spilled(host, 0);
        await host.Idle();
        var file = await host.Customer(customer);
        Assert.Equal((1, 1, 1), (file.In["oa.subscribe"], file.In["oa.message.text"], file.In["oa.unsubscribe"]));
        Assert.False(file.Subscribed);
        Assert.Equal("store-1", file.Source);
        Assert.Equal("lost", file.Stage);
        Assert.Empty(await host.Outbox(customer)); // who has left is not welcomed
        Assert.Contains(file.Tags, t => t.RuleId == "price");
    }

    [Fact]
    public async Task A_drain_that_dies_before_it_can_delete_has_no_second_effect()
    {
        await using var host = await Start();
        var customer = TestHost.NewOpenId();
        bus.Before = _ => throw new TransientException();
        await host.Text(customer, "我要投诉");
        bus.Before = _ => Task.CompletedTask;
        var waiting = await spill.List(Collections.Spill, Spill.Partition, new IdRange(), default);
        await Drain(host);
        clock.Advance(TimeSpan.FromHours(2)); // the broker has forgotten
        await spill.Upsert(Collections.Spill, [.. waiting.Select(d => new Document(d.Partition, d.Id, d.Data))], default);
        await Drain(host);
        var file = await host.Customer(customer);
        Assert.Equal((1, 1), (file.In["oa.message.text"], file.Out["sent"]));
        Assert.Single(await host.Outbox(customer));
    }

    [Fact]
    public async Task One_spilled_event_that_cannot_be_read_does_not_hold_up_the_others()
    {
        await using var host = await Start();
        var customer = TestHost.NewOpenId();
        await spill.Upsert(Collections.Spill, [new Document(Spill.Partition, "00000000000000~bad", "\"no envelope\""u8.ToArray())], default);
        bus.Before = _ => throw new TransientException();
        await host.Text(customer, "在后面");
        bus.Before = _ => Task.CompletedTask;
        await Drain(host);
        Assert.Equal(1, (await host.Customer(customer)).In["oa.message.text"]);
        Assert.Equal(0, await host.Get<Spill>().Count(default));
        Assert.Single(TestHost.Items(await host.GetJson("/api/deadletters"))); // kept for a person to see
    }

    [Fact]
    public async Task The_answer_waits_for_the_commit()
    {
        using var go = new ManualResetEventSlim();
        var committing = new TaskCompletionSource();
        var stall = false;
        await using var host = await Start(beforeCommit: () =>
        {
            if (!Volatile.Read(ref stall)) return;
            committing.TrySetResult();
            go.Wait();
        });
        await host.Text(TestHost.NewOpenId(), "热身");
        await host.Idle();
        Volatile.Write(ref stall, true);
        var answer = host.Text(TestHost.NewOpenId(), "等落盘");
        await committing.Task.InTime();
        Assert.False(answer.IsCompleted);
        Volatile.Write(ref stall, false);
        go.Set();
        await answer.InTime();
    }

    [Fact]
    public async Task Neither_retry_policy_of_WeChat_loses_an_event_while_both_stores_are_down()
    {
        // Real time: the patience is WeChat's.
        await using var host = await Start(realTime: true);
        bus.Before = spill.Before = _ => throw new TransientException();
        var courier = host.Get<CallbackCourier>();
        var account = TestHost.Accounts.Find("main")!;
        var (one, other) = (TestHost.NewOpenId(), TestHost.NewOpenId());
        var began = Stopwatch.GetTimestamp();
        var deliveries = new[] { (one, RetryPolicy.Timeout), (other, RetryPolicy.Error) }
            .Select(d => courier.Deliver(account, Xml.Text(d.Item1, "在吗", TestHost.NewMsgId(), host.Now), d.Item2, default)).ToList();
        await Until(() => bus.Calls == 2); // both were refused by the stores, which recover now
        bus.Before = spill.Before = _ => Task.CompletedTask;
        foreach (var attempts in await Task.WhenAll(deliveries).InTime())
        {
            Assert.Equal([(0, false), (200, true)], attempts.Select(a => (a.Status, a.Accepted))); // heard nothing, then content
            Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(4.9));
        }

        await host.Idle();
        Assert.Equal(1, (await host.Customer(one)).In["oa.message.text"]);
        Assert.Equal(1, (await host.Customer(other)).In["oa.message.text"]);
    }

    private async Task<TestHost> Start(ReceiveOptions? options = null, Action? beforeCommit = null, bool realTime = false, bool timers = true)
    {
        var data = folder.File("data");
        var time = realTime ? TimeProvider.System : (TimeProvider)clock;
        var host = await TestHost.Start(data, time, services =>
        {
            if (!timers) services.Remove(services.Single(d => d.ImplementationType == typeof(Timers)));
            if (options is not null) services.Replace(ServiceDescriptor.Singleton(options));
            services.Replace(ServiceDescriptor.Singleton(_ =>
                new SqliteBus(new SqliteBusOptions { Path = Path.Combine(data, "bus.db"), Stages = CrmPipeline.Stages, BeforeCommit = beforeCommit }, time)));
            services.Replace(ServiceDescriptor.Singleton<IMessageBus>(p => new FaultyBus(p.GetRequiredService<SqliteBus>())));
            services.Replace(ServiceDescriptor.KeyedSingleton<IDocuments>(CrmServices.SpillStore,
                (_, _) => new FaultySpill(new SqliteDocuments(Path.Combine(data, "spill.db"), [Collections.Spill]))));
        });
        bus = (FaultyBus)host.Get<IMessageBus>();
        spill = (FaultySpill)host.Spill;
        return host;
    }

    private static async Task Drain(TestHost host)
    {
        await host.Get<KeepUp>().Run(default);
        await host.Idle();
    }

    private static Task Spilled(TestHost host, int count) => Until(() => host.Get<Spill>().Count(default).AsTask().Result == count);

    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!condition()) await Task.Delay(5, limit.Token);
    }
}
