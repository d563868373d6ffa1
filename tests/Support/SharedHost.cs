using CrmServerless.Tests.Local;

namespace CrmServerless.Tests.Support;

/// <summary>One host for all tests of a class; each test has customers of its own.</summary>
public sealed class SharedHost : IAsyncLifetime, IDisposable
{
    private readonly TempFolder folder = new();

    public TestHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await TestHost.Start(folder.File("data"));

    public async Task DisposeAsync() => await Host.DisposeAsync();

    public void Dispose() => folder.Dispose();
}
