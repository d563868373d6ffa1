using Azure.Data.Tables;
using CrmServerless.Azure.Tables;
using CrmServerless.Crm.Storage;
using CrmServerless.Tests.Contracts;

namespace CrmServerless.Tests.Azure.Stores;

/// <summary>One Azurite for all tests that ask for tables.</summary>
public sealed class TableAccount : IAsyncLifetime, IDisposable
{
    // Azurite's own account, the same for everybody: https://learn.microsoft.com/azure/storage/common/storage-connect-azurite
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private Emulators.Running? emulator;
    private int tables;

    public TableServiceClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (Emulators.WhyNot is not null) return;
        emulator = await Emulators.Start("tables");
        Client = new(new Uri($"http://127.0.0.1:{emulator.Port}/{Account}"), new TableSharedKeyCredential(Account, Key));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => emulator?.Dispose();

    /// <summary>A table of a test's own.</summary>
    public async Task<TableHarness> Open()
    {
        var name = $"table{Interlocked.Increment(ref tables)}";
        await Client.CreateTableAsync(name);
        return new TableHarness(Client, name);
    }
}

public sealed class TableHarness(TableServiceClient client, string name) : IDocumentsHarness
{
    public IDocuments Documents { get; } = new TableDocuments(client, [name]);

    public string Collection => name;

    public TableClient Table => client.GetTableClient(name);

    public async ValueTask DisposeAsync() => await client.DeleteTableAsync(name);
}

[CollectionDefinition(Name)]
public sealed class TableTests : ICollectionFixture<TableAccount>
{
    public const string Name = "tables";
}
