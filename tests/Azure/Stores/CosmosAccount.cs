using Azure.Identity;
using CrmServerless.Azure.Cosmos;
using CrmServerless.Crm.Storage;
using CrmServerless.Tests.Contracts;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;

namespace CrmServerless.Tests.Azure.Stores;

/// <summary>
/// The account that all Cosmos DB tests share: the emulator; or, where <c>COSMOS_ENDPOINT</c> is set, that account, as
/// whoever is logged in, in a database <c>crm-tests</c> with a container <c>customers</c> made as <c>infra/</c> makes it.
/// The tests empty that container.
/// </summary>
public sealed class CosmosAccount : IAsyncLifetime, IDisposable
{
    // The emulator's own key, the same for everybody: https://learn.microsoft.com/azure/cosmos-db/emulator
    private const string Key = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";
    private const string DatabaseName = "crm-tests";

    private Emulators.Running? emulator;
    private CosmosClient? client;
    private int containers;

    /// <summary>The real account to test against, or null.</summary>
    public static string? RealEndpoint { get; } = new ConfigurationBuilder().AddEnvironmentVariables().Build()["COSMOS_ENDPOINT"];

    public Database Database { get; private set; } = null!;

    /// <summary>What stands between the SDK and the emulator.</summary>
    public EmulatorNetwork Network { get; } = new();

    public async Task InitializeAsync()
    {
        if (RealEndpoint is { } endpoint)
        {
            client = new CosmosClient(endpoint, new DefaultAzureCredential());
            Database = client.GetDatabase(DatabaseName);
            return;
        }

        if (Emulators.WhyNot is not null) return;
        emulator = await Emulators.Start("cosmos");
        client = new CosmosClient($"https://127.0.0.1:{emulator.Port}/", Key, new CosmosClientOptions
        {
            ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true, MaxRetryAttemptsOnRateLimitedRequests = 0,
            HttpClientFactory = () => new HttpClient(Network, disposeHandler: false),
        });
        Database = await client.CreateDatabaseAsync(DatabaseName);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        client?.Dispose();
        emulator?.Dispose();
        Network.Dispose();
    }

    /// <summary>A container of a test's own; of a real account the one there is, emptied.</summary>
    public async Task<CosmosHarness> Open()
    {
        if (RealEndpoint is null)
            return new CosmosHarness(await Database.CreateContainerAsync(CosmosContainers.Properties($"c{Interlocked.Increment(ref containers)}")), Database, true);
        var harness = new CosmosHarness(Database.GetContainer("customers"), Database, false);
        await harness.Empty();
        return harness;
    }
}

public sealed class CosmosHarness(Container container, Database database, bool own) : IDocumentsHarness
{
    public IDocuments Documents { get; } =
        new CosmosDocuments(database, new Dictionary<string, string> { [Collections.Customers] = container.Id, [Collections.Work] = container.Id });

    public string Collection => Collections.Customers;

    public Container Container => container;

    public async Task Empty()
    {
        using var items = container.GetItemQueryIterator<Dictionary<string, string>>("SELECT DISTINCT c.pk FROM c");
        while (items.HasMoreResults)
        {
            foreach (var item in await items.ReadNextAsync()) await Documents.DeletePartition(Collection, item["pk"], default);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (own) await container.DeleteContainerAsync();
        else await Empty();
    }
}

[CollectionDefinition(Name)]
public sealed class CosmosTests : ICollectionFixture<CosmosAccount>
{
    public const string Name = "cosmos";
}
