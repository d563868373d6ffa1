using CrmServerless.Azure.Hosting;
using CrmServerless.Crm;
using CrmServerless.Crm.Accounts;
using CrmServerless.Crm.Api;
using CrmServerless.Crm.Delivery;
using CrmServerless.Crm.Messaging;
using CrmServerless.Crm.Notify;
using CrmServerless.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace CrmServerless.Tests.Azure.App;

/// <summary>The pipeline's real parts over a store and a bus of one test's own.</summary>
public sealed class AppParts : IAsyncDisposable
{
    private readonly TempStore store = new();
    private readonly ServiceProvider services;

    public AppParts()
    {
        var collection = new ServiceCollection();
        AddTo(collection);
        services = collection.AddLogging().BuildServiceProvider();
    }

    public MemoryBus Bus { get; } = new();

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <summary>The same parts for another host.</summary>
    public void AddTo(IServiceCollection collection) => collection.AddCrm()
        .AddSingleton(store.Documents).AddKeyedSingleton(CrmServices.SpillStore, store.Documents)
        .AddSingleton<IMessageBus>(Bus).AddSingleton(Mock.Of<IBrokerDeadLetters>()).AddSingleton(Mock.Of<INotifier>()).AddSingleton(new AccountBook([Some.Account]))
        .AddSingleton<TimeProvider>(SlowClock.Instance).AddSingleton(_ => new HttpClient())
        .AddSingleton<OperatorResolver>(new AppServiceOperators(signIn: true).Resolve)
        .AddSingleton<HostProbe>(() => new HostHealth("azure", false, []));

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        store.Dispose();
    }
}
