using System.Diagnostics;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Local.Simulator;
using CrmServerless.Tests.Local;
using CrmServerless.Tests.Support;
using Microsoft.Data.Sqlite;

namespace CrmServerless.Tests.Pipeline;

/// <summary>Receive in every failure, over HTTP on the real host: what WeChat was told is true, and nothing is lost.</summary>
public sealed class ReceiveFailureTests : FaultyStoresTest
{
    /// <summary>What a store may throw, whatever it promises.</summary>
    public static TheoryData<Func<Exception>> Faults =>
    [
        () => new TransientException(), () => new TimeoutException(), () => new IOException(), () => new OperationCanceledException(),
        () => new SqliteException("disk image is malformed", 11), () => new ObjectDisposedException("bus"), () => new InvalidOperationException(),
        () => new HttpRequestException(), () => new UnauthorizedAccessException(), () => new ArgumentException("id"), () => new AggregateException(new IOException()),
    ];

    [Fact]
    public async Task A_bus_that_takes_over_two_seconds_is_left_for_the_spill_and_the_event_has_one_effect()
    {
        await using var host = await Start();
        var stalled = new TaskCompletionSource();
        Bus.Before = _ => stalled.Task; // and looks at no token
        var customer = TestHost.NewOpenId();
        var held = Held(host);
        var answer = host.Text(customer, "慢");
        await Until(() => Bus.Calls == 1 && Clock.Waiting >= 2); // the bus is told its limit, and held to it
        Clock.Advance(TimeSpan.FromSeconds(2));
        await answer.InTime(); // the clock stands, so that a slow disk does not use up the spill's limit
        Assert.Equal(TimeSpan.FromSeconds(2), await held.Task.InTime());
        Assert.Equal(1, await host.Get<Spill>().Count(default));

        stalled.SetResult(); // the bus takes it after all
        Bus.Before = _ => Task.CompletedTask;
        await Drain(host);
        Assert.Equal(1, (await host.Customer(customer)).In["oa.message.text"]);
        Assert.Equal(0, await host.Get<Spill>().Count(default));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_bus_that_throws_whatever_is_left_for_the_spill(Func<Exception> fault)
    {
        await using var host = await Start();
        Bus.Before = _ => throw fault();
        var customer = TestHost.NewOpenId();
        await host.Text(customer, "坏"); // answered at once: no time passes
        Bus.Before = _ => Task.CompletedTask;
        await Drain(host);
        Assert.Equal(1, (await host.Customer(customer)).In["oa.message.text"]);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task When_both_fail_the_call_is_held_for_five_and_a_half_seconds_and_refused(Func<Exception> fault)
    {
        await using var host = await Start();
        Bus.Before = Spilling.Before = _ => throw fault();
        var payload = Xml.Text(TestHost.NewOpenId(), "都坏", TestHost.NewMsgId(), host.Now);
        var held = Held(host);
        using var answer = await Clock.RunUntil(host.Deliver(payload), Moments);
        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Equal("refused", await answer.Content.ReadAsStringAsync());
        Assert.InRange(await held.Task.InTime(), TimeSpan.FromSeconds(5.5), TimeSpan.FromSeconds(10));

        Bus.Before = Spilling.Before = _ => Task.CompletedTask;
        await host.Accept(payload); // WeChat's retry
    }

    [Fact]
    public async Task When_both_hang_the_call_is_refused_no_later()
    {
        await using var host = await Start();
        Bus.Before = Spilling.Before = _ => new TaskCompletionSource().Task;
        var held = Held(host);
        using var answer = await Clock.RunUntil(host.Deliver(Xml.Text(TestHost.NewOpenId(), "都挂", TestHost.NewMsgId(), host.Now)), Moments);
        Assert.Equal(503, (int)answer.StatusCode);
        Assert.InRange(await held.Task.InTime(), TimeSpan.FromSeconds(5.5), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Two_hundred_calls_are_held_and_the_next_is_refused_at_once()
    {
        await using var host = await Start();
        Bus.Before = Spilling.Before = _ => throw new TransientException();
        var calls = Enumerable.Range(0, 201).Select(_ => host.Deliver(Xml.Text(TestHost.NewOpenId(), "满", TestHost.NewMsgId(), host.Now))).ToList();
        var first = await Task.WhenAny(calls).InTime(); // the Clock stands
        Assert.Equal(503, (int)(await first).StatusCode);
        Assert.Equal(1, calls.Count(c => c.IsCompleted));
        await Clock.RunUntil(Task.WhenAll(calls), Moments);
        Assert.All(calls, c => Assert.Equal(503, (int)c.Result.StatusCode));

        // Their places are free again.
        var next = host.Deliver(Xml.Text(TestHost.NewOpenId(), "后", TestHost.NewMsgId(), host.Now));
        var began = Clock.GetUtcNow();
        await Clock.RunUntil(next, Moments);
        Assert.True(Clock.GetUtcNow() - began >= TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task After_five_failures_in_a_row_the_bus_is_left_alone_for_ten_seconds()
    {
        await using var host = await Start(timers: false);
        Bus.Before = _ => throw new TransientException();
        for (var n = 1; n <= 8; n++)
        {
            await host.Text(TestHost.NewOpenId(), "断");
            Assert.Equal(Math.Min(n, 5), Bus.Calls);
        }

        Clock.Advance(TimeSpan.FromSeconds(9));
        await host.Text(TestHost.NewOpenId(), "断");
        Assert.Equal(5, Bus.Calls);

        Clock.Advance(TimeSpan.FromSeconds(2));
        await host.Text(TestHost.NewOpenId(), "断"); // one try, and open again
        await host.Text(TestHost.NewOpenId(), "断");
        Assert.Equal(6, Bus.Calls);

        Bus.Before = _ => Task.CompletedTask;
        Clock.Advance(TimeSpan.FromSeconds(11));
        await host.Text(TestHost.NewOpenId(), "通");
        await host.Text(TestHost.NewOpenId(), "通");
        Assert.Equal(8, Bus.Calls);
        Bus.Before = _ => throw new TransientException(); // counted from the start again
        for (var n = 1; n <= 5; n++) await host.Text(TestHost.NewOpenId(), "断");
        Assert.Equal(13, Bus.Calls);
    }

    [Fact]
    public async Task A_failing_spill_does_not_open_the_breaker_of_the_bus()
    {
        await using var host = await Start(new ReceiveOptions { BusLimit = TimeSpan.FromSeconds(1), SpillLimit = TimeSpan.FromSeconds(1), HoldUntil = TimeSpan.Zero });
        Spilling.Before = _ => throw new TransientException();
        Bus.Before = _ => throw new TransientException();
        for (var n = 0; n < 3; n++)
            using (await host.Deliver(Xml.Text(TestHost.NewOpenId(), "断", TestHost.NewMsgId(), host.Now))) { }
        Assert.False(host.Get<DurablePublisher>().Open); // three failures, not six
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
        await Idle(host);
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
        // Real time: the patience is WeChat's. Held longer than in earnest, for a busy machine notices late that it is over.
        await using var host = await Start(new ReceiveOptions { HoldUntil = TimeSpan.FromMinutes(1) }, realTime: true);
        var refused = 0;
        Bus.Before = _ => throw new TransientException();
        Spilling.Before = _ =>
        {
            Interlocked.Increment(ref refused);
            throw new TransientException();
        };
        var courier = host.Get<CallbackCourier>();
        var account = TestHost.Accounts.Find("main")!;
        var (one, other) = (TestHost.NewOpenId(), TestHost.NewOpenId());
        var began = Stopwatch.GetTimestamp();
        var deliveries = new[] { (one, RetryPolicy.Timeout), (other, RetryPolicy.Error) }
            .Select(d => courier.Deliver(account, Xml.Text(d.Item1, "在吗", TestHost.NewMsgId(), host.Now), d.Item2, default)).ToList();
        await Until(() => Volatile.Read(ref refused) >= 2); // both, by both stores, which recover now
        Bus.Before = Spilling.Before = _ => Task.CompletedTask;
        foreach (var attempts in await Task.WhenAll(deliveries).InTime())
        {
            // Heard nothing, once or, where the machine is too busy, again; then content.
            Assert.Equal((200, true), (attempts[^1].Status, attempts[^1].Accepted));
            Assert.NotEmpty(attempts.SkipLast(1));
            Assert.All(attempts.SkipLast(1), a => Assert.Equal((0, false), (a.Status, a.Accepted)));
            Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(4.9));
        }

        await host.Idle();
        Assert.Equal(1, (await host.Customer(one)).In["oa.message.text"]);
        Assert.Equal(1, (await host.Customer(other)).In["oa.message.text"]);
    }

    // As the host measures it: the manual clock runs on while the answer is on its way to the test.
    private static TaskCompletionSource<TimeSpan> Held(TestHost host)
    {
        var held = new TaskCompletionSource<TimeSpan>();
        host.Get<Progress>().Answered += ack => held.TrySetResult(ack.Elapsed);
        return held;
    }
}
