using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Receive;
using CrmServerless.Local.Sqlite;
using CrmServerless.Tests.Local;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace CrmServerless.Tests.Stages;

public sealed class UnforeseenFaultTests
{
    [Fact]
    public async Task A_callback_that_fails_in_a_way_nobody_thought_of_is_held_and_refused_as_if_nothing_took_it()
    {
        using var folder = new TempFolder();
        var clock = new ManualClock(Some.Now);
        await using var host = await TestHost.Start(folder.File("data"), clock, services =>
        {
            services.Replace(ServiceDescriptor.Singleton<IMessageBus>(p => new FaultyBus(p.GetRequiredService<SqliteBus>())));
            services.AddSingleton<ILogger<DurablePublisher>, FullLog>();
        });
        var bus = (FaultyBus)host.Get<IMessageBus>();
        bus.Before = _ => throw new InvalidOperationException(); // said to the log, which is no better off
        var customer = TestHost.NewOpenId();
        var payload = Xml.Text(customer, "在吗", TestHost.NewMsgId(), host.Now);
        var began = host.Now;
        using var answer = await clock.RunUntil(host.Deliver(payload), TimeSpan.FromMilliseconds(100));
        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Equal("refused", await answer.Content.ReadAsStringAsync());
        Assert.True(host.Now - began >= TimeSpan.FromSeconds(5.5));

        bus.Before = _ => Task.CompletedTask;
        await host.Accept(payload);
        await clock.RunUntil(host.Idle(), TimeSpan.FromMilliseconds(100));
        Assert.Equal(1, (await host.Customer(customer)).In["oa.message.text"]);
    }

    /// <summary>As when the disk is full or the memory used up.</summary>
    private sealed class FullLog : ILogger<DurablePublisher>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new AggregateException(new IOException());
    }
}
